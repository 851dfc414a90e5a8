"""Every way in which a network source fails, at each of them: what is retried, what is said, what is kept."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from synth.core.errors import OutOfBudget, SourceError
from synth.sources import SourceSettings
from tests.servers.arxiv_server import Reply
from tests.sources.networks import NAMES, ask, lead, offset, page, start

ATTEMPTS = 3
PAGE = b"<!DOCTYPE html><html><body>Please log in</body></html>"


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def server(name, monkeypatch):
    for variable in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    with start(name) as running:
        lead(name, running, monkeypatch.setenv)
        yield running


@pytest.fixture
def settings():
    # Generous: the machine may be busy, and only the drip has to run out of time.
    return SourceSettings(page_size=10, attempts=ATTEMPTS, seconds=20.0, patience=3.0, max_answer_bytes=2**20)


def failure(name, settings, **options):
    with pytest.raises(SourceError) as caught:
        ask(name, settings, **options)
    assert caught.value.what
    assert caught.value.do
    return caught.value


def records(pages):
    return [record for one in pages for record in one.records]


def test_proper_answers_are_read_to_the_limit(name, server, settings):
    pages = ask(name, settings, limit=25)
    assert [len(one.records) for one in pages] == [10, 10, 5]
    assert {one.total for one in pages} == {30}
    assert [offset(seen) for seen in server.seen] == [0, 10, 20]
    assert len({record.source_id for record in records(pages)}) == 25
    assert all(one.url.startswith(server.root) for one in pages)


def test_a_search_goes_on_where_it_stopped(name, server, settings):
    first = records(ask(name, settings, limit=30))
    server.seen.clear()
    assert records(ask(name, settings, limit=30, start=20)) == first[20:]
    assert [offset(seen) for seen in server.seen] == [20]


@pytest.mark.parametrize(("status", "outcome"), [(401, "failed"), (403, "failed"), (404, "failed"), (400, "failed")])
def test_a_refusal_is_final(name, server, settings, status, outcome):
    server.script += [Reply(status, b'{"message": "no such key", "error": "Refused"}')] * 5
    found = failure(name, settings)
    assert (found.outcome, found.requests, found.retries) == (outcome, 1, 0)
    assert str(status) in found.what


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(name, server, settings, status):
    server.script += [Reply(status)]
    pages = ask(name, settings, limit=10)
    assert len(records(pages)) == 10
    assert (pages[0].requests, pages[0].retries) == (2, 1)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_does_not_pass_is_given_up(name, server, settings, status):
    server.script += [Reply(status)] * 9
    found = failure(name, settings)
    assert (found.requests, found.retries, found.retryable) == (ATTEMPTS, ATTEMPTS - 1, True)
    assert len(server.seen) == ATTEMPTS


def test_retry_after_is_waited_for(name, server, settings):
    server.script += [Reply(429, headers={"Retry-After": "1"})]
    assert len(records(ask(name, settings, limit=10))) == 10
    assert server.seen[1].at - server.seen[0].at >= 0.99


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "54000"},
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "11987"},
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 90_000)},
    ],
    ids=["retry after 15 hours", "nothing remains", "reset as a time"],
)
def test_a_budget_that_is_used_up_is_not_asked_against(name, server, settings, headers):
    server.script += [Reply(429, headers=headers)]
    found = failure(name, settings)
    assert isinstance(found.__cause__, OutOfBudget)
    assert (found.outcome, found.requests) == ("out of budget", 1)
    again = failure(name, settings)
    assert (again.outcome, again.requests, len(server.seen)) == ("out of budget", 0, 1)
    assert "hours" in again.do


def test_a_key_has_a_budget_of_its_own(monkeypatch, settings):
    with start("openalex") as server:
        lead("openalex", server, monkeypatch.setenv)
        server.script += [Reply(429, headers={"Retry-After": "54000"})]
        failure("openalex", settings)
        assert len(records(ask("openalex", replace(settings, openalex_key="mine"), limit=10))) == 10
        assert server.seen[-1].headers["Authorization"] == "Bearer mine"


def test_a_cut_connection_is_tried_again(name, server, settings):
    server.script += [Reply(proper=True, cut=50), Reply(proper=True, cut=0)]
    pages = ask(name, settings, limit=10)
    assert (len(records(pages)), pages[0].retries) == (10, 2)
    server.script += [Reply(proper=True, cut=50)] * 9
    assert failure(name, settings, start=10).requests == ATTEMPTS


def test_a_drip_is_cut_off(name, server, settings):
    server.script += [Reply(proper=True, drip=1, pause=0.02)] * 9
    before = time.time()
    found = failure(name, replace(settings, seconds=1.0, attempts=2))
    assert "within 1 s" in found.what
    assert time.time() - before < 30


@pytest.mark.parametrize("body", [b'{"results": [', b"", b"not json", b'\xff\xfe{"a": 1}', b"[" * 100_000])
def test_a_damaged_answer_is_tried_again(name, server, settings, body):
    server.script += [Reply(200, body)]
    assert len(records(ask(name, settings, limit=10))) == 10
    server.script += [Reply(200, body)] * 9
    assert failure(name, settings, start=10).requests == ATTEMPTS


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b'{"meta": 3, "message": [], "data": {}, "total": "many"}'])
def test_json_of_another_form_is_no_result(name, server, settings, body):
    server.script += [Reply(200, body)] * 9
    assert failure(name, settings).requests >= 1


def test_a_web_page_is_no_answer(name, server, settings):
    server.script += [Reply(200, PAGE, {"Content-Type": "text/html"})] * 9
    assert "web page" in failure(name, settings).what


def test_an_empty_page_with_a_total_is_no_end(name, server, settings):
    server.script += [page_reply(server, 0, 0, 30)]
    assert len(records(ask(name, settings, limit=10))) == 10
    server.script += [page_reply(server, 10, 0, 30)] * 9
    assert "none from number 10 on" in failure(name, settings, start=10).what


def test_a_page_that_comes_twice_is_not_taken_for_the_next(name, server, settings):
    server.script += [None, *[page_reply(server, 0, 10, 30)] * 9]
    found = failure(name, settings)
    assert "instead of" in found.what
    assert found.requests == ATTEMPTS


def page_reply(server, first, count, total):
    return Reply(200, page(server, first, count, total))


def test_five_gigabytes_are_not_read(name, server, settings):
    server.script += [Reply(200, b"{" * 100, {"Content-Length": str(5 * 2**30)})]
    found = failure(name, settings)
    assert "more than 1 MB" in found.what
    assert found.requests == 1
    server.script += [Reply(200, b" " * (3 * 2**20), {"Content-Length": ""})]  # without saying so before
    assert "more than 1 MB" in failure(name, settings).what


def test_a_redirect_loop_ends(name, server, settings):
    server.script += [Reply(302, headers={"Location": "/again"})] * 20
    assert "redirects more than" in failure(name, settings).what


@pytest.mark.parametrize(
    "target",
    [
        "http://192.168.0.1/works",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:1/works",
        "http://localhost:1/works",
        "file:///etc/passwd",
        "http://127.0.0.1:1/works",
    ],
)
def test_a_redirect_into_a_private_network_is_refused(name, server, settings, target):
    server.script += [Reply(302, headers={"Location": target})]
    found = failure(name, settings)
    assert found.requests == 1
    assert "private network" in found.what or "no http(s) address" in found.what
    assert not found.retryable


def test_a_compressed_answer_that_was_not_asked_for_is_refused(name, server, settings):
    server.script += [Reply(200, b"\x1f\x8b", {"Content-Encoding": "gzip"})]
    assert "compresses" in failure(name, settings).what
    assert server.seen[0].headers["Accept-Encoding"] == "identity"


def test_keys_go_to_the_source_and_nowhere_else(monkeypatch):
    """Behind a proxy that stands for all hosts: the mirror gets the key, what it redirects to does not."""
    settings = SourceSettings(page_size=10, attempts=1, s2_key="secret-key", contact="me@example.org")
    with start("semanticscholar") as server:
        lead("semanticscholar", server, monkeypatch.setenv)
        monkeypatch.setenv("SYNTH_S2_API", "http://mirror.example/graph/v1")
        monkeypatch.setenv("http_proxy", server.root)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        server.script += [
            Reply(302, headers={"Location": "http://elsewhere.example/graph/v1/paper/search?offset=0"}),
            None,
        ]
        ask("semanticscholar", settings, limit=10)
        first, second = server.seen
        assert first.headers["x-api-key"] == "secret-key"
        assert "x-api-key" not in second.headers
        assert "me@example.org" in first.headers["User-Agent"]
        assert "secret-key" not in repr(settings)
        assert "secret-key" not in first.path + str(first.query)
