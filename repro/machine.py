"""The processor and the GPUs of this machine, as the system describes them."""

from __future__ import annotations

import platform
import subprocess
from functools import cache
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")
# Matrix products of bfloat16 numbers in hardware; elsewhere they are emulated, and slower than those of float32.
BFLOAT16 = {"avx512_bf16", "amx_bf16"}


def processor() -> str:
    """Return the processor's name, or its architecture where the system does not say more."""
    try:
        lines = CPU_INFO.read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


@cache
def instructions() -> frozenset[str]:
    """Return the names of the processor's instruction sets; none where the system does not list them."""
    try:
        text = CPU_INFO.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return frozenset()
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return frozenset(flags.partition(":")[2].split())


def has_bfloat16() -> bool:
    """Return True if the processor multiplies bfloat16 numbers in hardware."""
    return bool(instructions() & BFLOAT16)


def gpus() -> int:
    """Return the number of GPUs by NVIDIA's own tool; 0 without it."""
    try:
        done = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return sum(line.startswith("GPU ") for line in done.stdout.splitlines()) if done.returncode == 0 else 0
