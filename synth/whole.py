"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from synth.store.database import translated


def write(path: Path, content: bytes) -> None:
    """Write `content` to `path`, with its folders. SynthError where the place cannot be written to."""
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
