"""kill -9 at moments spread over whole jobs: the same command again gives what an undisturbed one gives."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from tests.attack import command
from tests.attack.command import Course
from tests.attack.jobs import Job, sound, writing
from tests.attack.tally import Tally

JOBS = ("search", "verify", "report", "bundle", "screen", "library import")
IN_A_ROW = 5  # kills before the job is left to end
LAST = 0.95  # share of an undisturbed run after which no kill is tried
TRIES = 2  # times the number of kills that are tried to hit as often as was asked


def of(ground: Path, name: str, folder: Path, number: int, seed: int) -> Tally:
    """Kill the job `name` `number` times, at most five times in a row before it may end."""
    job, draw = writing(ground)[name], random.Random(f"{seed} {name}")
    tally = Tally(f"kill -9: {name}", "the same command again ends well, with what an undisturbed one leaves")
    with tally.timed():
        whole = job.fresh(folder / "undisturbed")
        done, course = command.measured(whole, job.line(whole))
        if done.returncode:
            raise RuntimeError(command.last_words(done))
        expected, round_ = job.left(whole), 0
        while tally.outcomes["killed"] < number and tally.outcomes.total() < TRIES * number:
            row = min(IN_A_ROW, number - tally.outcomes["killed"])
            _round(tally, job, folder / f"round-{round_}", course, expected, sorted(draw.random() for _ in range(row)))
            round_ += 1
    return tally


def _round(tally: Tally, job: Job, home: Path, course: Course, expected: object, moments: list[float]) -> None:
    """Kill at each of `moments`, ascending shares of a whole run, then let the job end and compare."""
    job.fresh(home)
    for share in moments:
        hit = command.killed(home, job.line(home), course.moment(LAST * share))
        tally.add("killed" if hit else "ended before")
    where = f"{home.name}, kills at {', '.join(f'{share:.3f}' for share in moments)}"
    done = command.synth(home, *job.line(home))
    if command.ending(done) != "done":
        tally.fault(f"{where}: {command.last_words(done)}")
    elif (left := job.left(home)) != expected:
        tally.fault(f"{where}: left {str(left)[:200]} instead of {str(expected)[:200]}")
    for wrong in sound(home):
        tally.fault(f"{where}: {wrong}")
    shutil.rmtree(home)
