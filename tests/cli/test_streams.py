"""Printing where the encoding lacks a letter, or where nobody reads on."""

from __future__ import annotations

import io
import json
import os
import sys

import pytest

from synth.cli.terminal.output import print_json, print_table
from synth.cli.terminal.visible import Visible

TITLE = "Filters for “small” models — naïve 😀"


def stream(encoding: str) -> tuple[io.BytesIO, io.TextIOWrapper]:
    """A stream and the buffer that it writes to."""
    written = io.BytesIO()
    return written, io.TextIOWrapper(written, encoding=encoding)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_json_is_json_in_every_encoding(encoding, monkeypatch):
    written, plain = stream(encoding)
    monkeypatch.setattr(sys, "stdout", Visible(plain))
    print_json({"title": TITLE})
    sys.stdout.flush()
    assert json.loads(written.getvalue().decode(encoding)) == {"title": TITLE}


def test_the_bytes_of_a_files_name_are_printed_in_utf_8_too(monkeypatch):
    written, plain = stream("utf-8")
    monkeypatch.setattr(sys, "stdout", Visible(plain))
    name = os.fsdecode(b"caf\xe9.pdf")
    print(name)
    print_json({"file": name})
    sys.stdout.flush()
    assert written.getvalue().decode() == 'caf\\udce9.pdf\n{\n  "file": "caf\\udce9.pdf"\n}\n'


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_table_is_printed_in_every_encoding(encoding, monkeypatch):
    written, plain = stream(encoding)
    monkeypatch.setattr(sys, "stdout", Visible(plain))
    print_table("Papers", ["title"], [[TITLE]])
    sys.stdout.flush()
    text = written.getvalue().decode(encoding)
    assert "Filters for " in text
    assert "\\U0001f600" in text


@pytest.mark.parametrize("table", [False, True], ids=["line", "table"])
def test_work_goes_on_when_nobody_reads_any_more(table, monkeypatch):
    """`synth papers | head -1`: no exception, no traceback at the end, nothing on another stream."""
    reader, writer = os.pipe()
    os.close(reader)
    plain = open(writer, "w", encoding="utf-8", buffering=1)  # noqa: SIM115
    monkeypatch.setattr(sys, "stdout", Visible(plain))
    if table:
        print_table("Papers", ["title"], [["x" * 100]] * 2000)
    else:
        for number in range(3):
            print("line", number)
    sys.stdout.flush()
    plain.close()
