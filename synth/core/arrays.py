"""Names for arrays in signatures. For type checkers alone: numpy is not imported when the program runs.

Import them under `if TYPE_CHECKING:`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]
    BoolArray = NDArray[np.bool_]
    Floats = ArrayLike  # a number, numbers nested in sequences, or an array of them; read as float64

    __all__ = ["ArrayLike", "BoolArray", "FloatArray", "Floats", "IntArray", "NDArray"]
