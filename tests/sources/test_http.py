"""Turns at a host, over processes; and the small readers of headers."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.core.errors import SourceError, UsageError
from synth.sources.http.client import retry_after, user_agent
from synth.sources.http.pace import Pace, cache_folder, shared_lock

ASK = """
import time
from synth.sources import SourceSettings
from synth.sources.http import client as http
from synth.sources.providers.arxiv import SOURCE
ask = http._Session.get
http._Session.get = lambda *a, **k: print(time.time()) or ask(*a, **k)
print(sum(len(p.records) for p in SOURCE.pages("transfer", 5, 0, SourceSettings(page_size=1, seconds=10))))
"""


def test_two_processes_share_the_rate_limit_and_the_connection(server, monkeypatch):
    """Each asks five times; no two requests of either start closer than the interval."""
    interval = 0.2
    monkeypatch.setenv("SYNTH_ARXIV_INTERVAL", str(interval))
    both = [
        subprocess.Popen([sys.executable, "-c", ASK], env=os.environ, stdout=subprocess.PIPE, text=True) for _ in "ab"
    ]
    said = [process.communicate(timeout=60)[0].split() for process in both]
    assert [words.pop() for words in said] == ["5", "5"]
    times = sorted(float(word) for words in said for word in words)
    assert len(times) == len(server.seen) == 10
    assert min(after - before for before, after in pairwise(times)) >= interval


def test_threads_take_turns_and_nobody_is_kept_out():
    pace = Pace("host", 0.05)
    order = []

    def work(name):
        for _ in range(10):
            with pace.turn():
                order.append((name, time.time()))

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = [at for _, at in order]
    # A time is noted later than its turn begins, on a busy machine much later; over all turns that evens out.
    assert times[-1] - times[0] >= 0.8 * 0.05 * (len(times) - 1)
    assert len({name for name, _ in order[:15]}) == 2


def test_a_pause_holds_for_every_process_and_a_clock_set_back_does_not_lengthen_it():
    pace = Pace("host", 0.01)
    with pace.turn():
        pace.hold(0.3)
    before = time.time()
    with Pace("host", 0.01).turn():
        assert 0.25 < time.time() - before < 1
    file = cache_folder() / "locks" / "host-host.times"
    file.write_text(f"{time.time() + 9000} {time.time() + 9000.1}")
    before = time.time()
    with pace.turn():
        assert time.time() - before < 1


@pytest.mark.parametrize("content", ["", "x y", "nan inf", "1", "é"])
def test_damaged_times_are_no_obstacle(content):
    file = cache_folder() / "locks" / "host-host.times"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    before = time.time()
    with Pace("host", 0.01).turn():
        assert time.time() - before < 1


def test_a_turn_that_never_comes_is_an_error(monkeypatch):
    monkeypatch.setattr("synth.sources.http.pace.MAX_QUEUE", 0.2)
    with shared_lock("host-h").acquire(), pytest.raises(SourceError, match="busy"), Pace("h", 0).turn():
        pass


def test_the_cache_folder_is_a_setting_and_must_be_usable(tmp_path, monkeypatch):
    assert cache_folder({"SYNTH_CACHE": "/c"}).as_posix() == "/c"
    assert cache_folder({"XDG_CACHE_HOME": "/x"}).as_posix() == "/x/synth"
    (tmp_path / "file").write_text("")
    (cache_folder() / "locks" / "host-h.times").mkdir(parents=True)  # the times cannot be written there
    with pytest.raises(SourceError, match="turns"), Pace("h", 0).turn():
        pass
    monkeypatch.setenv("SYNTH_CACHE", str(tmp_path / "file"))
    with pytest.raises(SourceError, match="turns"), Pace("h", 0).turn():
        pass


NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("", 0), ("7", 7), (" 120 ", 120), ("-5", 0), ("soon", 0), ("1e9", 0), ("99999999999999", 999999999)],
)
def test_retry_after_in_seconds(text, seconds):
    assert retry_after(text, NOW) == seconds


@given(st.integers(-10_000, 10_000))
def test_retry_after_as_a_date(seconds):
    assert retry_after(format_datetime(NOW + timedelta(seconds=seconds), usegmt=True), NOW) == max(0, seconds)


@given(st.text(max_size=40))
def test_any_retry_after_gives_a_finite_pause(text):
    assert 0 <= retry_after(text, NOW) < 1e12


def test_the_user_agent(monkeypatch):
    assert user_agent("").startswith("synth/")
    monkeypatch.setenv("SYNTH_CONTACT", "https://lab.example/bot")
    assert user_agent("", "arxiv.py/4").endswith("(https://lab.example/bot) arxiv.py/4")
    assert user_agent("me@lab.example").endswith("(mailto:me@lab.example)")
    with pytest.raises(UsageError):
        user_agent("a b")
