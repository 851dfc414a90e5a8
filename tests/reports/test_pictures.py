from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from synth.reports import curves, distance, forest, pictures, svg
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
        "pictures/run-1-distance.svg",
        "pictures/forest.svg",
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


def test_without_measurements_and_estimate_nothing_is_drawn(full: Facts) -> None:
    tests = deepcopy(full.tests)
    tests[0]["measurements"] = []
    flow = "pictures/flow.svg"
    assert list(pictures.draw(replace(full, tests=tests))) == [flow, pictures.FOREST]
    tests[0]["estimate"] = None
    assert list(pictures.draw(replace(full, tests=tests))) == [flow]


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


# ------------------------------------------------------------------------- forest, distance, training curves


def with_curves(full: Facts) -> Facts:
    tests = deepcopy(full.tests)
    tests[0]["provenance"]["curves"] = [
        {
            "arm": arm,
            "seed": seed,
            "stage": stage,
            "name": stage,
            "losses": [[10, 4.0 + seed], [20, float("nan")], [30, 2.0]],
        }
        for arm, stage in (("", "pretrain"), ("fed", "tune"))
        for seed in (0, 1)
    ]
    return replace(full, tests=tests)


def test_the_forest_has_a_row_a_test_and_claims_a_size_only_at_paper(full: Facts) -> None:
    assert forest.numbers(full)[1] == [
        "Claim 1, run 1", "fed − untuned", "increase", "−6.00 points", "[−7.24, −4.76]", "3", "synthetic",
        "direction contradicted",
    ]  # fmt: skip
    tests = [deepcopy(full.tests[0]) for _ in range(2)]
    tests[1] |= {"fidelity": "paper", "run_id": 2, "unit": "ρ", "ci": [None, None]}
    both = replace(full, tests=tests)
    assert forest.numbers(both)[2][2:5] == ["increase 8.2", "ρ = −6.00", "–"]
    texts = [t.text for t in parsed(forest.picture(both)).iterfind(".//s:text", NS)]
    assert {"Claim 1, run 1 (synthetic)", "Claim 1, run 2 (paper)", "Measured, ρ", "no interval"} <= set(texts)
    assert len(parsed(forest.picture(both)).findall("s:polygon", NS)) == 1  # the diamond, at paper alone


def test_the_distance_picture_has_student_s_interval(full: Facts) -> None:
    """untuned in "near": 35, 36, 37; t(0.975, 2) = 4.3027, so 36 ± 4.3027 · 1/√3 = 36 ± 2.4841."""
    rows = distance.numbers(full.tests[0])
    assert rows[0] == ["Language", "Distance", "untuned, mean [95% t-interval]", "fed, mean [95% t-interval]"]
    assert rows[1][:3] == ["near", "0.00", "36.0 [33.52, 38.48]"]
    assert "against typological distance" in distance.about(full.tests[0])
    parsed(distance.picture(full.tests[0]))


def test_without_two_distances_there_is_no_distance_picture(full: Facts) -> None:
    test = deepcopy(full.tests[0])
    test["spec"]["laboratory"]["distances"] = {"near": 0.5}
    assert not distance.shown(test)


def test_a_training_curve_is_told_by_stage_and_arm(full: Facts) -> None:
    test = with_curves(full).tests[0]
    assert curves.numbers(test) == [
        curves.HEAD,
        ["Pre-training", "pretrain", "0 and 1", "30", "4.500", "2.000"],
        ["Training on the arm's tasks", "fed", "0 and 1", "30", "4.500", "2.000"],
    ]
    root = parsed(curves.picture(test))
    assert len(root.findall("s:path", NS)) >= 4
    assert not curves.shown(full.tests[0])
    assert "run-1-training.svg" in " ".join(pictures.draw(with_curves(full)))


def test_series_differ_without_colour() -> None:
    assert len(set(svg.SHAPES)) == len(set(svg.DASHES)) == len(svg.COLOURS)


def test_a_dashed_line_is_drawn_dash_by_dash() -> None:
    assert svg.line(0, 0, 10, 0, dash="4 2").count("M") == 2  # 0–4 and 6–10
    assert svg.curve([(0, 0), (3, 0), (3, 10)], "#000000", dash="4 2").count("M") == 4  # the pattern goes round corners


def test_pictures_of_one_page_do_not_share_ids(full: Facts) -> None:
    ids = [
        part.get("id") for picture in pictures.draw(full).values() for part in parsed(picture).iter() if part.get("id")
    ]
    assert len(ids) == len(set(ids)) > 4
