"""Changes by hand to the parameters of a fidelity: `--set KEY=VALUE` and `--model DIR`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import TypeGuard

from synth.core.errors import UsageError
from synth.core.types import JsonValue

KEY = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
MAX_VALUE_LENGTH = 10_000  # characters of one setting
HOW = "Write `--set KEY=VALUE` with a dotted key and a TOML value, such as `length=64` or `'languages.others=[]'`."


def overrides(settings: Sequence[str] = (), model: Path | None = None) -> dict[str, JsonValue]:
    """Read the changes to be merged into the parameters of a fidelity, nested like them.

    `settings`: "KEY=VALUE", the key dotted, the value as TOML writes it. `model`: a folder with a model in hub format.
    UsageError for a key or value that cannot be read, or one that is given twice.
    """
    changes: dict[str, JsonValue] = {}
    if model is not None:
        if not model.is_dir():
            raise UsageError(f"There is no folder {model}.", "Give `--model` a folder with a model in hub format.")
        changes["model"] = {"path": str(model.resolve())}
    for setting in settings:
        keys, value = _read(setting)
        _put(changes, keys, value)
    return changes


def _read(setting: str) -> tuple[list[str], JsonValue]:
    key, equals, text = (part.strip() for part in setting.partition("="))
    shown = setting if len(setting) <= 60 else setting[:60] + "…"
    if not equals or not KEY.fullmatch(key):
        raise UsageError(f"`--set {shown}` has no key that can be read.", HOW)
    if len(text) > MAX_VALUE_LENGTH or "\n" in text or "\r" in text:
        raise UsageError(f"The value of `--set {key}` is too long or has line breaks.", HOW)
    try:
        value: object = tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError) as error:  # a number of too many digits is a plain ValueError
        word = re.fullmatch(r"[\w./-]+", text)
        hint = f"Text wants quotes: `--set '{key}=\"{text}\"'`." if word else HOW
        raise UsageError(f"The value of `--set {key}` is not TOML: {text[:60] or 'nothing'}.", hint) from error
    if not _storable(value):
        raise UsageError(f"The value of `--set {key}` holds a date or a number that is not finite.", HOW)
    return key.split("."), value


def _storable(value: object) -> TypeGuard[JsonValue]:
    """Return True if a specification can hold it."""
    if isinstance(value, dict):
        return all(map(_storable, value.values()))
    if isinstance(value, list):
        return all(map(_storable, value))
    return isinstance(value, str | bool | int) or (isinstance(value, float) and isfinite(value))


def _put(changes: dict[str, JsonValue], keys: Sequence[str], value: JsonValue) -> None:
    place = changes
    for at, key in enumerate(keys[:-1]):
        inner = place.setdefault(key, {})
        if not isinstance(inner, dict):
            raise _twice(keys[: at + 1])
        place = inner
    if keys[-1] in place:
        raise _twice(keys)
    place[keys[-1]] = value


def _twice(keys: Sequence[str]) -> UsageError:
    return UsageError(f"{'.'.join(keys)} is given twice.", "Give every key once.")
