"""A run in mteb's format: what was measured, by which side asking, and nothing where nothing was measured."""

import json

import pytest

from repro.published.results import read
from synth.core.errors import UsageError
from synth.store.database import Store
from synth.store.tables import Measurement, Run
from synth.verify.result_folder import export_run
from tests.verify.small_laboratory import add_claim


@pytest.fixture
def runs(workspace):
    """Run 1 on real languages, run 2 on generated ones, run 3 a re-analysis."""
    add_claim(workspace.database)
    store = Store(workspace.database)
    with store.session() as s:
        for number, (statistic, language) in enumerate((("mean", "deu"), ("mean", "aa"), ("coefficient", "deu")), 1):
            spec = {"rule": {"statistic": statistic}, "laboratory": {"params": {"targets": {"tatoeba": {"layer": 6}}}}}
            s.add(
                Run(
                    id=number, claim_id=1, prediction_id=1, experiment="model-size", contrast="size", fidelity="small",
                    spec=spec, spec_hash="0" * 64, registered="now", state="done",
                )
            )  # fmt: skip
            s.flush()
            for seed in (1, 2):
                own = {"run_id": number, "arm": "large", "seed": seed, "n": 1000}
                s.add(Measurement(**own, language=language, metric="accuracy_cosine", value=80.0 + seed))
                s.add(Measurement(**own, language=language, metric="accuracy_csls", value=99.0))
    store.close()
    return workspace


def test_a_run_is_written_and_read_again(runs, tmp_path):
    written = export_run(runs, 1, tmp_path)
    assert written["counts"] == {"files": 2, "languages": 1}
    assert any("English asks" in note for note in written["notes"])
    found = read(tmp_path)
    assert found.scores["accuracy"]["synth/model-size-large"] == {"deu": 0.82}  # of two revisions the later
    meta = json.loads(next(tmp_path.rglob("run-1-seed-1/model_meta.json")).read_text())
    assert meta["asks"] == "english"
    assert "run 1" in meta["measured_by"]


@pytest.mark.parametrize(("number", "why"), [(2, "no accuracy"), (3, "re-analysed"), (9, "no run 9")])
def test_what_measured_nothing_of_the_kind_is_refused(runs, tmp_path, number, why):
    with pytest.raises(UsageError, match=why):
        export_run(runs, number, tmp_path)
