"""The stages of a plan on a Slurm cluster: arrays of jobs that go on when nobody watches, and are found again.

All stages that wait for nothing are submitted as one array (by submitit); what depends on them follows as another. What
was submitted stands in a file beside the store, so that the same call in another process attaches to it. A job's result
is its artifact in the store, which nodes and login node share; its error is a JSON file. Nothing is unpickled here.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from repro.artifacts import Store
from repro.errors import LabError
from repro.plan.plan import Plan
from repro.plan.stages import Stage
from repro.run.pool import Event, order_of
from repro.run.protocol import Order

POLL = 2.0  # seconds between looks at the queue
PATIENCE = 600.0  # seconds that Slurm may be silent
SETTLING = 15.0  # seconds that a result may take to be seen through a shared file system
TRIES = 3  # submissions of a stage whose job was lost
ANSWER_SECONDS = 60
STATES_THAT_WAIT = ("PENDING", "CONFIGURING", "REQUEUED", "RESIZING", "SUSPENDED", "REQUEUE_HOLD", "SPECIAL_EXIT")


@dataclass(frozen=True)
class Cluster:
    """Resources that a job asks of Slurm.

    Attributes:
        minutes: time limit of one stage.
        at_once: jobs of an array that run side by side.
        patience: seconds that Slurm may be silent before this gives up watching.
    """

    partition: str = ""
    account: str = ""
    minutes: int = 60
    gpus: int = 0
    cpus: int = 1
    memory_mb: int = 0
    at_once: int = 256
    patience: float = PATIENCE


@dataclass
class _Submitted:
    """Jobs by the key of their stage. `tries`: how often a stage was submitted."""

    jobs: dict[str, str] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)


def carry_out(plan: Plan, store: Store, on_event: Callable[[Event], None], cluster: Cluster) -> dict[str, float]:
    """Submit the stages that the store lacks and wait for them; return seconds by stage name.

    Interrupted, it leaves the jobs to Slurm.

    Raises:
        LabError: Slurm is not here, refuses the jobs or is silent for long; a stage failed, or was lost several times;
            another process watches this run.
    """
    for program in ("sbatch", "squeue"):
        if shutil.which(program) is None:
            raise LabError(f"there is no Slurm here: {program} is not found", "run it on a login node, or `--on local`")
    folder = store.root / "jobs" / plan.spec_hash[:32]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "lock", timeout=0):
            return _Watch(plan, store, on_event, cluster, folder).until_done()
    except Timeout as error:
        raise LabError("another process watches these jobs", "wait for it, or end it; the jobs go on") from error


class _Watch:
    """One process that submits the jobs of a plan and follows them."""

    def __init__(
        self, plan: Plan, store: Store, on_event: Callable[[Event], None], cluster: Cluster, folder: Path
    ) -> None:
        self.plan, self.store, self.on_event, self.cluster, self.folder = plan, store, on_event, cluster, folder
        self.submitted = _read(folder / "submitted.json")
        self.done: set[str] = set()
        self.shown: dict[str, str] = {}
        self.seconds: dict[str, float] = {}
        self.gone: dict[str, float] = {}  # key → when its job was first not in the queue

    def until_done(self) -> dict[str, float]:
        for stage in self.plan.stages:
            if self.store.has(stage.key) and stage.key not in self.submitted.jobs:
                self.done.add(stage.name)
                self.on_event(Event("reused", stage.name, 1.0))
        heard = time.monotonic()
        while True:
            self._take_results()
            waiting = [stage for stage in self.plan.stages if stage.name not in self.done]
            if not waiting:
                return self.seconds
            ready = [stage for stage in waiting if self.done.issuperset(stage.needs)]
            states = queue(self.submitted.jobs[stage.key] for stage in ready if stage.key in self.submitted.jobs)
            if states is None:
                if time.monotonic() - heard > self.cluster.patience:
                    raise LabError(
                        f"Slurm has been silent for {time.monotonic() - heard:.0f} seconds",
                        "run the same command again when it answers; the jobs that were submitted are found again",
                    )
                time.sleep(POLL)
                continue
            heard = time.monotonic()
            self._show(ready, states)
            if fresh := self._to_submit(ready, states):
                self._submit(fresh)
            time.sleep(POLL)

    def _take_results(self) -> None:
        for stage in self.plan.stages:
            if stage.name in self.done:
                continue
            if self.store.has(stage.key):
                self.done.add(stage.name)
                self.seconds[stage.name] = float(self.store.manifest(stage.key)["seconds"])
                self.on_event(Event("finished", stage.name, 1.0, seconds=self.seconds[stage.name]))
                continue
            if (file := self.folder / f"{stage.key}.error.json").is_file():
                error = json.loads(file.read_text(encoding="utf-8"))
                file.unlink()
                self.submitted.jobs.pop(stage.key, None)
                self._save()
                raise LabError(str(error["what"]), str(error["do"]))

    def _to_submit(self, ready: Sequence[Stage], states: Mapping[str, tuple[str, str]]) -> list[Stage]:
        """Return the stages that have no job, each key once; a job that is gone without a result counts as none."""
        fresh: dict[str, Stage] = {}
        for stage in ready:
            job = self.submitted.jobs.get(stage.key)
            if job in states:
                self.gone.pop(stage.key, None)
                continue
            if job is not None and time.monotonic() - self.gone.setdefault(stage.key, time.monotonic()) < SETTLING:
                continue
            if job is not None:
                self.on_event(Event("progress", stage.name, 0.0, f"job {job} was lost; it is submitted again"))
                if self.submitted.tries.get(stage.key, 0) >= TRIES:
                    raise LabError(
                        f"the job of stage {stage.name} was lost {TRIES} times" + self._last_words(job),
                        "see its limits of time and memory; the same command submits it again",
                    )
            self.gone.pop(stage.key, None)
            fresh.setdefault(stage.key, stage)
        return list(fresh.values())

    def _submit(self, stages: Sequence[Stage]) -> None:
        """Submit the stages as one array and write down which job is whose before anything else happens."""
        try:
            import submitit
        except ImportError as error:
            raise LabError(
                "submitit is not installed, which hands jobs to Slurm", "pip install 'synth[slurm]'"
            ) from error

        executor = submitit.AutoExecutor(folder=self.folder / "logs", cluster="slurm")
        executor.update_parameters(**_parameters(self.cluster, self.plan.experiment.id))
        orders = [order_of(stage, self.plan, self.store) for stage in stages]
        try:
            jobs = executor.map_array(carry_out_order, orders, [str(self.folder)] * len(orders))
        except (submitit.core.utils.FailedJobError, OSError, subprocess.SubprocessError, RuntimeError) as error:
            words = " ".join(str(error).split())[-300:]
            raise LabError(f"Slurm did not take the jobs: {words}", "see partition, limits and account") from error
        for stage, job in zip(stages, jobs, strict=True):
            self.submitted.jobs[stage.key] = job.job_id
            self.submitted.tries[stage.key] = self.submitted.tries.get(stage.key, 0) + 1
            self.on_event(Event("started", stage.name, 0.0, f"job {job.job_id}"))
        self._save()

    def _show(self, ready: Iterable[Stage], states: Mapping[str, tuple[str, str]]) -> None:
        for stage in ready:
            state, why = states.get(self.submitted.jobs.get(stage.key, ""), ("", ""))
            words = (
                f"{state.lower()} ({why})" if state in STATES_THAT_WAIT and why not in ("", "None") else state.lower()
            )
            if words and self.shown.get(stage.key) != words:
                self.shown[stage.key] = words
                self.on_event(Event("progress", stage.name, 0.0, words))

    def _last_words(self, job: str) -> str:
        for file in sorted((self.folder / "logs").glob(f"{job}_*_log.err")):
            with suppress(OSError):
                if lines := file.read_text(encoding="utf-8", errors="replace")[-2000:].strip().splitlines():
                    return f": {lines[-1]}"
        return ""

    def _save(self) -> None:
        draft = self.folder / "submitted.json.part"
        draft.write_text(json.dumps(asdict(self.submitted), indent=1), encoding="utf-8")
        draft.replace(self.folder / "submitted.json")


def carry_out_order(order: Order, folder: str) -> str:
    """Carry out one stage on a node; its result is the artifact, its error a file in `folder`."""
    from repro.run.worker import attempt

    answer = attempt(order, lambda fraction, message: None)
    if "error" in answer:
        draft = Path(folder) / f"{order['key']}.error.part"
        draft.write_text(json.dumps(answer["error"]), encoding="utf-8")
        draft.replace(Path(folder) / f"{order['key']}.error.json")
        return "failed"
    return "done"


def queue(jobs: Iterable[str]) -> dict[str, tuple[str, str]] | None:
    """Return job → (state, reason) of those that Slurm still has; None where it does not answer."""
    wanted = set(jobs)
    if not wanted:
        return {}
    command = ["squeue", "--noheader", "--array", "--me", "--format", "%i|%T|%r"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if answer.returncode:
        return None
    rows = (line.strip().split("|", 2) for line in answer.stdout.splitlines() if line.count("|") >= 2)
    ended = ("COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "NODE_FAIL", "OUT_OF_MEMORY", "BOOT_FAIL", "DEADLINE")
    return {job: (state, why) for job, state, why in rows if job in wanted and state not in ended}


def cancel(store: Store, spec_hash: str) -> int:
    """Cancel the jobs of a run; return how many there were."""
    jobs = sorted(set(_read(store.root / "jobs" / spec_hash[:32] / "submitted.json").jobs.values()))
    living = sorted(queue(jobs) or {})
    if living:
        subprocess.run(["scancel", *living], capture_output=True, timeout=ANSWER_SECONDS, check=False)
    return len(living)


def cluster_of(options: Mapping[str, str]) -> Cluster:
    """Read what is asked of Slurm from KEY=VALUE pairs. LabError for what is no option or no value of one."""
    known = {"partition", "account", "time", "gpus", "cpus", "memory", "at_once"}
    for name in options:
        if name not in known:
            raise LabError(f"there is no option {name!r} of Slurm", f"options: {', '.join(sorted(known))}")
    for name in ("partition", "account"):
        if name in options and not re.fullmatch(r"[\w.,-]+", options[name]):
            raise LabError(f"{name} {options[name]!r} is no name", f"write it as Slurm knows it: {name}=NAME")
    return Cluster(
        partition=options.get("partition", ""),
        account=options.get("account", ""),
        minutes=_minutes(options.get("time", "60")),
        gpus=_whole("gpus", options.get("gpus", "0"), 0),
        cpus=_whole("cpus", options.get("cpus", "1"), 1),
        memory_mb=_megabytes(options.get("memory", "0")),
        at_once=_whole("at_once", options.get("at_once", "256"), 1),
    )


def _whole(name: str, text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least or int(text) > 100_000:
        raise LabError(f"{name} is {text!r}", f"write a whole number from {least}")
    return int(text)


def _minutes(text: str) -> int:
    match = re.fullmatch(r"(\d{1,6})(m|h|d)?", text)
    if not match or int(match[1]) < 1:
        raise LabError(f"time is {text!r}", "write minutes, or 2h, or 1d")
    return int(match[1]) * {None: 1, "m": 1, "h": 60, "d": 1440}[match[2]]


def _megabytes(text: str) -> int:
    match = re.fullmatch(r"(\d{1,7})(M|G)?B?", text, re.IGNORECASE)
    if not match:
        raise LabError(f"memory is {text!r}", "write megabytes, or 8G")
    return int(match[1]) * (1024 if (match[2] or "M").upper() == "G" else 1)


def _parameters(cluster: Cluster, name: str) -> dict[str, object]:
    """Return the settings of submitit's executor."""
    parameters: dict[str, object] = {
        "timeout_min": cluster.minutes,
        "cpus_per_task": cluster.cpus,
        "slurm_job_name": f"synth-{name}"[:60],
        "slurm_array_parallelism": cluster.at_once,
        "slurm_use_srun": False,
        "stderr_to_stdout": False,
    }
    if cluster.partition:
        parameters["slurm_partition"] = cluster.partition
    if cluster.account:
        parameters["slurm_account"] = cluster.account
    if cluster.gpus:
        parameters["gpus_per_node"] = cluster.gpus
    if cluster.memory_mb:
        parameters["slurm_mem"] = f"{cluster.memory_mb}M"
    return parameters


def _read(file: Path) -> _Submitted:
    if not file.is_file():
        return _Submitted()
    stored = json.loads(file.read_text(encoding="utf-8"))
    return _Submitted(dict(stored["jobs"]), dict(stored["tries"]))
