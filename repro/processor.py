"""What the processor can do, read from its own description."""

from __future__ import annotations

from functools import cache
from pathlib import Path

# Matrix products of bfloat16 numbers in hardware; elsewhere they are emulated, and slower than those of float32.
BFLOAT16 = {"avx512_bf16", "amx_bf16"}


@cache
def instructions() -> frozenset[str]:
    """Name the sets of instructions that the processor has; nothing where the system does not list them."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return frozenset()
    found = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return frozenset(found.partition(":")[2].split())


def has_bfloat16() -> bool:
    """Return True if the processor multiplies bfloat16 numbers in hardware."""
    return bool(instructions() & BFLOAT16)
