"""Settings: flag > environment (`SYNTH_*`) > `synth.toml` in the workspace > default."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from synth.errors import UsageError


@dataclass(frozen=True)
class Settings:
    """Every setting with its default; the metadata is its line in `docs/settings.md`."""

    author: str = field(default="Assignee Research", metadata={"doc": "author line of the report"})
    sources: str = field(default="arxiv", metadata={"doc": "sources asked when no --source is given, comma separated"})
    max_papers: int = field(default=50, metadata={"doc": "papers taken into a search at most"})
    encoder: str = field(
        default="",
        metadata={"doc": "sentence encoder: hub name or folder; empty = the packaged all-MiniLM-L6-v2"},
    )
    reranker: str = field(
        default="",
        metadata={"doc": "cross-encoder that orders the best works anew: hub name or folder; empty = none"},
    )
    claim_detector: str = field(
        default="",
        metadata={
            "doc": "weights of the claim detector (.safetensors); empty = the packaged ones, used where they belong to "
            "the encoder; `rules` = rules alone"
        },
    )
    fidelity: str = field(default="synthetic", metadata={"doc": "rung of the laboratory that `verify` uses"})
    jobs: int = field(default=2, metadata={"doc": "processes that read PDFs or train side by side"})
    max_pdf_mb: int = field(default=50, metadata={"doc": "largest PDF that is downloaded or read, in MB"})
    max_pages: int = field(default=500, metadata={"doc": "longest PDF that is read, in pages"})


def load(root: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings for the workspace at `root`. Raises UsageError on an unknown key or a value of the wrong type."""
    values: dict[str, Any] = {}
    file = root / "synth.toml"
    if file.is_file():
        values |= _from_file(file)
    for known in fields(Settings):
        text = environment.get(f"SYNTH_{known.name.upper()}", "")
        if text:
            values[known.name] = text
    return Settings(**{name: _typed(name, value) for name, value in values.items()})


def _from_file(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not valid TOML: {error}.", "Mend the file, or move it away.") from error
    names = [known.name for known in fields(Settings)]
    for key in values:
        if key not in names:
            near = get_close_matches(key, names, 1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known settings: {', '.join(names)}."
            raise UsageError(f"{file} has an unknown setting `{key}`.", hint)
    return values


def _typed(name: str, value: Any) -> Any:
    default = getattr(Settings, name)
    try:
        converted = type(default)(value)
        if isinstance(default, int) and converted < 1:
            raise ValueError
    except (TypeError, ValueError):
        kind = "a whole number of at least 1" if isinstance(default, int) else "text"
        raise UsageError(f"Setting `{name}` is {value!r}, which is not {kind}.", f"Give it as {kind}.") from None
    return converted
