"""Folders of Weights & Biases' offline runs: `at` is the metric's key; the newest run's last value counts.

A `.wandb` file is a log of LevelDB's form (blocks of 32 KiB; each record has checksum, length and type) behind a head
of seven bytes, and each record a message of the library's own protocol.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from repro.commands.metrics import NoMetric, Reading, load_error

LIBRARY = "wandb"
HEAD, BLOCK, RECORD = b":W&B", 32768, 7
FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4


def read(path: Path, metric: Mapping[str, object]) -> Iterator[Reading]:
    """Yield the metric's history in the newest run that has it."""
    try:
        from google.protobuf.message import DecodeError
        from wandb.proto.wandb_internal_pb2 import Record
    except ImportError as error:
        raise load_error(LIBRARY) from error
    key = str(metric["at"])
    for file in sorted(path.rglob("*.wandb"), key=lambda file: file.stat().st_mtime, reverse=True):
        values = []
        try:
            for message in messages(file.read_bytes(), file.name):
                record = Record()
                record.ParseFromString(message)
                for item in record.history.item:
                    if (item.key or ".".join(item.nested_key)) == key:
                        values.append(json.loads(item.value_json))
        except (DecodeError, ValueError) as error:
            raise NoMetric(f"{file.name} is damaged ({error})") from error
        if values:
            yield from (Reading(value) for value in values)
            return
    raise NoMetric(f"no run below {path.name} has the metric {key!r}")


def messages(content: bytes, name: str) -> Iterator[bytes]:
    """Yield the records of a log; one that is cut off at its end is left out, as after a crash."""
    if content[: len(HEAD)] != HEAD:
        raise NoMetric(f"{name} is no run of Weights & Biases")
    position, parts = RECORD, b""
    while position + RECORD <= len(content):
        left = BLOCK - position % BLOCK
        if left < RECORD:
            position += left
            continue
        checksum, length, kind = struct.unpack_from("<IHB", content, position)
        data = content[position + RECORD : position + RECORD + length]
        if kind == 0 and length == 0:
            position += left  # the rest of the block is empty
            continue
        if len(data) < length:
            return
        if kind not in (FULL, FIRST, MIDDLE, LAST) or checksum != zlib.crc32(bytes([kind]) + data):
            raise NoMetric(f"{name} is damaged at byte {position:,}")
        position += RECORD + length
        parts = data if kind in (FULL, FIRST) else parts + data
        if kind in (FULL, LAST):
            yield parts
