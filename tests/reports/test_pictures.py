from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from synth.reports import pictures, svg
from synth.reports.facts import Facts

NS = {"s": "http://www.w3.org/2000/svg"}


def parsed(picture: str) -> etree._Element:
    return etree.fromstring(picture.encode())


def test_pictures_are_written_where_the_report_points(full: Facts, tmp_path: Path) -> None:
    files = pictures.write(full, tmp_path)
    assert [f.relative_to(tmp_path).as_posix() for f in files] == [
        "pictures/flow.svg",
        "pictures/run-1-languages.svg",
        "pictures/run-1-estimate.svg",
    ]


def test_every_picture_has_a_title_and_a_description(full: Facts) -> None:
    for picture in pictures.draw(full).values():
        root = parsed(picture)
        assert root.get("role") == "img"
        assert root.findtext("s:title", namespaces=NS)
        assert root.findtext("s:desc", namespaces=NS)


def test_all_arms_languages_and_metrics_are_in_the_picture(full: Facts) -> None:
    texts = [t.text for t in parsed(pictures.by_language(full.tests[0])).iterfind(".//s:text", NS)]
    for words in ("untuned", "fed", "near (0.00)", "far (0.75)", "accuracy (CSLS)", "accuracy (cosine)"):
        assert words in texts


def test_marks_stand_where_the_numbers_are(full: Facts) -> None:
    """Higher accuracy is drawn higher: the untuned arm's discs fall with distance."""
    discs = parsed(pictures.by_language(full.tests[0])).findall("s:circle", NS)
    heights = [float(disc.get("cy")) for disc in discs[1:4]]  # the first is the legend's
    assert heights == sorted(heights)


def test_without_measurements_nothing_is_drawn(full: Facts) -> None:
    tests = deepcopy(full.tests)
    tests[0]["measurements"] = []
    assert list(pictures.draw(replace(full, tests=tests))) == ["pictures/flow.svg"]


@pytest.mark.parametrize("direction", ["increase", "decrease", "no effect"])
def test_every_direction_can_be_drawn(full: Facts, direction: str) -> None:
    test = deepcopy(full.tests[0])
    test["spec"]["rule"]["direction"] = direction
    assert f"claimed: {direction}" in pictures.estimate(test)


def test_one_seed_without_an_interval_can_be_drawn(full: Facts) -> None:
    test = deepcopy(full.tests[0])
    test["measurements"] = [m for m in test["measurements"] if m["seed"] == 0]
    test["ci"], test["estimate"] = [None, None], None
    assert "range of the seeds" in pictures.estimate(test)


def test_many_languages_stay_apart(full: Facts) -> None:
    test = deepcopy(full.tests[0])
    test["measurements"] = [
        {"arm": arm, "seed": 0, "language": f"<{i}>", "metric": "accuracy (CSLS)", "value": float(i), "n": 1}
        for arm in ("untuned", "fed")
        for i in range(41)
    ]
    root = parsed(pictures.by_language(test))
    xs = [float(disc.get("cx")) for disc in root.findall("s:circle", NS)[1:]]
    assert all(b - a >= pictures.SLOT for a, b in pairwise(xs))
    assert xs[-1] < float(root.get("width"))


@given(st.text())
def test_any_words_make_a_well_formed_picture(words: str) -> None:
    parsed(svg.drawing(10, 10, words, words, [svg.text(0, 0, words), svg.slanted(0, 0, words)]))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_ticks_cover_the_numbers(a: float, b: float) -> None:
    low, high = sorted((a, b))
    found = svg.ticks(low, high)
    slack = 1e-6 * max(1, abs(low), abs(high))
    assert found[0] <= low + slack
    assert found[-1] >= high - slack
    assert 2 <= len(found) <= 12
