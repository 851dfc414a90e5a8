"""A real Slurm on this machine, started without systemd for a test and stopped after it. As root, on Debian."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol")
CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
SlurmUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=2,batch_sched_delay=0
MinJobAge=2
MpiDefault=none
SlurmdParameters=config_overrides
JobAcctGatherType=jobacct_gather/none
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> str:
    """Return why no Slurm can be started here; "" where one can."""
    if os.name != "posix" or os.geteuid() != 0:
        return "only root can start Slurm"
    environment = {"path": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}
    lacking = [name for name in PROGRAMS if shutil.which(name, **environment) is None]
    return f"{', '.join(lacking)} not installed: make slurm" if lacking else ""


class Slurm:
    """One controller, one node of `cpus` processors."""

    def __init__(self, folder: Path, cpus: int = 2) -> None:
        self.folder = folder
        self.host = socket.gethostname().split(".")[0]
        self.environment = {"SLURM_CONF": str(folder / "slurm.conf")}
        self.path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
        for name in ("state", "spool"):
            (folder / name).mkdir()
        text = CONFIGURATION.format(host=self.host, folder=folder, ports=_free_ports(2), cpus=cpus)
        (folder / "slurm.conf").write_text(text, encoding="utf-8")
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        self._spawn(
            "munged", "--foreground", "--force", f"--socket={self.folder}/munge.socket", f"--key-file={key}",
            f"--pid-file={self.folder}/munged.pid", f"--log-file={self.folder}/munged.log",
            f"--seed-file={self.folder}/munge.seed",
        )  # fmt: skip
        _until(lambda: (self.folder / "munge.socket").exists(), "munged")
        self.start_controller()
        self._spawn("slurmd", "-D", "-f", str(self.folder / "slurm.conf"))
        _until(lambda: "idle" in self.run("sinfo", "-h", "-o", "%T"), "a node that is idle")

    def start_controller(self) -> None:
        self._spawn("slurmctld", "-D", "-f", str(self.folder / "slurm.conf"))
        _until(lambda: "UP" in self.run("scontrol", "ping"), "slurmctld")

    def stop_controller(self) -> None:
        self._stop("slurmctld")

    def run(self, *command: str) -> str:
        answer = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env={**os.environ, **self.environment, "PATH": self.path},
            check=False,
        )
        return answer.stdout + answer.stderr

    def jobs(self) -> list[str]:
        return [line for line in self.run("squeue", "-h", "-r", "-o", "%i %T").splitlines() if line.strip()]

    def node(self, state: str) -> None:
        self.run("scontrol", "update", f"NodeName={self.host}", f"State={state}", "Reason=test")

    def stop(self) -> None:
        if "slurmctld" in self.processes:
            self.run("scancel", "--user=root", "--full")
        for name in ("slurmd", "slurmctld", "munged"):
            self._stop(name)

    def _spawn(self, name: str, *arguments: str) -> None:
        program = shutil.which(name, path=self.path)
        assert program
        with (self.folder / f"{name}.out").open("ab") as out:
            self.processes[name] = subprocess.Popen(
                [program, *arguments], stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                env={**os.environ, **self.environment}, start_new_session=True,
            )  # fmt: skip

    def _stop(self, name: str) -> None:
        process = self.processes.pop(name, None)
        if process is not None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _until(true, what: str, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come up in {seconds:.0f} s")
        time.sleep(0.2)
