"""Numeric type that models compute in on this machine: it decides the fourth digit of what they give."""

from __future__ import annotations

BFLOAT16, FLOAT32 = "bfloat16", "float32"
PRECISIONS = (BFLOAT16, FLOAT32)


def precision(device: str | None = None) -> str:
    """Return the type of matrix products on a device: bfloat16 on processors that multiply it, else float32.

    Args:
        device: as torch names it; None for the one that sentence-transformers chooses, an accelerator if there is one.
    """
    import torch

    if device is None:
        accelerated = torch.cuda.is_available() or torch.backends.mps.is_available()
        device = "cuda" if accelerated else "cpu"
    on_processor = device.partition(":")[0] == "cpu"
    return BFLOAT16 if on_processor and torch.ops.mkldnn._is_mkldnn_bf16_supported() else FLOAT32
