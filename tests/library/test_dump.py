"""Lines of dumps: plain and compressed alike, from any place, with nothing of a long line in memory."""

import gzip
import lzma
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.core.errors import UsageError
from synth.library import dump as module
from synth.library.dump import CutDump, Dump, fingerprint

WRITERS = {"plain": open, "gz": gzip.open, "xz": lzma.open}


def written(path, content, kind):
    with WRITERS[kind](path, "wb") as stream:
        stream.write(content)
    return path


@pytest.mark.parametrize("kind", WRITERS)
def test_the_name_does_not_matter_and_any_line_can_be_gone_on_from(tmp_path, kind):
    path = written(tmp_path / "dump.txt", b"one\n\nthree\nlast", kind)
    with Dump(path) as dump:
        lines = list(dump.lines())
        assert dump.fraction == 1.0
    assert [line.text for line in lines] == [b"one\n", b"\n", b"three\n", b"last"]
    assert [line.number for line in lines] == [1, 2, 3, 4]
    for place, line in enumerate(lines):
        with Dump(path) as dump:
            assert list(dump.lines(line.end, line.number)) == lines[place + 1 :]


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40).filter(lambda text: b"\n" not in text), max_size=12), st.integers(1, 30))
def test_every_byte_is_in_a_line(tmp_path_factory, texts, longest):
    content = b"{" + b"\n".join(texts)  # what begins like a compressed file is taken for one
    path = written(tmp_path_factory.mktemp("lines") / "dump", content, "plain")
    before, module.MAX_LINE = module.MAX_LINE, longest
    try:
        with Dump(path) as dump:
            lines = list(dump.lines())
    finally:
        module.MAX_LINE = before
    start = 0
    for line in lines:
        whole = content[start : line.end]
        assert line.text == (whole if len(whole) <= longest else None)
        assert whole.count(b"\n") <= 1
        start = line.end
    assert start == len(content)


def test_an_endless_line_is_passed_over_without_being_kept(tmp_path):
    with gzip.open(tmp_path / "bomb.gz", "wb", compresslevel=1) as stream:
        stream.write(b"first\n")
        for _ in range(64):
            stream.write(b"x" * 2**20)
        stream.write(b"\nlast\n")
    tracemalloc.start()
    with Dump(tmp_path / "bomb.gz") as dump:
        lines = list(dump.lines())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [line.text for line in lines] == [b"first\n", None, b"last\n"]
    assert lines[1].end == 6 + 64 * 2**20 + 1
    assert peak < 16 * 2**20


@pytest.mark.parametrize("kind", ["gz", "xz"])
def test_a_cut_dump_gives_what_came_before(tmp_path, kind):
    path = written(tmp_path / "dump", b"".join(b"line %d\n" % i for i in range(200_000)), kind)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = []
    with Dump(path) as dump, pytest.raises(CutDump, match="cut or damaged after line"):
        for line in dump.lines():
            found.append(line)
    assert len(found) > 1000
    assert found[0].text == b"line 0\n"


def test_what_is_no_file_is_a_usage_error(tmp_path):
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            Dump(path)
        with pytest.raises(UsageError):
            fingerprint(path)


def test_a_file_is_known_again_until_it_changes(tmp_path):
    path = tmp_path / "dump"
    path.write_bytes(b"one\n")
    before = fingerprint(path)
    assert fingerprint(path) == before
    path.write_bytes(b"two\n")
    assert fingerprint(path) != before
