"""The list of a bundle's files with their checksums, as `sha256sum --check` reads it. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping

MAX_BYTES = 5 * 2**20  # bytes
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def written(files: Mapping[str, bytes]) -> bytes:
    """Return the list of `files` (path → content), by path."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items())]
    return "".join(lines).encode()


def parsed(content: bytes) -> dict[str, str]:
    """Map path to sha256.

    ValueError for what is no such list, or lists a path twice or one that is not safe.
    """
    checksums: dict[str, str] = {}
    for number, line in enumerate(content.decode("utf-8").splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"line {number} is no checksum with a path")
        if why := unsafe(match[2]):
            raise ValueError(f"line {number} names a path that {why}")
        if match[2] in checksums:
            raise ValueError(f"line {number} names {match[2]} again")
        checksums[match[2]] = match[1]
    return checksums


def unsafe(path: str) -> str:
    """Explain why a stranger's path is refused, or return "": it must name a file in the bundle on every system."""
    if not path or len(path) > 1000:
        return "is empty or too long"
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") for c in path):
        return "has control characters"
    if path.startswith("/") or re.match(r"[A-Za-z]:", path):
        return "is absolute"
    if "\\" in path or set(path) & set(':*?"<>|'):
        return "has characters that not every system takes"
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "leads out of the bundle"
    if any(_RESERVED.fullmatch(part) or part.endswith((".", " ")) for part in parts):
        return "is a name that not every system takes"
    return ""
