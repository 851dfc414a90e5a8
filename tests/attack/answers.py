"""Mutated answers of every network source, and mutated dumps: records, or an error with its remedy."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Sequence
from pathlib import Path

from synth.core.errors import SynthError
from synth.library import file
from synth.library.imports import import_dump
from synth.sources import SourceSettings
from tests.attack import mutations
from tests.attack.tally import Tally
from tests.library.records import ARXIV, acl_entry
from tests.servers.arxiv_server import Reply
from tests.sources import networks

SETTINGS = SourceSettings(page_size=10, attempts=1, seconds=10.0, patience=1.0, max_answer_bytes=2**22)
LINES = 30


def feeds(numbers: Sequence[int], seed: int) -> Tally:
    """Give each source answers that are damaged on the way, or of another structure than promised."""
    tally = Tally("answers of sources", "records, or an error that says what to do")
    with tally.timed():
        for index in numbers:
            name = networks.NAMES[index % len(networks.NAMES)]
            _one(tally, name, random.Random(f"{seed} {index}"))
    return tally


def _one(tally: Tally, name: str, draw: random.Random) -> None:
    with networks.start(name) as server:
        networks.lead(name, server, os.environ.__setitem__)
        proper = networks.page(server, 0, 10, 10)
        structure = mutations.retagged if name == "arxiv" else mutations.restructured
        body = draw.choice((*mutations.TEXT.values(), structure, structure))(proper, draw)
        server.script += [Reply(200, body)] * 3
        try:
            pages = networks.ask(name, SETTINGS, limit=10)
        except SynthError as error:
            tally.add("refused" if error.do else "refused without a remedy")
        except Exception as error:
            tally.fault(f"{name}: {type(error).__name__}: {error}")
        else:
            tally.add("records" if any(page.records for page in pages) else "no record")


def dumps(folder: Path, numbers: Sequence[int], seed: int) -> Tally:
    """Import damaged dumps into a library: every line is a record or counted as malformed."""
    tally = Tally("dumps", "every line a record or counted, or the dump refused; the library stays whole")
    with tally.timed():
        for index in numbers:
            draw = random.Random(f"{seed} dump {index}")
            entries = [acl_entry(n) if index % 2 else ARXIV | {"id": f"2005.{n:05}"} for n in range(LINES)]
            lines = [json.dumps(entry).encode() for entry in entries]
            kind = draw.choice((*mutations.TEXT.values(), mutations.restructured))
            if kind is mutations.restructured:
                damaged = b"\n".join(kind(line, draw) if draw.random() < 0.3 else line for line in lines)
            else:
                damaged = kind(b"\n".join(lines), draw)
            path = folder / f"dump-{index}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(damaged + b"\n")
            _import(tally, path, folder / f"library-{index}.db")
            path.unlink()
    return tally


def _import(tally: Tally, path: Path, library: Path) -> None:
    try:
        with file.writing(library) as connection:
            job = import_dump(connection, path)
            stored = file.records(connection)
            [(sound,)] = connection.execute("PRAGMA integrity_check").fetchall()
    except SynthError as error:
        tally.add("refused" if error.do else "refused without a remedy")
    except Exception as error:
        tally.fault(f"dump: {type(error).__name__}: {error}")
    else:
        tally.add("imported")
        if sound != "ok" or stored > job.lines or stored != job.added:
            tally.fault(f"dump: {stored} records of {job.lines} lines, {job.added} added, {sound}")
    finally:
        for left in library.parent.glob(f"{library.name}*"):
            left.unlink()
