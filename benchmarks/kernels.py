"""Memory of a process that encodes texts of ever other lengths, with oneDNN's kernels kept for few lengths or for many.

ONEDNN_PRIMITIVE_CACHE_CAPACITY=64 python -m benchmarks.kernels [ROUNDS]

Each round encodes 150 random texts of 8 to 968 words; unused memory goes back to the system before it is measured. The
command line sets the capacity to 64; 1,024 is oneDNN's own.
"""

from __future__ import annotations

import ctypes
import os
import random
import sys
import time

from synth.models.encoder import Encoder

TEXTS = 150
WORDS = "alpha beta gamma delta model retrieval transfer language".split()


def main() -> None:
    import psutil

    encoder, process, draw = Encoder(), psutil.Process(), random.Random(1)
    print(f"capacity {os.environ.get('ONEDNN_PRIMITIVE_CACHE_CAPACITY', 'of oneDNN')}")
    print("round, s of the processor, MB")
    for number in range(int(sys.argv[1]) if len(sys.argv) > 1 else 24):
        encoder.encode([_text(draw) for _ in range(TEXTS)])
        ctypes.CDLL("libc.so.6").malloc_trim(0)
        print(f"{number}, {time.process_time():.0f}, {process.memory_info().rss >> 20}", flush=True)


def _text(draw: random.Random) -> str:
    return " ".join(" ".join(WORDS) + str(draw.randint(0, 9999)) for _ in range(draw.randint(1, 121)))


if __name__ == "__main__":
    main()
