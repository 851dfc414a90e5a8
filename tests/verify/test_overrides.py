"""`--set` and `--model`: what becomes of them, and what is refused."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.core.errors import UsageError
from synth.verify.overrides import overrides
from synth.verify.run import _check_model


def test_dotted_keys_are_nested_and_values_are_toml(tmp_path):
    found = overrides(
        [
            "retrieval.layer=8",
            'retrieval.pooling = "cls"',
            "schedule.lr=1e-5",
            "languages=['deu', 'fra']",
            "frozen=true",
        ],
        tmp_path,
    )
    assert found == {
        "model": {"path": str(tmp_path)},
        "retrieval": {"layer": 8, "pooling": "cls"},
        "schedule": {"lr": 1e-5},
        "languages": ["deu", "fra"],
        "frozen": True,
    }


def test_nothing_changed_is_nothing():
    assert overrides() == {}


def test_a_relative_folder_is_made_absolute(tmp_path, monkeypatch):
    (tmp_path / "model").mkdir()
    monkeypatch.chdir(tmp_path)
    assert overrides(model=(tmp_path / "model").relative_to(tmp_path)) == {"model": {"path": str(tmp_path / "model")}}


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        (["layer"], "no key"),
        (["=8"], "no key"),
        (["a..b=8"], "no key"),
        (["a b=8"], "no key"),
        (['"a"=8'], "no key"),
        (["layer="], "not TOML"),
        (["pooling=mean"], "not TOML"),
        (["layer=8\nother=9"], "line breaks"),
        (["x=" + "[" * 5000], "not TOML"),
        (["x=" + "9" * 5000], "not TOML"),
        (["x='" + "a" * 20000 + "'"], "too long"),
        (["lr=nan"], "finite"),
        (["lr=[1.0, inf]"], "finite"),
        (["day=2020-01-01"], "date"),
        (["a.b=1", "a.b=2"], "a.b is given twice"),
        (["a=1", "a.b=2"], "a is given twice"),
        (["a.b=2", "a=1"], "a is given twice"),
    ],
)
def test_what_cannot_be_read_is_refused(settings, word):
    with pytest.raises(UsageError) as caught:
        overrides(settings)
    assert word in caught.value.what
    assert "--set" in caught.value.do or "once" in caught.value.do


def test_text_without_quotes_is_shown_with_them():
    with pytest.raises(UsageError) as caught:
        overrides(["pooling=mean"])
    assert """--set 'pooling="mean"'""" in caught.value.do


def test_a_model_that_is_no_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    for missing in (tmp_path / "none", tmp_path / "file"):
        with pytest.raises(UsageError, match="no folder"):
            overrides(model=missing)
    with pytest.raises(UsageError, match="model.path is given twice"):
        overrides(["model.path='x'"], tmp_path)


@given(st.lists(st.text(max_size=30) | st.from_regex(r"\A[a-c](\.[a-c])?=.{0,9}", fullmatch=True), max_size=4))
def test_anything_gives_a_specification_or_a_usage_error(settings):
    try:
        found = overrides(settings)
    except UsageError:
        return
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_a_rung_that_makes_its_own_model_takes_no_other():
    def rung(**params):
        return SimpleNamespace(available=True, params=params)

    found = SimpleNamespace(id="e", fidelities={"synthetic": rung(), "base": rung(model={}), "paper": rung(model={})})
    _check_model(found, "base", {"model": {}})
    _check_model(found, "synthetic", {"length": 3})
    with pytest.raises(UsageError) as caught:
        _check_model(found, "synthetic", {"model": {}})
    assert "`--fidelity base` or `--fidelity paper`" in caught.value.do
