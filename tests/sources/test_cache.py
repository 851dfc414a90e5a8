"""The cache of answers, shared by processes: fresh, asked on condition, forbidden, damaged."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from synth.sources import SourceSettings
from synth.sources.http.answers import Response
from synth.sources.http.cache import Cache, conditions
from synth.sources.http.client import advertised_interval
from synth.sources.http.pace import cache_folder
from tests.servers.arxiv_server import Reply
from tests.servers.json_servers import OpenAlexServer
from tests.sources.networks import ask, lead

URL = "https://api.example/works?q=1"
SETTINGS = SourceSettings(page_size=10, cache_hours=1)


def answer(age=0.0, body=b"{}", **headers):
    asked = datetime.fromtimestamp(time.time() - age, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Response(URL, 200, body, {name.replace("_", "-"): value for name, value in headers.items()}, asked)


def test_what_is_kept_is_found_by_address_and_account():
    Cache(1, "me").keep(answer(body=b"one"))
    assert Cache(1, "me").find(URL).body == b"one"
    assert Cache(1, "nobody").find(URL) is None
    assert Cache(1, "me").find(URL + "2") is None
    assert Cache(0, "me").find(URL) is None


@pytest.mark.parametrize(
    ("headers", "age", "fresh"),
    [
        ({}, 10, True),
        ({}, 4000, False),
        ({"Cache_Control": "max-age=86400"}, 4000, True),
        ({"Cache_Control": "no-cache"}, 10, False),
        ({}, -500, False),  # asked in the future: a clock was wrong
    ],
)
def test_freshness(headers, age, fresh):
    assert Cache(1, "me").fresh(answer(age, **headers)) is fresh


def test_what_forbids_it_or_failed_is_not_kept():
    for one in (answer(Cache_Control="private, no-store"), replace(answer(), status=404)):
        Cache(1, "me").keep(one)
        assert Cache(1, "me").find(URL) is None


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_a_damaged_file_is_no_answer(damage):
    cache = Cache(1, "me")
    cache.keep(answer(body=b"one" * 100))
    [file] = (cache_folder() / "answers").rglob("*.z")
    file.write_bytes(file.read_bytes()[:-10] if damage is None else damage)
    assert cache.find(URL) is None


def test_a_cache_that_cannot_be_written_is_no_obstacle(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SYNTH_CACHE", str(tmp_path / "file"))
    Cache(1, "me").keep(answer())
    assert Cache(1, "me").find(URL) is None


def test_conditions():
    assert conditions(None) == conditions(answer()) == {}
    assert conditions(answer(ETag='"a"')) == {"If-None-Match": '"a"'}
    assert conditions(answer(Last_Modified="Mon")) == {"If-Modified-Since": "Mon"}


@pytest.fixture
def server(monkeypatch):
    with OpenAlexServer(10) as running:
        lead("openalex", running, monkeypatch.setenv)
        yield running


def test_a_fresh_answer_is_not_asked_for_again(server):
    [first] = ask("openalex", SETTINGS, limit=10)
    [second] = ask("openalex", replace(SETTINGS, seconds=50), limit=10)
    assert second.records == first.records
    assert (second.requests, second.cached, len(server.seen)) == (0, True, 1)
    ask("openalex", replace(SETTINGS, openalex_key="another"), limit=10)
    assert len(server.seen) == 2


def test_a_stale_answer_is_asked_for_on_condition(server):
    server.script += [Reply(proper=True, headers={"ETag": '"one"', "Cache-Control": "no-cache"}), Reply(304)]
    [first] = ask("openalex", SETTINGS, limit=10)
    [second] = ask("openalex", replace(SETTINGS, seconds=50), limit=10)
    assert server.seen[1].headers["If-None-Match"] == '"one"'
    assert second.records == first.records
    assert second.requests == 1


def test_a_damaged_answer_is_not_kept(server):
    server.script += [Reply(200, b'{"results": [')]
    ask("openalex", SETTINGS, limit=10)
    [again] = ask("openalex", replace(SETTINGS, seconds=50), limit=10)
    assert len(again.records) == 10
    assert len(server.seen) == 2


@pytest.mark.parametrize(
    ("most", "window", "seconds"),
    [
        ("50", "1s", 0.02),
        ("3000", "60s", 0.02),
        ("1", "2", 2),
        ("0", "1s", 0),
        ("", "", 0),
        ("x", "1s", 0),
        ("1", "999999s", 600),
    ],
)
def test_an_advertised_pace(most, window, seconds):
    assert advertised_interval({"X-Rate-Limit-Limit": most, "X-Rate-Limit-Interval": window}) == seconds


def test_an_advertised_pace_is_kept_to(server):
    slow = {"X-Rate-Limit-Limit": "2", "X-Rate-Limit-Interval": "1s"}
    server.script += [Reply(proper=True, headers=slow)] * 2
    ask("openalex", replace(SETTINGS, page_size=5), limit=10)
    assert server.seen[1].at - server.seen[0].at >= 0.49
