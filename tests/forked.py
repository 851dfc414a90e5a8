"""Python programs in processes that are forked from one that has the heavy libraries loaded.

A program that is started anew imports torch, transformers and spaCy for five to ten seconds of processor; forked, it
costs what its own work costs. It is a process like any other, with pipes, variables and a folder of its own, to be
killed and waited for. Only what an interpreter reads at its start (`PYTHON…` variables) does not reach it.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import gc
import json
import os
import runpy
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests import kept_vectors

# Variables that say where the servers listen: programs that they forked ask them too.
PROGRAMS, PDF_READERS = "TESTS_FORK_SERVER", "TESTS_PDF_FORK_SERVER"
CONNECT = socket.socket.connect  # tests take it away from the program, to see that it asks no network
HEAVY = ("synth.cli", "torch", "transformers", "sentence_transformers", "spacy", "faiss", "sklearn", "scipy.stats")
HEAVY += (
    "repro.models.xlmr",
    "repro.training.loop",
    "synth.search.run",
    "synth.report.write",
    "sqlmodel",
    "alembic.command",
)
SERVE = "import sys; from tests.forked import serve; serve(*sys.argv[1:])"


class Forked(subprocess.Popen):
    """`subprocess.Popen` of `[sys.executable, "-m", MODULE | "-c", CODE | FILE, ARGUMENTS …]`, by a fork."""

    server = PROGRAMS

    def _execute_child(self, *arguments: Any) -> None:
        command, _, _, _, _, folder, variables, _, _, _, *pipes = arguments[:16]
        program = {
            "command": [os.fspath(word) for word in command],
            "folder": os.fspath(folder or Path.cwd()),
            "variables": {str(k): str(v) for k, v in (os.environ if variables is None else variables).items()},
            "session": bool(arguments[21]),
        }
        program["variables"] |= {name: address(name) for name in (PROGRAMS, PDF_READERS) if self.server == PROGRAMS}
        own = (pipes[0], pipes[3], pipes[5])
        self._asked = socket.socket(socket.AF_UNIX)
        CONNECT(self._asked, address(self.server))
        socket.send_fds(self._asked, [b"*"], [number if end == -1 else end for number, end in enumerate(own)])
        self._asked.sendall(json.dumps(program).encode() + b"\n")
        self.pid = int(self._asked.recv(20))
        self._child_created = True
        self._close_pipe_fds(*pipes)

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        self._asked.settimeout(0 if wait_flags & os.WNOHANG else None)
        try:
            status = self._asked.recv(20)
        except BlockingIOError:
            return 0, 0
        self._asked.close()
        return self.pid, int(status or signal.SIGKILL)  # without a server nothing is known

    def _internal_poll(self, *_: Any, **__: Any) -> int | None:
        with self._waitpid_lock:
            if self.returncode is None:
                pid, status = self._try_wait(os.WNOHANG)
                if pid == self.pid:
                    self._handle_exitstatus(status)
        return self.returncode


class ForkedReader(Forked):
    """A child that reads PDFs, forked from a process that has nothing but PyMuPDF loaded: its memory is limited."""

    server = PDF_READERS


def put_in_place() -> None:
    """Let the laboratory's workers and the readers of PDFs be forked."""
    from repro.run import pool
    from synth.pdf import guard

    for module, popen in ((pool, Forked), (guard, ForkedReader)):
        module.subprocess = SimpleNamespace(**{**vars(subprocess), "Popen": popen})  # type: ignore[attr-defined]


def run(
    command: Sequence[str | Path], *, input: Any = None, timeout: float, check: bool = False, **options: Any
) -> subprocess.CompletedProcess:
    """Do what `subprocess.run` does, by a fork; what the program prints is captured."""
    with Forked(command, **{"stdin": -1, "stdout": -1, "stderr": -1, **options}) as process:
        try:
            out, error = process.communicate(input, timeout)
        except BaseException:
            process.kill()
            raise
    done = subprocess.CompletedProcess(command, process.returncode, out, error)
    if check:
        done.check_returncode()
    return done


def address(server: str) -> str:
    """Return where a server listens: the one that forked this process, or one of its own, started when needed."""
    return os.environ.get(server) or _started(server)


@functools.cache
def _started(server: str) -> str:
    place = Path(tempfile.mkdtemp(prefix="fork-server-")) / "socket"
    # Its input is a pipe from here: where this process ends, so does the server.
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, server, place],
        stdin=-1,
        stdout=-1,
        cwd=Path(__file__).parents[1],
        start_new_session=True,
    )
    assert process.stdout
    process.stdout.readline()
    RUNNING.append(process)
    return str(place)


RUNNING: list[subprocess.Popen] = []  # the servers of this process, and with them the pipes that keep them alive


def _load_programs() -> None:
    for name in HEAVY:
        __import__(name)
    from synth.text.parsing import parse

    parse(["The parser is loaded with the first sentence."])
    put_in_place()


def _load_pdf_readers() -> None:
    from synth.pdf import child

    child._load_pymupdf()
    __import__("synth.pdf.crops")
    __import__("synth.pdf.document")


def serve(server: str, place: str) -> None:
    """Load what is heavy, then fork a process for everyone who asks, and tell its number and how it ended."""
    sys.path[:] = [str(Path(__file__).parents[1]), *filter(None, sys.path)]  # no folder that a program works in
    {PROGRAMS: _load_programs, PDF_READERS: _load_pdf_readers}[server]()
    gc.freeze()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(place)
    listener.listen(64)
    woken, waking = socket.socketpair()
    waking.setblocking(False)
    signal.set_wakeup_fd(waking.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    asking: dict[int, socket.socket] = {}
    with selectors.DefaultSelector() as ready:
        for source in (listener, woken, sys.stdin):
            ready.register(source, selectors.EVENT_READ)
        os.write(1, b"ready\n")
        while True:
            for key, _ in ready.select():
                if key.fileobj is sys.stdin:
                    shutil.rmtree(Path(place).parent)
                    return
                if key.fileobj is woken:
                    woken.recv(100)
                    _tell(asking)
                else:
                    _fork(listener, asking)


def _tell(asking: dict[int, socket.socket]) -> None:
    """Tell those who asked how their processes ended."""
    while asking:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        asked = asking.pop(pid)
        with asked, contextlib.suppress(OSError):  # who asked may have ended too
            asked.sendall(b"%20d" % status)


def _fork(listener: socket.socket, asking: dict[int, socket.socket]) -> None:
    asked, _ = listener.accept()
    _, ends, _, _ = socket.recv_fds(asked, 1, 3)
    with asked.makefile("rb") as lines:
        program = json.loads(lines.readline())
    pid = os.fork()
    if pid:
        asking[pid] = asked
        asked.sendall(b"%20d" % pid)
        for end in ends:
            os.close(end)
        return
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for other in (listener, asked, *asking.values()):
            other.close()
        code = _ended(program, ends)
    finally:
        os._exit(code)


def _ended(program: dict[str, Any], ends: Sequence[int]) -> int:
    """Be the program: its streams, variables and folder; return the code that it ends with."""
    import threading
    import traceback

    for number, end in enumerate(ends):
        os.dup2(end, number)
        os.close(end)
    if program["session"]:
        os.setsid()
        if os.isatty(0):  # as a terminal emulator does: only then does Ctrl-C there become a signal
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(program["variables"])
    os.chdir(program["folder"])
    kept_vectors.keep_as_told()
    code: Any = 0
    try:
        _run([word for word in program["command"][1:] if word not in ("-P", "-u")])
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
        code = 1
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    threading._shutdown()  # as an interpreter does at its end: waits for threads that are no daemons
    if isinstance(code, str):
        print(code, file=sys.stderr)
    return code if isinstance(code, int) else int(code is not None)


def _run(words: list[str]) -> None:
    kind, *rest = words
    if kind == "-m":
        if rest[0] == "synth.pdf.child":
            rest[-1] = str(os.getppid())  # a reader ends where its parent is another
        sys.argv = rest
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif kind == "-c":
        sys.argv = ["-c", *rest[1:]]
        exec(compile(rest[0], "<string>", "exec"), {"__name__": "__main__"})
    else:
        sys.argv = words
        runpy.run_path(kind, run_name="__main__")
