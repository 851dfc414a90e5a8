"""The registered model finds what was planted, is the crossed model's strata, and says where it fails."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repro.published import mixed_model as fitting
from repro.published.panel import PanelSelection, panel
from tests.repro.published.made_up import figures, model, planted, series, world

WORLD = world()
MODELS = series({"one": (100, 200, 800), "two": (300, 600), "three": (50, 400)})


def noisy(distance, size, product, seed=1, spread=0.3):
    draw = random.Random(seed)
    clean = planted(distance, size, product)
    noise = {(m.name, code): draw.gauss(0, spread) for m in MODELS for code in WORLD}

    def score(one, language):
        share = clean(one, language)
        return 1 / (1 + (1 - share) / share * np.exp(-noise.get((one.name, language.code), 0.0)))

    return score


def fitted(score, models=MODELS, languages=WORLD, draws=200, **choice):
    found = fitting.fit(panel(figures(models, languages.values(), score), languages, PanelSelection(**choice)), draws)
    return {one.term: one for one in found.coefficients}, found.notes


def test_planted_effects_are_found():
    found, notes = fitted(noisy(-0.2, 0.3, 0.05))
    assert notes == ()
    for term, truth in (("distance", -0.2), ("size", 0.3), ("distance:size", 0.05), ("script", 0), ("text", 0)):
        one = found[term]
        truth += 0.05 * 3.4 if term == "size" else 0  # the effect of size at the mean distance of 0.34
        error = (one.over_families**2 + one.over_series**2) ** 0.5
        assert abs(one.value - truth) < 4 * error + 0.02, term
        assert abs(one.least_squares - truth) < 4 * one.resampled + 0.02, term
        assert 0 < error < 0.5
    assert found["distance"].families == 6
    assert found["distance"].series == 3


@pytest.mark.filterwarnings("ignore")  # the crossed model has trouble where its strata have none
def test_the_strata_give_the_crossed_model():
    """Against statsmodels' own fit of the crossed random effects, on a table small enough for it."""
    import pandas as pd
    from statsmodels.regression.mixed_linear_model import MixedLM

    table = panel(figures(MODELS, WORLD.values(), noisy(-0.2, 0.3, 0.05, spread=0.5)), WORLD, PanelSelection())
    y, far = np.array(table.logits()), np.array(table.covariates["distance"])
    far, size = far - far.mean(), np.array(table.size)
    cells = [
        {"y": y[i, j], "far": far[i], "size": size[j], "language": i, "model": j}
        for i in range(len(far)) for j in range(len(size))
    ]  # fmt: skip
    frame = pd.DataFrame(cells)
    frame["whole"] = 1
    effects = {"language": "0 + C(language)", "slope": "0 + C(language):size", "model": "0 + C(model)"}
    whole = MixedLM.from_formula("y ~ far * size", frame, groups="whole", vc_formula=effects).fit(method=["lbfgs"])
    level, slope = fitting._by_language(y, size, True)
    alone = [str(i) for i in range(len(far))]  # (1 | language) alone: every language its own group
    design = np.column_stack([np.ones(len(far)), far])
    strata = [fitting.mixed(values, design, alone) for values in (level, slope)]
    assert whole.fe_params["far"] == pytest.approx(strata[0][1][0], rel=1e-3)
    assert whole.fe_params["far:size"] == pytest.approx(strata[1][1][0], rel=1e-3)
    assert whole.bse_fe["far"] == pytest.approx(strata[0][1][1], rel=0.02)


def test_a_mixed_model_that_does_not_converge_is_said_and_the_resampled_interval_stands(monkeypatch):
    from statsmodels.regression.mixed_linear_model import MixedLM

    def fails(*_, **__):
        raise np.linalg.LinAlgError("Singular matrix")

    monkeypatch.setattr(MixedLM, "fit", fails)
    found, notes = fitted(noisy(-0.2, 0.3, 0.05))
    assert found["distance"].value is None
    assert found["distance"].resampled > 0
    assert "did not converge" in notes[0]


def test_a_fit_that_says_it_has_not_converged_does_not_count(monkeypatch):
    from statsmodels.regression.mixed_linear_model import MixedLMResults

    monkeypatch.setattr(MixedLMResults, "converged", False, raising=False)
    values, design = np.arange(12.0), np.column_stack([np.ones(12), np.arange(12.0) % 5])
    found = fitting.mixed(values, design, [f"g{i % 4}" for i in range(12)])
    assert found is None or np.isfinite(found).all()


def test_constant_covariates_are_not_in_the_model():
    same = {code: replace(one, script="Latn") for code, one in WORLD.items()}
    found, _ = fitted(noisy(-0.2, 0.3, 0.05), languages=same)
    assert "script" not in found
    assert "distance:size" in found


def test_one_model_has_no_size_and_no_error_over_series():
    found, _ = fitted(noisy(-0.2, 0.3, 0.0), models=[model("one-100", 10**8)])
    assert set(found) == {"distance", "pool", "script", "text"}
    assert found["distance"].over_series is None
    assert found["distance"].resampled > 0


def test_two_families_cannot_be_resampled_well_but_break_nothing():
    few = {code: one for code, one in WORLD.items() if one.family in ("family 0", "family 1")}
    found, _ = fitted(noisy(-0.2, 0.3, 0.0), languages=few)
    assert "distance" in found


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(24)), st.floats(-1, 1))
def test_the_order_of_languages_and_a_shift_of_all_scores_change_no_slope(order, shift):
    rng = np.random.default_rng(2)
    values, far = rng.normal(size=24), rng.normal(size=24)
    groups = [f"g{i % 6}" for i in range(24)]
    design = np.column_stack([np.ones(24), far])
    first = fitting.mixed(values, design, groups)
    order = list(order)
    second = fitting.mixed(values[order] + shift, design[order], [groups[i] for i in order])
    assert second[1][0] == pytest.approx(first[1][0], abs=1e-3)
    assert second[1][1] == pytest.approx(first[1][1], abs=1e-3)


def test_equal_draws_give_equal_errors():
    assert fitted(noisy(-0.2, 0.3, 0.05))[0] == fitted(noisy(-0.2, 0.3, 0.05))[0]


@pytest.mark.parametrize("seed", range(5))
def test_ordinary_least_squares_is_the_textbook_formula(seed):
    random = np.random.default_rng(seed)
    design = np.column_stack([np.ones(30), random.normal(size=(30, 3))])
    values = design @ random.normal(size=4) + random.normal(size=30)
    estimates = np.linalg.solve(design.T @ design, design.T @ values)
    residuals = values - design @ estimates
    errors = np.sqrt(np.diag(residuals @ residuals / (30 - 4) * np.linalg.inv(design.T @ design)))
    each_alone = [str(i) for i in range(30)]
    assert np.allclose(fitting.mixed(values, design, each_alone), np.column_stack([estimates, errors]), rtol=1e-10)
