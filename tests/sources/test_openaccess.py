"""Open PDFs that records name: at arXiv, at the Anthology, at a stranger's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from synth.core.errors import SourceError
from synth.core.types import Record
from synth.sources import SourceSettings
from synth.sources.openaccess import fetch
from tests.servers.arxiv_server import PDF, ArxivServer, Reply
from tests.sources.networks import lead

RECORD = Record("openalex", "W1", "T")
SETTINGS = SourceSettings(attempts=2, pdf_seconds=20)


@pytest.fixture
def server(monkeypatch):
    with ArxivServer(pdfs={"2005.13013": PDF, "2020.aacl-main.56.pdf": PDF, "own.pdf": PDF}) as running:
        lead("arxiv", running, monkeypatch.setenv)
        monkeypatch.setenv("SYNTH_ACL_PDF", running.pdf)
        yield running


def paths(server):
    return [seen.path for seen in server.seen]


def test_arxiv_comes_first_then_the_anthology_then_the_address(server, tmp_path):
    record = replace(RECORD, arxiv_id="2005.13013", acl_id="2020.aacl-main.56", pdf_url=f"{server.pdf}/own.pdf")
    bases = (server.root,)
    assert fetch(record, tmp_path, SETTINGS, bases).name == "2005.13013.pdf"
    server.pdfs.pop("2005.13013")
    (tmp_path / "2005.13013.pdf").unlink()
    assert fetch(record, tmp_path, SETTINGS, bases).name == "2020.aacl-main.56.pdf"
    assert fetch(replace(record, arxiv_id="", acl_id=""), tmp_path, SETTINGS, bases).read_bytes() == PDF
    assert paths(server) == ["/pdf/2005.13013", "/pdf/2005.13013", "/pdf/2020.aacl-main.56.pdf", "/pdf/own.pdf"]


def test_nothing_open_is_none(server, tmp_path):
    assert fetch(RECORD, tmp_path, SETTINGS) is None
    assert fetch(replace(RECORD, arxiv_id="2005.13013", withdrawn=True), tmp_path, SETTINGS) is None
    assert server.seen == []


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/x.pdf", "http://localhost/x.pdf", "http://10.0.0.1/x.pdf", "http://[::1]/x.pdf"],
)
def test_a_stranger_leads_into_no_private_network(address, tmp_path):
    with pytest.raises(SourceError, match="private network") as caught:
        fetch(replace(RECORD, pdf_url=address), tmp_path, SETTINGS)
    assert not caught.value.retryable


def test_the_address_of_a_record_is_not_trusted_because_it_is_the_source_it_came_from(server, tmp_path):
    with pytest.raises(SourceError, match="private network"):
        fetch(replace(RECORD, pdf_url=f"{server.pdf}/own.pdf"), tmp_path, SETTINGS)
    assert server.seen == []


def test_a_failure_that_may_pass_counts_for_more_than_one_that_will_not(server, tmp_path):
    server.script += [Reply(404), Reply(503), Reply(503)]
    with pytest.raises(SourceError) as caught:
        fetch(replace(RECORD, arxiv_id="2005.13013", acl_id="2020.aacl-main.56"), tmp_path, SETTINGS)
    assert caught.value.retryable


def test_a_web_page_in_place_of_a_pdf_is_none(server, tmp_path):
    server.script += [Reply(200, b"<html>Please pay</html>", {"Content-Type": "text/html"})] * 2
    with pytest.raises(SourceError, match="no PDF"):
        fetch(replace(RECORD, pdf_url=f"{server.pdf}/own.pdf"), tmp_path, SETTINGS, (server.root,))
    assert not list(tmp_path.glob("*.pdf"))
