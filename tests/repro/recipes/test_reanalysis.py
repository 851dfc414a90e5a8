"""Published figures as a rung: what is analysed is said before, and hostile parameters are refused."""

import json
from math import isfinite

import pytest

from repro.artifacts import Store
from repro.data.library import Library
from repro.errors import LabError
from repro.experiments import experiment, experiments
from repro.plan.planner import make_plan
from repro.stages import Job
from repro.stages import reanalysis as stage
from tests.repro.published.test_results import entry, put

NOWHERE = Library(None, None)
OFFERED = [one for one in experiments().values() if "published" in one.fidelities]


def plan(tmp_path, name="typology-correlation", **options):
    return make_plan(experiment(name), "published", Store(tmp_path / "store"), library=NOWHERE, **options)


def test_the_questions_that_published_figures_answer():
    assert {one.id for one in OFFERED} == {
        "low-resource", "model-size", "retrieval-covariates", "typology-correlation",
    }  # fmt: skip


@pytest.mark.parametrize("one", OFFERED, ids=lambda one: one.id)
def test_a_plan_needs_no_data_has_one_seed_and_says_what_it_rests_on(one, tmp_path):
    found = make_plan(one, "published", Store(tmp_path), library=NOWHERE)
    assert found.seeds == (1,)
    assert {stage.node.kind for stage in found.stages} == {"reanalysis"}
    assert found.contrasts
    for contrast in found.contrasts:
        assert (contrast.statistic, contrast.unit_of_replication) == ("coefficient", "languages")
        assert (contrast.baseline, contrast.control, contrast.rivals) == ("", "", ())
        assert contrast.unit.startswith("logits ")
        assert contrast.id in {other.id for other in one.contrasts}
    said = " ".join(found.deviations)
    assert "measured by others and are re-analysed here" in said
    assert " languages of 15 families" in said or " languages of 79 families" in said
    assert "Languages left out" in said or "Models left out" in said
    assert not found.altered


def test_the_contrast_keeps_its_own_statistic_at_the_other_rungs():
    one = experiment("typology-correlation")
    found = {c.id: c for c in one.contrasts_at(one.fidelities["synthetic"])}
    assert found["distance"].statistic == "correlation"
    assert set(found) == {"distance", "distance-after-tuning", "distance-and-gain"}
    assert one.offers("published", "distance")
    assert not one.offers("published", "distance-and-gain")


def test_a_contrast_that_nobody_published_is_refused(tmp_path):
    with pytest.raises(LabError, match="no contrast 'distance-and-gain' at this fidelity"):
        plan(tmp_path, contrast="distance-and-gain")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"distance": "culinary"}, "no distance 'culinary'"),
        ({"selection": "mine"}, "no selection 'mine'"),
        ({"task": "glue"}, "no task 'glue'"),
        ({"metric": "bleu"}, "no metric 'bleu'"),
        ({"cluster": "continent"}, "no cluster"),
        ({"observed": 2.0}, "no share"),
        ({"draws": 10**9}, "cannot be made"),
        ({"draws": 1}, "cannot be made"),
        ({"figures": "nowhere"}, "is no folder"),
        ({"colour": 1}, "unknown key"),
    ],
)
def test_parameters_that_are_wrong_are_refused_before_anything_runs(tmp_path, changes, why):
    with pytest.raises(LabError, match=why):
        plan(tmp_path, overrides=changes)


def test_a_changed_folder_is_another_stage(tmp_path):
    folder = tmp_path / "results"
    known = ("deu", "fra", "jpn", "tur", "fin", "hun", "kor", "tam", "tel", "vie", "heb", "swh", "kat", "eus")
    rows = [entry(code, 0.3 + 0.04 * i) for i, code in enumerate(known)]
    put(folder, [*rows, entry("zho", 0.5)])
    first = plan(tmp_path, overrides={"figures": str(folder)})
    assert first.altered
    assert any("cmn" in text or "zho as cmn" in text for text in first.deviations)
    assert any("size is the same everywhere" in text for text in first.deviations)
    assert make_keys(first) == make_keys(plan(tmp_path, overrides={"figures": str(folder)}))
    put(folder, [*rows, entry("zho", 0.6)])
    assert make_keys(first) != make_keys(plan(tmp_path, overrides={"figures": str(folder)}))


def make_keys(found):
    return [stage.key for stage in found.stages]


def job(params, out):
    return Job(params, 1, {}, out, out, lambda share, what: None, NOWHERE)


def measured(found, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    stage.run(job({**found.stages[0].node.params, "draws": 100}, out))
    return json.loads((out / "measurements.json").read_text())


def test_the_stage_measures_its_terms_in_many_ways(tmp_path):
    rows = measured(plan(tmp_path), tmp_path)
    table = {row["metric"]: row["value"] for row in rows if row["language"] == "all"}
    assert table["distance | estimate"] < 0
    assert table["distance | least squares"] < 0
    assert table["distance | error over families"] > table["distance | error over series"] > 0
    assert table["distance | resampled error"] > 0
    ways = {name.split(", ", 1)[1] for name in table if name.startswith("distance | estimate, ")}
    assert {"genetic distance", "geographic distance", "XTREME's languages", "F1", "series alone"} <= ways
    assert not any(name.startswith("text") for name in table)
    languages = [row for row in rows if row["language"] != "all"]
    assert all(0 <= row["value"] <= 100 and row["n"] >= 100 and "distance" in row for row in languages)


def test_many_families_have_no_f1_and_equal_pools(tmp_path):
    found = plan(tmp_path, "retrieval-covariates", contrast="distance")
    assert any("Bible" in text for text in found.deviations)
    # The gate is of what is tested, so that nothing else has to be analysed for it.
    assert found.spec["gate"]["arm"] == "models-on-many-families"
    assert [stage.arm for stage in found.stages] == ["models-on-many-families"]
    assert any("pool is the same everywhere" in text for text in found.deviations)
    rows = measured(found, tmp_path)
    table = {row["metric"]: row for row in rows if row["language"] == "all"}
    assert table["distance | estimate"]["value"] < 0
    assert table["distance | estimate"]["n"] > 70
    assert "distance | estimate, the task tatoeba" in table
    assert "distance | estimate, F1" not in table


def test_one_strangers_model_is_analysed(tmp_path):
    folder = tmp_path / "results"
    from repro.published.tables import figures

    own = figures().scores["accuracy"]["intfloat/multilingual-e5-small"]
    put(folder, [entry(code, 100 * value) for code, value in own.items()], model="some/body")
    rows = measured(plan(tmp_path, overrides={"figures": str(folder)}), tmp_path)
    table = {row["metric"] for row in rows if row["language"] == "all"}
    assert "distance | estimate" in table
    assert "distance | error over series" not in table


@pytest.mark.parametrize("count", [3, 5, 6, 7])
def test_a_folder_of_few_languages_is_refused_or_gives_numbers(tmp_path, count):
    """Of three languages in two families nothing but "not a number" came out."""
    from repro.published.tables import figures

    folder, scores = tmp_path / "results", figures().scores["accuracy"]
    for name in ("intfloat/multilingual-e5-small", "intfloat/multilingual-e5-base"):
        put(
            folder,
            [entry(code, scores[name][code]) for code in ("deu", "jpn", "fin", "tur", "heb", "ind", "kat")[:count]],
            model=name,
        )
    if count < 6:
        with pytest.raises(LabError, match=f"{count} languages are left to be analysed; it takes 6 of these"):
            plan(tmp_path, overrides={"figures": str(folder)})
        return
    rows = measured(plan(tmp_path, overrides={"figures": str(folder)}), tmp_path)
    assert all(isfinite(row["value"]) for row in rows)
