from __future__ import annotations

import os
import re
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from synth.report import measured, render
from synth.report.facts import Facts
from synth.report.plots import canvas, curves, forest, inputs, pictures, svg
from synth.report.review import ReviewCase
from synth.report.review.rubrics import reporting
from synth.store.rows.runs import MeasurementView, VerdictView
from tests.report.made_up import changed, with_rule

NS = {"s": "http://www.w3.org/2000/svg"}
HREF = "{http://www.w3.org/1999/xlink}href"


def parsed(picture: str) -> etree._Element:
    return etree.fromstring(picture.encode())


def texts(picture: str) -> list[str]:
    return [t.text for t in parsed(picture).iterfind(".//s:text", NS)]


def signs(picture: str, series: int) -> list[tuple[float, float]]:
    """The places of a series' signs, the legend's left out where there is one."""
    root = parsed(picture)
    closed = {path.get("id") for path in root.iterfind(".//s:defs/s:path", NS) if path.get("d").endswith("z")}
    uses = [use for use in root.iterfind(".//s:use", NS) if use.get(HREF)[1:] in closed]
    return [(float(u.get("x")), float(u.get("y"))) for u in uses if u.get("fill", "#000000") == canvas.colour(series)]


def test_pictures_are_written_where_the_report_points(full: Facts, tmp_path: Path) -> None:
    files = pictures.write(full, tmp_path)
    assert [f.relative_to(tmp_path).as_posix() for f in files] == [
        "pictures/flow.svg",
        "pictures/run-1-estimate.svg",
        "pictures/run-1-distance.svg",
        "pictures/run-1-languages.svg",
        "pictures/forest.svg",
    ]


def test_every_picture_has_a_title_and_a_description(full: Facts) -> None:
    for picture in pictures.draw(full).values():
        root = parsed(picture)
        assert root.get("role") == "img"
        assert root.findtext("s:title", namespaces=NS)
        assert root.findtext("s:desc", namespaces=NS)


def drawn(test: dict, kind: str) -> str:
    data_of, plot = pictures.OF_A_TEST[kind]
    return plot.draw(data_of(test))


def test_all_arms_languages_and_metrics_are_in_the_picture(full: Facts) -> None:
    shown = texts(drawn(full.tests[0], "languages"))
    for words in ("untuned", "fed", "near (0.00)", "far (0.75)", "accuracy (CSLS), %", "accuracy (cosine), %"):
        assert words in shown


def test_marks_stand_where_the_numbers_are(full: Facts) -> None:
    """A language below the other is farther, and higher accuracy is further right: the untuned arm's discs fall."""
    discs = signs(drawn(full.tests[0], "languages"), 0)[:3]
    assert [y for _, y in discs] == sorted(y for _, y in discs)
    assert [x for x, _ in discs] == sorted((x for x, _ in discs), reverse=True)


def test_without_measurements_and_estimate_nothing_is_drawn(full: Facts) -> None:
    test = replace(full.tests[0], measurements=())
    flow = "pictures/flow.svg"
    assert list(pictures.draw(replace(full, tests=[test]))) == [flow, pictures.FOREST]
    assert list(pictures.draw(replace(full, tests=[replace(test, estimate=None)]))) == [flow]


@pytest.mark.parametrize("direction", ["increase", "decrease", "no effect"])
def test_every_direction_can_be_drawn(full: Facts, direction: str) -> None:
    test = with_rule(full.tests[0], direction=direction)
    assert f"claimed: {direction}" in drawn(test, "estimate")


def test_one_seed_without_an_interval_can_be_drawn(full: Facts) -> None:
    first = tuple(m for m in full.tests[0].measurements if m.seed == 0)
    test = replace(full.tests[0], measurements=first, ci=(None, None), estimate=None)
    assert "no interval over the seeds" in drawn(test, "estimate")
    assert "one seed, no interval" in drawn(test, "distance")
    assert "one seed" in pictures.about(test, "languages")
    assert "bars:" not in drawn(test, "estimate") + drawn(test, "distance") + drawn(test, "languages")


def bar_lengths(picture: str, width: str) -> list[float]:
    """The lengths of the black level lines of a width."""
    paths = [path for path in parsed(picture).iterfind(".//s:path", NS) if path.get("stroke") == "#000000"]
    ends = [path.get("d").split() for path in paths if path.get("stroke-width") == width]
    return [float(d[4]) - float(d[1]) for d in ends if len(d) == 6 and d[2] == d[5]]


def test_decision_and_control_are_drawn_by_the_same_rule(full: Facts) -> None:
    """CSLS: −6 ± 0.5, cosine: +1 ± 0.5 over three seeds; t(0.975, 2) = 4.3027, so ± 4.3027 · 0.5/√3 = ± 1.2421."""
    test = full.tests[0]
    control = measured.over_seeds(test, "accuracy (cosine)")
    assert (control.value, control.low, control.high) == pytest.approx((1, 1 - 1.2421, 1 + 1.2421), abs=1e-4)
    decides = measured.over_seeds(test, "accuracy (CSLS)")
    assert decides.high - decides.low == pytest.approx(control.high - control.low, abs=0.01)
    thick = {width: bar_lengths(drawn(test, "estimate"), width) for width in ("3", "1.5")}
    assert thick["3"] == pytest.approx(thick["1.5"], abs=0.5)  # one bar each, of the same length
    assert len(thick["3"]) == 1
    assert "control, accuracy (cosine): +1.00 points [−0.24, +2.24] over 3 seeds" in pictures.about(test, "estimate")


def test_a_control_of_a_correlation_has_the_interval_of_a_correlation(full: Facts) -> None:
    test = with_text(full)
    found = measured.over_seeds(test, "accuracy (cosine)")
    assert -1 <= found.low <= found.value <= found.high <= 1


def test_descriptions_begin_with_a_capital(full: Facts) -> None:
    for test in (with_curves(full).tests[0], with_text(full)):
        told = [pictures.about(test, kind) for kind in pictures.KINDS if pictures.OF_A_TEST[kind][0](test)]
        assert all(one[0].isupper() for one in told)
        assert pictures.forest_about(full)[0].isupper()


def test_many_languages_have_a_row_each(full: Facts) -> None:
    measurements = tuple(
        MeasurementView(arm, 0, f"<{i}>", "accuracy (CSLS)", float(i), 1)
        for arm in ("untuned", "fed")
        for i in range(41)
    )
    test = replace(full.tests[0], measurements=measurements)
    picture = drawn(test, "languages")
    assert {f"<{i}>" for i in range(41)} <= set(texts(picture))
    heights = sorted(y for _, y in signs(picture, 0)[:-1])
    assert len(heights) == 41
    assert all(b - a >= 2 * canvas.marker(0, 6)["markersize"] for a, b in pairwise(heights))
    many = tuple(replace(m, language=f"{m.language}{i}") for m in measurements for i in range(5))
    panels = {x for x, _ in signs(drawn(replace(test, measurements=many), "languages"), 0)[:-1]}
    assert max(panels) < canvas.WIDTH


@given(st.text())
def test_any_words_make_a_well_formed_picture(words: str) -> None:
    parsed(svg.drawing(10, 10, words, words, [svg.text(0, 0, words)]))


@settings(max_examples=15, deadline=None)
@given(st.text(), st.text(min_size=30))
def test_any_words_make_a_well_formed_plot(words: str, unit: str) -> None:
    row = forest.ForestRow(1, 2, words, words, 8.0, 1.0, None, None, unit, 1, 0.5, words, words)
    assert parsed(forest.draw([row])).findtext("s:title", namespaces=NS)


def at_distances(test: VerdictView, distances: dict[str, float]) -> VerdictView:
    return replace(test, spec={**test.spec, "laboratory": {**test.spec["laboratory"], "distances": distances}})


# ------------------------------------------------------------------------- forest, distance, training curves


def with_curves(full: Facts) -> Facts:
    losses = [
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
    tests = changed(full.tests, provenance={**full.tests[0].provenance, "curves": losses})
    return replace(full, tests=tests)


def with_text(full: Facts) -> VerdictView:
    """The test as a rank correlation with the amount of text, which differs from seed to seed in the last language."""
    rule = {"statistic": "correlation", "covariate": "text", "baseline": "", "direction": "positive"}
    amounts = {"near": 30000.0, "middle": 1000.0, "far": 5000.0}
    covariates = [
        {"seed": seed, "language": language, "text": amount + (100 * seed if language == "far" else 0)}
        for seed in range(3)
        for language, amount in amounts.items()
    ]
    test = replace(full.tests[0], estimate=0.5, ci=(-1.0, 1.0), unit="Spearman's ρ")
    return with_rule(replace(test, provenance={**test.provenance, "covariates": covariates}), **rule)


def test_the_forest_has_a_row_a_test_and_claims_a_size_only_at_paper(full: Facts) -> None:
    assert pictures.forest_numbers(full)[1] == [
        "Claim 1, run 1", "fed − untuned", "increase", "−6.00 points", "[−7.24, −4.76]", "3", "synthetic",
        "direction contradicted",
    ]  # fmt: skip
    other = replace(full.tests[0], fidelity="paper", run_id=2, unit="ρ", ci=(None, None))
    both = replace(full, tests=[full.tests[0], other])
    assert pictures.forest_numbers(both)[2][2:5] == ["increase 8.2", "ρ = −6.00", "–"]
    shown = texts(forest.draw(inputs.forest(both)))
    assert {"Claim 1, run 1 (synthetic)", "Claim 1, run 2 (paper)", "Measured, ρ", "no interval"} <= set(shown)
    assert len(signs(forest.draw(inputs.forest(both)), 2)) == 1  # the diamond, at paper alone


def test_the_forest_s_legend_tells_of_what_is_drawn(full: Facts) -> None:
    assert "diamond" not in forest.draw(inputs.forest(full))
    assert "dashed: the smallest effect of interest" in forest.draw(inputs.forest(full))
    test = replace(full.tests[0], fidelity="paper")
    assert "Diamond: the claimed value" in forest.draw(inputs.forest(replace(full, tests=[test])))
    bare = forest.draw(
        inputs.forest(replace(full, tests=[with_rule(test, sesoi=0, direction="no effect", value=None)]))
    )
    assert not any(word in bare.lower() for word in ("diamond", "dashed", "arrow"))


def test_the_smallest_effect_of_interest_is_longer_than_bar_and_ends(full: Facts) -> None:
    root = parsed(forest.draw(inputs.forest(full)))
    strokes = [path.get("d") for path in root.iterfind(".//s:path", NS) if path.get("stroke") == "#555555"]
    assert len(strokes) == 2
    for stroke in strokes:
        heights = [float(y) for y in re.findall(r",([\d.]+)", stroke)]
        assert max(heights) - min(heights) > 2 * 12


def test_the_distance_picture_has_student_s_interval(full: Facts) -> None:
    """untuned in "near": 35, 36, 37; t(0.975, 2) = 4.3027, so 36 ± 4.3027 · 1/√3 = 36 ± 2.4841."""
    rows = pictures.numbers(full.tests[0], "distance")
    assert rows[0] == ["Language", "Distance", "untuned, mean [95% t-interval]", "fed, mean [95% t-interval]"]
    assert rows[1][:3] == ["near", "0.00", "36.0 [33.52, 38.48]"]
    assert "against typological distance" in pictures.about(full.tests[0], "distance")
    parsed(drawn(full.tests[0], "distance"))


def test_languages_at_one_distance_stand_side_by_side(full: Facts) -> None:
    test = at_distances(full.tests[0], {"near": 0.25, "middle": 0.25, "far": 0.75})
    picture = drawn(test, "distance")
    discs, squares = ([x for x, _ in signs(picture, series)[:-1]] for series in (0, 1))
    every = sorted(discs + squares)
    assert len(every) == 6
    assert all(b - a >= 9 for a, b in pairwise(every))  # no sign hides another
    assert {"near", "middle", "far", "accuracy (CSLS), %"} <= set(texts(picture))
    assert "Languages at the same distance stand side by side." in texts(picture)


@pytest.mark.parametrize("seeds", [1, 3])
@pytest.mark.parametrize("places", [1, 4, 36])
def test_thirty_six_languages_have_a_place_each(full: Facts, seeds: int, places: int) -> None:
    far = {f"l{i:02}": round(0.3 + (i % places) / 60, 4) for i in range(36)} | {"english": 0.1}
    measurements = tuple(
        MeasurementView(arm, seed, one, "accuracy (CSLS)", 9.0 + seed, 1)
        for arm in ("untuned", "fed")
        for one in far
        for seed in range(seeds)
    )
    test = at_distances(replace(full.tests[0], measurements=measurements), far)
    picture = drawn(test, "distance")
    for series in (0, 1):
        places_drawn = [x for x, _ in signs(picture, series)[:-1]]
        assert len({round(x, 1) for x in places_drawn}) == 37
        assert 0 < min(places_drawn) < max(places_drawn) < canvas.WIDTH


def test_percentages_begin_at_zero_and_bars_are_cut_there(full: Facts) -> None:
    """5, 0 and 1: mean 2 ± 6.57, which is below 0; line and bars end at the axis."""
    measurements = tuple(
        replace(m, value=(5.0, 0.0, 1.0)[m.seed] + (20 if m.language == "near" else 0))
        for m in full.tests[0].measurements
    )
    test = replace(full.tests[0], measurements=measurements)
    picture = drawn(test, "distance")
    assert "cut at 0" in picture
    assert not any(text.startswith("−") for text in texts(picture))
    zero = next(float(t.get("y")) for t in parsed(picture).iterfind(".//s:text", NS) if t.text == "0")
    bars = [p.get("d") for p in parsed(picture).iterfind(".//s:path", NS) if p.get("stroke") in canvas.COLOURS[:2]]
    assert max(float(y) for d in bars for y in re.findall(r"[\d.]+[ ,]([\d.]+)", d)) < zero
    assert pictures.numbers(test, "distance")[3][2] == "2.0 [−4.57, 8.57]"  # the table has the whole interval


def test_what_falls_below_zero_has_an_axis_below_zero(full: Facts) -> None:
    measurements = tuple(replace(m, value=m.value - 50) for m in full.tests[0].measurements)
    test = replace(full.tests[0], measurements=measurements)
    assert "−20" in texts(drawn(test, "distance"))


def test_a_test_against_text_is_drawn_and_told_against_text(full: Facts) -> None:
    test = with_text(full)
    assert pictures.numbers(test, "distance")[0][:2] == ["Language", "Amount of text"]
    assert [row[:2] for row in pictures.numbers(test, "distance")[1:]] == [
        ["middle", "1,000"],
        ["far", "5,100"],
        ["near", "30,000"],
    ]
    picture = drawn(test, "distance")
    assert "Amount of text (logarithmic scale)" in texts(picture)
    assert {"1,000", "10,000"} <= set(texts(picture))
    near, middle, far = (x for x, _ in signs(picture, 0)[:-1])
    assert (far - middle) / (near - middle) == pytest.approx(0.479, abs=0.01)  # log(5.1) / log(30)
    assert "against amount of text. Change for ten times the amount of text" in pictures.about(test, "distance")
    assert "distance" not in pictures.about(test, "distance")
    # x = log10 of 1,000, 5,100 and 30,000; y = 18.5, 12.67 and 36; Σ(x − x̄)y = 13.23, Σ(x − x̄)² = 1.092
    assert "untuned +12.1" in pictures.about(test, "distance")


@pytest.mark.parametrize("statistic", ["correlation", "slope"])
def test_the_reviewer_knows_every_number_over_text(full: Facts, statistic: str) -> None:
    test = with_rule(with_text(full), statistic=statistic)
    facts = replace(full, tests=[test])
    report = str(render(facts, []))
    assert "30,000" in report
    check = reporting.numbers(ReviewCase(facts, report=report))
    assert (check.points, check.breach) == (3, False), check.evidence
    wrong = report.replace("| 30,000 |", "| 30,917 |")
    assert reporting.numbers(ReviewCase(facts, report=wrong)).breach


def test_a_slope_over_text_keeps_the_plain_axis(full: Facts) -> None:
    test = with_rule(with_text(full), statistic="slope")
    assert "logarithmic" not in drawn(test, "distance")
    assert "Change per unit of amount of text" in pictures.about(test, "distance")


def test_the_measured_table_has_the_covariate(full: Facts) -> None:
    table = measured.table(with_text(full), "accuracy (CSLS)")
    assert table[0][:3] == ["Language", "Distance", "Amount of text"]
    assert [row[2] for row in table[1:]] == ["30,000", "1,000", "5,100"]
    assert measured.table(full.tests[0], "accuracy (CSLS)")[0][:3] == ["Language", "Distance", "untuned"]


def test_without_two_distances_there_is_no_distance_picture(full: Facts) -> None:
    assert inputs.gradient(at_distances(full.tests[0], {"near": 0.5})) is None


def test_a_training_curve_is_told_by_stage_and_arm(full: Facts) -> None:
    test = with_curves(full).tests[0]
    assert pictures.numbers(test, "training") == [
        curves.HEAD,
        ["Pre-training", "the model", "0 and 1", "30", "4.500", "2.000"],
        ["Training on the arm's tasks", "fed", "0 and 1", "30", "4.500", "2.000"],
    ]
    assert len(signs(drawn(test, "training"), 0)) == 3  # the legend's, and at the end of two lines
    assert len(signs(drawn(test, "training"), 1)) == 3
    assert inputs.trainings(full.tests[0]) is None
    assert "run-1-training.svg" in " ".join(pictures.draw(with_curves(full)))
    assert pictures.about(test, "training").startswith(
        "Loss over training steps, a line a seed; the numbers are means over the seeds. Pre-training: from 4.500 to "
    )


def test_stages_are_named_in_words(full: Facts) -> None:
    test = deepcopy(with_curves(full).tests[0])
    for curve in test.provenance["curves"]:
        curve["name"] = "pretrain small" if curve["stage"] == "pretrain" else "tune fed"
    assert [row[:2] for row in pictures.numbers(test, "training")[1:]] == [
        ["Pre-training", "small"],
        ["Training on the arm's tasks", "fed"],
    ]
    assert {"pre-training, small", "fed", "A line a seed."} <= set(texts(drawn(test, "training")))
    assert "Pre-training, small: from" in pictures.about(test, "training")


def test_series_differ_without_colour() -> None:
    assert len(set(canvas.MARKERS)) == len(set(canvas.DASHES)) == len(canvas.COLOURS)


def test_a_dashed_line_is_drawn_dash_by_dash() -> None:
    assert canvas.dashed([(0, 0), (10, 0)], 4, 2).count("M") == 2  # 0–4 and 6–10
    assert canvas.dashed([(0, 0), (3, 0), (3, 10)], 4, 2).count("M") == 4  # the pattern goes round corners


def test_the_same_facts_give_the_same_bytes_in_another_process_with_a_style_of_its_own(
    full: Facts, tmp_path: Path
) -> None:
    (tmp_path / "matplotlibrc").write_text("font.size: 20\naxes.facecolor: red\nsvg.fonttype: path\n")
    row = inputs.forest(full)[0]
    script = f"import sys; from synth.report.plots.forest import *; sys.stdout.buffer.write(draw([{row!r}]).encode())"
    script += "; assert 'matplotlib.pyplot' not in sys.modules"  # nothing global is left behind
    environment = os.environ | {"MATPLOTLIBRC": str(tmp_path / "matplotlibrc"), "PYTHONHASHSEED": "7"}
    once = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)
    assert once.stdout.decode() == forest.draw([row]) == forest.draw([row])


def test_pictures_have_no_styles_dates_or_dashes_that_are_not_shown_everywhere(full: Facts) -> None:
    for picture in pictures.draw(with_curves(full)).values():
        assert not re.search(r"style=|<style|<script|<metadata|<image|stroke-dasharray|url\(", picture)


def test_pictures_of_one_page_do_not_share_ids(full: Facts) -> None:
    ids = [
        part.get("id") for picture in pictures.draw(full).values() for part in parsed(picture).iter() if part.get("id")
    ]
    assert len(ids) == len(set(ids)) > 4
