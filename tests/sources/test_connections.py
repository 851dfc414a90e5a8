"""Layers under a request: encryption, proxies, one connection, one download at a time."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from synth.core.errors import SourceError
from synth.sources.providers.arxiv import SOURCE
from tests.servers.arxiv_server import PDF, ArxivServer, Reply


def ask(settings, limit=10):
    return [record for page in SOURCE.pages("transfer", limit, 0, settings) for record in page.records]


def test_requests_share_one_connection(server, settings):
    assert len(ask(settings, limit=30)) == 30
    assert len({seen.port for seen in server.seen}) == 1


@pytest.fixture
def certificate(tmp_path):
    """A certificate for 127.0.0.1 that only those trust who are told to."""
    if not shutil.which("openssl"):
        pytest.skip("the program openssl makes the certificate, and it is not installed")
    file = tmp_path / "certificate.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 "
        "-addext subjectAltName=IP:127.0.0.1 -keyout certificate.pem -out certificate.pem.crt"
    )
    subprocess.run(command.split(), check=True, capture_output=True, cwd=tmp_path)
    file.write_text(file.read_text() + file.with_name("certificate.pem.crt").read_text())
    return file


@pytest.fixture
def encrypted(server, certificate, monkeypatch):
    """The server, speaking TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ArxivServer(scheme="https", wrap=lambda plain: context.wrap_socket(plain, server_side=True)) as running:
        monkeypatch.setenv("SYNTH_ARXIV_API", running.api)
        monkeypatch.setenv("SYNTH_ARXIV_PDF", running.pdf)
        monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
        monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
        yield running


def test_an_encrypted_server_is_read_and_a_drip_is_cut(encrypted, settings, certificate, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert len(ask(settings)) == 10
    encrypted.script += [Reply(proper=True, drip=1, pause=0.05)]
    before = time.time()
    assert len(ask(settings)) == 10
    assert 0.9 < time.time() - before < 8
    encrypted.script += [Reply(proper=True, head_drip=True, pause=0.05)]
    assert len(ask(settings)) == 10


def test_a_certificate_nobody_vouches_for_is_refused_and_not_retried(encrypted, settings):
    with pytest.raises(SourceError) as caught:
        ask(settings)
    assert "no trusted encrypted connection" in caught.value.what
    assert caught.value.requests == 1
    assert encrypted.seen == []


def test_a_proxy_is_used_though_it_is_in_the_private_network(server, settings, monkeypatch):
    monkeypatch.setenv("SYNTH_ARXIV_API", "http://arxiv.mirror.example/api/query")
    monkeypatch.setenv("http_proxy", server.root)
    assert len(ask(settings)) == 10
    assert server.seen[0].headers["Host"] == "arxiv.mirror.example"
    server.script += [Reply(302, headers={"Location": "http://192.168.0.1/"})]
    with pytest.raises(SourceError, match="private network"):
        ask(settings)
    assert len(server.seen) == 2
    server.script += [Reply(proper=True, head_drip=True, pause=0.05)]
    before = time.time()
    assert len(ask(replace(settings, seconds=0.5))) == 10
    assert time.time() - before < 5


def test_two_processes_that_want_one_pdf_fetch_it_once(server, tmp_path):
    server.pdfs["2005.13013v2"] = PDF
    server.script += [Reply(proper=True, drip=100_000, pause=0.1)]
    code = (
        "from pathlib import Path; from synth.sources import SourceSettings;"
        "from synth.sources.providers.arxiv import SOURCE;"
        "from synth.core.types import Record;"
        "r = Record('arxiv', 'x', 'T', arxiv_id='2005.13013', version='v2', pdf_url='x');"
        f"print(SOURCE.fetch_pdf(r, Path({str(tmp_path)!r}), SourceSettings()).stat().st_size)"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code], env=os.environ, stdout=subprocess.PIPE, text=True) for _ in "ab"
    ]
    assert [process.communicate(timeout=60)[0].strip() for process in both] == [str(len(PDF))] * 2
    assert len(server.seen) == 1
