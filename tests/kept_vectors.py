"""What a model has computed for one test serves the others of the same run.

Most of a search is the forward passes of the encoder and of the stance classifier, and most tests search the same
papers for the same question. Vectors and logits are kept by the keys of the program's own cache: the model's files, the
numeric type and the text. Tests of the models themselves compute.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from synth.models.cross_encoder import CrossEncoder
from synth.models.encoder import Encoder
from synth.models.vector_cache import VectorCache

VARIABLE = "TESTS_KEPT_VECTORS"
COMPUTED: dict[type, Callable[..., Any]] = {cls: cls._computed for cls in (Encoder, CrossEncoder)}


def keep_as_told() -> None:
    """Keep vectors in the file that VARIABLE names, if it names one."""
    for cls, computed in COMPUTED.items():
        file = os.environ.get(VARIABLE)
        cls._computed = _kept(computed, VectorCache(Path(file))) if file else computed


def _kept(computed: Callable[..., Any], cache: VectorCache) -> Callable[..., Any]:
    def rows(self: Any, items: list[Any]) -> Iterator[list[tuple[Any, Any]]]:
        keys = {item: self._key(item) for item in items}
        kept = cache.get(list(keys.values())) if keys else {}
        if kept:
            yield [(item, kept[key]) for item, key in keys.items() if key in kept]
        for group in computed(self, [item for item, key in keys.items() if key not in kept]):
            cache.put([(keys[item], row) for item, row in group])
            yield group

    return rows
