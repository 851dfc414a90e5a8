"""Stance model over single passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from synth.models.cross_encoder import CrossEncoder


class Reader:
    """Log-odds of a stance model, in the form of gathering and agreement."""

    def __init__(self, model: CrossEncoder) -> None:
        self._model = model

    def log_odds(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """Read (claim, passage) pairs: (pairs, 2), log-odds of SUPPORT and of CONTRADICT over NOT_ENOUGH_INFO, as the
        model gives them; NaN where it gives NaN.
        """
        import numpy as np

        logits = self._model.logits(pairs)
        with np.errstate(invalid="ignore"):  # infinity less infinity is no number either
            return np.asarray(logits[:, :2] - logits[:, 2:])
