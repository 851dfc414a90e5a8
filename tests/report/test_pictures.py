from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from synth.report import measured, render
from synth.report.facts import Facts
from synth.report.plots import curves, distance, forest, pictures, scales, svg
from synth.report.review import ReviewCase
from synth.report.review.rubrics import reporting
from synth.store.rows.runs import MeasurementView, VerdictView
from tests.report.made_up import changed, with_rule

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
    for words in ("untuned", "fed", "near (0.00)", "far (0.75)", "accuracy (CSLS), %", "accuracy (cosine), %"):
        assert words in texts


def test_marks_stand_where_the_numbers_are(full: Facts) -> None:
    """Higher accuracy is drawn higher: the untuned arm's discs fall with distance."""
    discs = parsed(pictures.by_language(full.tests[0])).findall("s:circle", NS)
    heights = [float(disc.get("cy")) for disc in discs[1:4]]  # the first is the legend's
    assert heights == sorted(heights)


def test_without_measurements_and_estimate_nothing_is_drawn(full: Facts) -> None:
    test = replace(full.tests[0], measurements=())
    flow = "pictures/flow.svg"
    assert list(pictures.draw(replace(full, tests=[test]))) == [flow, pictures.FOREST]
    assert list(pictures.draw(replace(full, tests=[replace(test, estimate=None)]))) == [flow]


@pytest.mark.parametrize("direction", ["increase", "decrease", "no effect"])
def test_every_direction_can_be_drawn(full: Facts, direction: str) -> None:
    test = with_rule(full.tests[0], direction=direction)
    assert f"claimed: {direction}" in pictures.estimate(test)


def test_one_seed_without_an_interval_can_be_drawn(full: Facts) -> None:
    first = tuple(m for m in full.tests[0].measurements if m.seed == 0)
    test = replace(full.tests[0], measurements=first, ci=(None, None), estimate=None)
    assert "no interval over the seeds" in pictures.estimate(test)
    assert "one seed, no interval" in distance.picture(test)
    assert "one seed" in pictures.about(test, "languages")
    assert "bars:" not in pictures.estimate(test) + distance.picture(test) + pictures.by_language(test)


def test_decision_and_control_are_drawn_by_the_same_rule(full: Facts) -> None:
    """CSLS: −6 ± 0.5, cosine: +1 ± 0.5 over three seeds; t(0.975, 2) = 4.3027, so ± 4.3027 · 0.5/√3 = ± 1.2421."""
    test = full.tests[0]
    control = measured.over_seeds(test, "accuracy (cosine)")
    assert (control.value, control.low, control.high) == pytest.approx((1, 1 - 1.2421, 1 + 1.2421), abs=1e-4)
    decides = measured.over_seeds(test, "accuracy (CSLS)")
    assert decides.high - decides.low == pytest.approx(control.high - control.low, abs=0.01)
    thick = {float(w): [] for w in ("3", "1.5")}
    for line in parsed(pictures.estimate(test)).findall("s:line", NS):
        if line.get("stroke") == "#000000" and line.get("y1") == line.get("y2"):
            thick[float(line.get("stroke-width"))].append(float(line.get("x2")) - float(line.get("x1")))
    assert thick[3] == pytest.approx(thick[1.5], abs=0.5)  # one bar each, of the same length
    assert "control, accuracy (cosine): +1.00 points [−0.24, +2.24] over 3 seeds" in pictures.about(test, "estimate")


def test_a_control_of_a_correlation_has_the_interval_of_a_correlation(full: Facts) -> None:
    test = with_text(full)
    found = measured.over_seeds(test, "accuracy (cosine)")
    assert -1 <= found.low <= found.value <= found.high <= 1


def test_descriptions_begin_with_a_capital(full: Facts) -> None:
    for test in (with_curves(full).tests[0], with_text(full)):
        told = [pictures.about(test, kind) for kind in pictures.KINDS]
        assert all(one[0].isupper() for one in told)
        assert forest.about(full)[0].isupper()


def test_many_languages_stand_in_rows(full: Facts) -> None:
    measurements = tuple(
        MeasurementView(arm, 0, f"<{i}>", "accuracy (CSLS)", float(i), 1)
        for arm in ("untuned", "fed")
        for i in range(41)
    )
    test = replace(full.tests[0], measurements=measurements)
    root = parsed(pictures.by_language(test))
    places = [(float(disc.get("cx")), float(disc.get("cy"))) for disc in root.findall("s:circle", NS)[1:]]
    assert len(places) == 41
    rows = [[places[0][0]]]
    for (before, _), (x, _) in pairwise(places):
        rows += [[x]] if x < before else []
        rows[-1] += [x] if x > before else []
    assert [len(row) for row in rows] == [14, 14, 13]
    assert all(b - a >= 2 * pictures.TIGHT for row in rows for a, b in pairwise(row))
    assert max(x for x, _ in places) < float(root.get("width")) <= pictures.WIDEST


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
    assert forest.numbers(full)[1] == [
        "Claim 1, run 1", "fed − untuned", "increase", "−6.00 points", "[−7.24, −4.76]", "3", "synthetic",
        "direction contradicted",
    ]  # fmt: skip
    other = replace(full.tests[0], fidelity="paper", run_id=2, unit="ρ", ci=(None, None))
    both = replace(full, tests=[full.tests[0], other])
    assert forest.numbers(both)[2][2:5] == ["increase 8.2", "ρ = −6.00", "–"]
    texts = [t.text for t in parsed(forest.picture(both)).iterfind(".//s:text", NS)]
    assert {"Claim 1, run 1 (synthetic)", "Claim 1, run 2 (paper)", "Measured, ρ", "no interval"} <= set(texts)
    assert len(parsed(forest.picture(both)).findall("s:polygon", NS)) == 1  # the diamond, at paper alone


def test_the_forest_s_legend_tells_of_what_is_drawn(full: Facts) -> None:
    assert "diamond" not in forest.picture(full)
    assert "dashed: the smallest effect of interest" in forest.picture(full)
    test = replace(full.tests[0], fidelity="paper")
    assert "Diamond: the claimed value" in forest.picture(replace(full, tests=[test]))
    bare = forest.picture(replace(full, tests=[with_rule(test, sesoi=0, direction="no effect", value=None)]))
    assert not any(word in bare.lower() for word in ("diamond", "dashed", "arrow"))


def test_the_smallest_effect_of_interest_is_longer_than_bar_and_ends(full: Facts) -> None:
    strokes = [path for path in parsed(forest.picture(full)).findall("s:path", NS) if path.get("stroke") == "#555555"]
    assert len(strokes) == 2
    for stroke in strokes:
        heights = [float(y) for y in re.findall(r",([\d.]+)", stroke.get("d"))]
        assert max(heights) - min(heights) > 2 * 12


def test_the_distance_picture_has_student_s_interval(full: Facts) -> None:
    """untuned in "near": 35, 36, 37; t(0.975, 2) = 4.3027, so 36 ± 4.3027 · 1/√3 = 36 ± 2.4841."""
    rows = distance.numbers(full.tests[0])
    assert rows[0] == ["Language", "Distance", "untuned, mean [95% t-interval]", "fed, mean [95% t-interval]"]
    assert rows[1][:3] == ["near", "0.00", "36.0 [33.52, 38.48]"]
    assert "against typological distance" in distance.about(full.tests[0])
    parsed(distance.picture(full.tests[0]))


def test_languages_at_one_distance_stand_side_by_side(full: Facts) -> None:
    test = at_distances(full.tests[0], {"near": 0.25, "middle": 0.25, "far": 0.75})
    root = parsed(distance.picture(test))
    discs = [float(disc.get("cx")) for disc in root.findall("s:circle", NS)[1:]]
    squares = [float(box.get("x")) + 4.5 for box in root.findall("s:rect", NS)[2:]]
    every = sorted(discs + squares)
    assert len(every) == 6
    assert all(b - a >= 9 for a, b in pairwise(every))  # no sign hides another
    texts = {t.text: float(t.get("x")) for t in root.iterfind(".//s:text", NS) if t.get("x")}
    assert {"0.25", "0.75", "near", "middle", "far", "accuracy (CSLS), %"} <= texts.keys()
    assert "0.5" not in texts  # a tick for each distance that occurs, and for no other
    assert texts["0.25"] == pytest.approx((texts["near"] + texts["middle"]) / 2, abs=0.2)
    assert texts["near"] == pytest.approx((discs[0] + squares[0]) / 2, abs=0.2)


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
    root = parsed(distance.picture(test))
    discs = [float(disc.get("cx")) for disc in root.findall("s:circle", NS)[1:]]
    assert len({round(x) for x in discs}) == 37
    assert distance.LEFT <= min(discs) < max(discs) <= distance.WIDTH - distance.RIGHT


def test_percentages_begin_at_zero_and_bars_are_cut_there(full: Facts) -> None:
    """5, 0 and 1: mean 2 ± 6.57, which is below 0; line and bars end at the axis."""
    measurements = tuple(
        replace(m, value=(5.0, 0.0, 1.0)[m.seed] + (20 if m.language == "near" else 0))
        for m in full.tests[0].measurements
    )
    test = replace(full.tests[0], measurements=measurements)
    picture = distance.picture(test)
    assert "cut at 0" in picture
    root = parsed(picture)
    texts = [t.text for t in root.iterfind(".//s:text", NS)]
    assert not any(text.startswith("−") for text in texts)
    ground = next(
        float(t.get("y")) - 4 for t in root.iterfind(".//s:text", NS) if t.text == "0" and t.get("x") == "56.0"
    )
    lines = [float(line.get(end)) for line in root.findall("s:line", NS) for end in ("y1", "y2")]
    assert max(lines) <= ground + 0.1
    assert distance.numbers(test)[3][2] == "2.0 [−4.57, 8.57]"  # the table has the whole interval


def test_what_falls_below_zero_has_an_axis_below_zero(full: Facts) -> None:
    measurements = tuple(replace(m, value=m.value - 50) for m in full.tests[0].measurements)
    test = replace(full.tests[0], measurements=measurements)
    assert "−20" in [t.text for t in parsed(distance.picture(test)).iterfind(".//s:text", NS)]


def test_a_test_against_text_is_drawn_and_told_against_text(full: Facts) -> None:
    test = with_text(full)
    assert distance.numbers(test)[0][:2] == ["Language", "Amount of text"]
    assert [row[:2] for row in distance.numbers(test)[1:]] == [
        ["middle", "1,000"],
        ["far", "5,100"],
        ["near", "30,000"],
    ]
    root = parsed(distance.picture(test))
    texts = {t.text: float(t.get("x")) for t in root.iterfind(".//s:text", NS) if t.get("x")}
    assert "Amount of text (logarithmic scale)" in texts
    steps = (texts["5,100"] - texts["1,000"]) / (texts["30,000"] - texts["1,000"])
    assert steps == pytest.approx(0.479, abs=0.001)  # log(5.1) / log(30)
    assert "against amount of text. Change for ten times the amount of text" in distance.about(test)
    assert "distance" not in distance.about(test)
    # x = log10 of 1,000, 5,100 and 30,000; y = 18.5, 12.67 and 36; Σ(x − x̄)y = 13.23, Σ(x − x̄)² = 1.092
    assert "untuned +12.1" in distance.about(test)


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
    assert "logarithmic" not in distance.picture(test)
    assert "Change per unit of amount of text" in distance.about(test)


def test_the_measured_table_has_the_covariate(full: Facts) -> None:
    table = measured.table(with_text(full), "accuracy (CSLS)")
    assert table[0][:3] == ["Language", "Distance", "Amount of text"]
    assert [row[2] for row in table[1:]] == ["30,000", "1,000", "5,100"]
    assert measured.table(full.tests[0], "accuracy (CSLS)")[0][:3] == ["Language", "Distance", "untuned"]


@given(st.lists(st.floats(0, 500), min_size=1, max_size=30), st.floats(0.1, 15))
def test_places_are_apart_and_within(wanted: list[float], width: float) -> None:
    found = scales.apart(sorted(wanted), width, 0, 500)
    assert all(b - a >= width - 1e-6 for a, b in pairwise(found))
    assert found[0] >= -1e-6
    assert found[-1] <= 500 + 1e-6


def test_places_that_are_apart_stay_and_others_part_evenly() -> None:
    assert scales.apart([10, 50, 90], 20, 0, 100) == pytest.approx([10, 50, 90])
    assert scales.apart([50, 50, 50], 10, 0, 100) == pytest.approx([40, 50, 60])
    assert scales.apart([0, 0], 10, 0, 100) == pytest.approx([0, 10])


def test_without_two_distances_there_is_no_distance_picture(full: Facts) -> None:
    assert not distance.shown(at_distances(full.tests[0], {"near": 0.5}))


def test_a_training_curve_is_told_by_stage_and_arm(full: Facts) -> None:
    test = with_curves(full).tests[0]
    assert curves.numbers(test) == [
        curves.HEAD,
        ["Pre-training", "the model", "0 and 1", "30", "4.500", "2.000"],
        ["Training on the arm's tasks", "fed", "0 and 1", "30", "4.500", "2.000"],
    ]
    root = parsed(curves.picture(test))
    assert len(root.findall("s:path", NS)) >= 4
    assert not curves.shown(full.tests[0])
    assert "run-1-training.svg" in " ".join(pictures.draw(with_curves(full)))
    assert curves.about(test).startswith(
        "Loss over training steps, a line a seed; the numbers are means over the seeds. Pre-training: from 4.500 to "
    )


def test_stages_are_named_in_words(full: Facts) -> None:
    test = deepcopy(with_curves(full).tests[0])
    for curve in test.provenance["curves"]:
        curve["name"] = "pretrain small" if curve["stage"] == "pretrain" else "tune fed"
    assert [row[:2] for row in curves.numbers(test)[1:]] == [
        ["Pre-training", "small"],
        ["Training on the arm's tasks", "fed"],
    ]
    texts = [t.text for t in parsed(curves.picture(test)).iterfind(".//s:text", NS)]
    assert {"pre-training, small", "fed", "A line a seed."} <= set(texts)
    assert "Pre-training, small: from" in curves.about(test)


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
