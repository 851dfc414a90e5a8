"""A specification is stored, hashed and read back: the registered hash has to hold for later versions."""

from __future__ import annotations

import hashlib
import json

import pytest

from synth.core.types import Prediction
from synth.verify.judge.rule import Rule
from synth.verify.specification import Specification
from synth.verify.statistics.replication import Unit
from synth.verify.stored import as_stored, canonical

SPECIFICATION = Specification(
    claim=12,
    prediction=Prediction(
        treatment="intermediate NLI", baseline="no tuning", task="Tatoeba", metric="accuracy", direction="increase",
        value=8.2, unit="points", scope={"languages": "36", "model": "XLM-R"}, hedge="may",
    ),
    contrast="nli",
    rule=Rule(
        treatment="nli", baseline="untuned", metric="accuracy_csls", control_metric="accuracy_cosine",
        direction="increase", value=8.2, sesoi=1.0, alpha=0.025, minimum_seeds=3, covariate="text:size",
        languages=("deu", "tur"), repeats=((1, 2), (4, 5)), direction_only="the claim names no task", rounding=0.05,
        looks=((3, 0.00123), (4, 0.0211)), predictions=2, rivals=("copa",), published_baseline=57.6,
        unit_of_replication=Unit.LANGUAGES,
    ),
    deviations=("A smaller model.", "Fewer seeds: 3 instead of 5."),
    altered=True,
    laboratory={
        "seeds": [1, 2, 3],
        "params": {"lr": 1e-5, "targets": {"tatoeba": {"layer": 7}}},
        "arms": [{"name": "nli", "role": "treatment"}],
        "gate": None,
    },
)  # fmt: skip
# As it was registered by the version before specifications were values of their own.
REGISTERED = "1ff9e5b335830862ccb6a26259038281b6b462dc259f69165cf0f19fbd1443f2"


def test_the_hash_is_the_one_that_earlier_versions_registered():
    stored = SPECIFICATION.stored()
    for younger in ("may_fail", "arms_differ"):
        del stored["rule"][younger]
    assert hashlib.sha256(canonical(stored)).hexdigest() == REGISTERED
    assert SPECIFICATION.hash == hashlib.sha256(canonical(SPECIFICATION.stored())).hexdigest()


def test_a_stored_specification_gives_the_same_bytes_again():
    stored = json.loads(json.dumps(SPECIFICATION.stored()))  # as the database gives it back
    again = Specification.of(stored)
    assert again == SPECIFICATION
    assert canonical(again.stored()) == canonical(stored) == canonical(SPECIFICATION.stored())


def test_a_stored_rule_is_the_rule_that_was_registered():
    stored = json.loads(json.dumps(as_stored(SPECIFICATION.rule)))
    assert Rule.of(stored) == SPECIFICATION.rule
    assert canonical(as_stored(Rule.of(stored))) == canonical(stored)


def test_a_rule_of_another_version_is_not_read():
    stored = as_stored(SPECIFICATION.rule)
    with pytest.raises(ValueError, match="another version"):
        Rule.of(stored | {"margin": 1.0})
    with pytest.raises(ValueError, match="another version"):
        Rule.of({name: value for name, value in stored.items() if name != "looks"})


def test_what_json_cannot_hold_is_refused():
    with pytest.raises(TypeError, match="no form in JSON"):
        as_stored(Rule("a", "b", "m", "", "increase", None, 1.0, 0.05, 3, unit={1, 2}))  # type: ignore[arg-type]
