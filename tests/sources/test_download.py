"""PDF downloads against a local server: whole or not at all, continued where they stopped, never twice."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from synth.core.errors import SourceError, SynthError
from synth.core.types import Record
from synth.sources.providers.arxiv import SOURCE
from tests.servers.arxiv_server import PDF, Reply

RECORD = Record("arxiv", "2005.13013", "T", arxiv_id="2005.13013", version="v2", pdf_url="https://arxiv.org/pdf/x")
CUT = 200_000


@pytest.fixture
def server(server):
    server.pdfs["2005.13013v2"] = PDF
    return server


def fetch(folder, settings, record=RECORD):
    return SOURCE.fetch_pdf(record, folder, settings)


def failure(folder, settings):
    with pytest.raises(SourceError) as caught:
        fetch(folder, settings)
    return caught.value


def ranges(server):
    return [seen.headers.get("Range") for seen in server.seen]


def test_a_pdf_is_put_in_place_with_its_checksum_and_not_fetched_again(server, settings, tmp_path):
    folder = tmp_path / "pdfs"
    path = fetch(folder, settings)
    assert path == folder / "2005.13013v2.pdf"
    assert path.read_bytes() == PDF
    assert json.loads((folder / "2005.13013v2.pdf.json").read_text())["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert fetch(folder, settings) == path
    assert [seen.path for seen in server.seen] == ["/pdf/2005.13013v2"]
    assert {file.name for file in folder.iterdir()} == {"2005.13013v2.pdf", "2005.13013v2.pdf.json"}
    path.write_bytes(PDF[:-1] + b"x")  # damaged since: fetched anew
    assert fetch(folder, settings).read_bytes() == PDF
    assert len(server.seen) == 2


def test_an_old_identifier_gives_a_plain_file_name(server, settings, tmp_path):
    server.pdfs["quant-ph/0201082v1"] = PDF
    record = replace(RECORD, arxiv_id="quant-ph/0201082", version="v1")
    assert fetch(tmp_path, settings, record) == tmp_path / "quant-ph_0201082v1.pdf"
    assert fetch(tmp_path, settings, replace(RECORD, arxiv_id="../../etc/x")) is None
    assert fetch(tmp_path, settings, replace(RECORD, withdrawn=True)) is None


def test_a_cut_download_goes_on_where_it_stopped(server, settings, tmp_path):
    server.script += [Reply(proper=True, cut=CUT), Reply(proper=True, cut=CUT)]
    assert fetch(tmp_path, settings).read_bytes() == PDF
    assert ranges(server) == [None, f"bytes={CUT}-", f"bytes={2 * CUT}-"]
    assert {seen.headers.get("If-Range") for seen in server.seen[1:]} == {'"one"'}


def test_another_process_goes_on_where_a_failed_one_stopped(server, settings, tmp_path):
    server.script += [Reply(proper=True, cut=CUT)]
    found = failure(tmp_path, replace(settings, attempts=1))
    assert found.retryable
    assert not (tmp_path / "2005.13013v2.pdf").exists()
    assert fetch(tmp_path, settings).read_bytes() == PDF
    assert ranges(server) == [None, f"bytes={CUT}-"]


@pytest.mark.parametrize("change", ["ignores ranges", "other version", "no validator", "wrong piece", "nothing behind"])
def test_a_part_that_cannot_be_continued_is_dropped(server, settings, tmp_path, change):
    other = PDF.replace(b"%%EOF", b"%other")
    server.script += [Reply(proper=True, cut=CUT)]
    if change == "no validator":
        server.etag = ""
    failure(tmp_path, replace(settings, attempts=1))
    if change == "ignores ranges":
        server.ranges = False
    elif change == "other version":
        server.etag, server.pdfs["2005.13013v2"] = '"two"', other
    elif change == "wrong piece":
        server.script += [Reply(206, PDF[5:], {"Content-Range": f"bytes 5-{len(PDF) - 1}/{len(PDF)}"})]
    elif change == "nothing behind":
        server.script += [Reply(416)]
    assert fetch(tmp_path, settings).read_bytes() == (other if change == "other version" else PDF)


def test_a_rest_that_is_only_a_piece_is_asked_for_until_it_is_whole(server, settings, tmp_path):
    server.script += [
        Reply(proper=True, cut=CUT),
        Reply(206, PDF[CUT : CUT + 9], {"Content-Range": f"bytes {CUT}-{CUT + 8}/{len(PDF)}", "ETag": '"one"'}),
    ]
    assert fetch(tmp_path, settings).read_bytes() == PDF
    assert ranges(server)[-1] == f"bytes={CUT + 9}-"


@pytest.mark.parametrize(
    ("reply", "says", "retryable"),
    [
        (Reply(404, b"<html>none</html>", {"Content-Type": "text/html"}), "answer 404", False),
        (Reply(403), "answer 403", False),
        (
            Reply(200, b"<html>Prove that you are human</html>", {"Content-Type": "text/html"}),
            "no PDF but text/html",
            True,
        ),
        (Reply(200, b"<html>really</html>", {"Content-Type": "application/pdf"}), "no PDF", True),
        (Reply(200, b"", {"Content-Type": "application/pdf"}), "no PDF", True),
        (Reply(200, proper=True, headers={"Content-Length": "999999999"}, cut=0), "more than", False),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_pdf_is_an_error_and_leaves_nothing_that_looks_like_one(
    server, settings, tmp_path, reply, says, retryable
):
    server.script += [reply]
    found = failure(tmp_path, replace(settings, attempts=1))
    assert says in found.what
    assert found.retryable == retryable
    assert not list(tmp_path.glob("*.pdf"))
    assert fetch(tmp_path, settings).read_bytes() == PDF


def test_the_size_limit_holds_without_a_length_and_over_continued_parts(server, settings, tmp_path):
    small = replace(settings, max_pdf_bytes=len(PDF) - 1)
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PDF), PDF)
    server.script += [Reply(200, chunks, {"Transfer-Encoding": "chunked", "Content-Length": ""})]
    assert "more than" in failure(tmp_path, small).what
    server.script += [Reply(proper=True, cut=CUT)]
    failure(tmp_path, replace(settings, attempts=1))
    assert "more than" in failure(tmp_path, small).what
    assert not list(tmp_path.glob("*.pdf*[!n]"))  # neither the PDF nor a part of it


def test_a_slow_drip_keeps_what_came_and_goes_on(server, settings, tmp_path):
    server.script += [Reply(proper=True, drip=50_000, pause=0.2)]
    assert fetch(tmp_path, replace(settings, pdf_seconds=0.5)).read_bytes() == PDF
    assert server.seen[1].headers["Range"] in {f"bytes={n * 50_000}-" for n in (1, 2, 3)}


def test_a_cut_answer_without_a_length_is_not_taken_for_a_whole_one(server, settings, tmp_path):
    server.script += [Reply(proper=True, headers={"Content-Length": ""}, drip=50_000, pause=0.2)]
    assert fetch(tmp_path, replace(settings, pdf_seconds=0.5)).read_bytes() == PDF


def test_a_killed_process_leaves_a_part_that_the_next_one_completes(server, settings, tmp_path):
    """kill -9 while the PDF drips in, then the same call again."""
    server.script += [Reply(proper=True, drip=20_000, pause=0.1)]
    code = (
        "from pathlib import Path; from synth.sources import SourceSettings;"
        "from synth.sources.providers.arxiv import SOURCE;"
        "from synth.core.types import Record;"
        "r = Record('arxiv', 'x', 'T', arxiv_id='2005.13013', version='v2', pdf_url='x');"
        f"SOURCE.fetch_pdf(r, Path({str(tmp_path)!r}), SourceSettings())"
    )
    part = tmp_path / "2005.13013v2.pdf.part"
    with subprocess.Popen([sys.executable, "-c", code], env=os.environ) as process:
        while process.poll() is None and not (part.is_file() and part.stat().st_size > 60_000):
            pass
        assert process.poll() is None
        process.kill()
    assert fetch(tmp_path, settings).read_bytes() == PDF
    assert int(server.seen[-1].headers["Range"].removeprefix("bytes=").rstrip("-")) > 60_000


def test_a_complete_part_is_put_in_place_without_a_request(server, settings, tmp_path):
    path = fetch(tmp_path, settings)
    path.rename(path.with_name(path.name + ".part"))  # killed between writing the checksum and renaming
    assert fetch(tmp_path, settings) == path
    assert len(server.seen) == 1


def test_notes_that_are_not_ours_are_ignored(server, settings, tmp_path):
    for content in ("[1]", "{", json.dumps({"url": "x", "other": 1})):
        (tmp_path / "2005.13013v2.pdf.json").write_text(content)
        (tmp_path / "2005.13013v2.pdf").write_bytes(b"something else")
        assert fetch(tmp_path, settings).read_bytes() == PDF


def test_a_folder_that_cannot_be_written_is_no_failure_of_the_source(server, settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SynthError) as caught:
        fetch(tmp_path / "file", settings)
    assert not isinstance(caught.value, SourceError)
    assert server.seen == []
