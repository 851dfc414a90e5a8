"""Which models and languages are analysed is decided by what is known of them, and whatever is left out is named."""

from dataclasses import replace
from math import isfinite

import pytest

from repro.errors import LabError
from repro.published.panel import PanelSelection, panel
from tests.repro.published.made_up import figures, language, model, planted, series, without, world

WORLD = world()
MODELS = series({"one": (100, 200, 800), "two": (300, 600)})


SCORE = planted(-0.2, 0.3, 0.0)


def made(models=MODELS, languages=WORLD, score=SCORE, known=None, **choice):
    return panel(figures(models, languages.values(), score), known or languages, PanelSelection(**choice))


def test_a_complete_table():
    found = made()
    assert len(found.languages) == len(WORLD)
    assert found.constant == ()
    assert found.left_out == ()
    assert [len(row) for row in found.scores] == [len(MODELS)] * len(WORLD)
    for name in ("one", "two"):  # size is told within a series
        assert sum(size for size, m in zip(found.size, found.models, strict=True) if m.series == name) == pytest.approx(
            0
        )


def test_logits_exist_where_nothing_or_everything_is_found():
    found = made(score=lambda one, language: float(language.code < "c"))
    assert all(isfinite(value) for row in found.logits() for value in row)
    assert max(map(max, found.logits())) == pytest.approx(-min(map(min, found.logits())), rel=0.3)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (model("unsized", None), "of unknown size: unsized"),
        (model("seen", 10**8, trained_on_test=True), "trained on Tatoeba by their makers' word: seen"),
        (model("copy", 10**8, adapted_from="one-100"), "made from another model of the table: copy"),
    ],
)
def test_models_that_do_not_count_are_named(more, why):
    found = made([*MODELS, more])
    assert more not in found.models
    assert any(why in text for text in found.left_out)


def test_a_model_with_a_perfect_score_everywhere_is_a_fault_and_one_with_few_languages_is_left_out():
    whole = figures([*MODELS, model("perfect", 10**8), model("few", 10**8)], WORLD.values(), planted(-0.2, 0.3, 0))
    scores = {m: dict(own) for m, own in whole.scores["accuracy"].items()}
    scores["perfect"] = dict.fromkeys(scores["perfect"], 1.0)
    scores["few"] = dict(list(scores["few"].items())[:5])
    found = panel(replace(whole, scores={"accuracy": scores, "f1": scores}), WORLD, PanelSelection())
    assert {one.name for one in found.models} == {one.name for one in MODELS}
    assert any("perfect" in text for text in found.left_out)
    assert any("fewer than 90%" in text and "few" in text for text in found.left_out)


def test_languages_without_a_distance_are_listed():
    found = made(known=without(WORLD, "aax", "syntactic"))
    assert "aax" not in {one.code for one in found.languages}
    assert "Languages left out, without a syntactic distance: aax." in found.left_out


def test_languages_of_which_little_is_observed_are_listed():
    known = {**WORLD, "aax": replace(WORLD["aax"], observed=0.05)}
    assert any("under 10%" in text and "aax" in text for text in made(known=known).left_out)
    assert made(known=known, observed=0.0).left_out == ()


def test_a_language_of_no_family_is_no_unit_to_be_resampled():
    known = {**WORLD, "aax": replace(WORLD["aax"], family="")}
    assert "Languages left out, of no family in WALS: aax." in made(known=known).left_out


def test_a_language_that_one_model_lacks_does_not_count():
    whole = figures(MODELS, WORLD.values(), planted(-0.2, 0.3, 0))
    scores = {m: dict(own) for m, own in whole.scores["accuracy"].items()}
    del scores["one-100"]["aax"]
    found = panel(replace(whole, scores={"accuracy": scores, "f1": scores}), WORLD, PanelSelection())
    assert any("not measured by every model: aax" in text for text in found.left_out)


def test_what_is_the_same_everywhere_is_constant():
    same = {code: replace(one, script="Latn", pool=1000) for code, one in WORLD.items()}
    assert made(languages=same).constant == ("pool", "script")
    assert made([model("alone", 10**8)]).constant == ("size",)
    assert made([model("alone", None)]).constant == ("size",)  # a stranger's one model needs no size


def test_nothing_left_is_an_error():
    with pytest.raises(LabError, match="languages are left"):
        made(languages={"aax": language("aax", "f", 0.3)})
