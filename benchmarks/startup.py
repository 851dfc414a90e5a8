"""Time until every command says its first word, and the memory it holds by then.

python -m benchmarks.startup WORKSPACE [--runs N] [--checkout DIR ...] [--only WORD]

WORKSPACE: a small one with a search that is done (`synth demo --into WORKSPACE --skip-verify`); it is copied before
each command. With several `--checkout` the runs of the versions take turns, so that their ratio holds on a shared
machine. A command is ended at its first word, on stdout or stderr; seconds of the processor are those of its processes
by then.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
QUESTION = "Does tokenisation matter for multilingual models?"
RIS = "TY  - JOUR\nTI  - Multilingual tokenisation of rare scripts\nAU  - Doe, A.\nPY  - 2020\nER  - \n"
CLAIMS = '{"id": 1, "claim": "Aspirin lowers fever.", "cited_doc_ids": [1], "evidence": {}}\n'
CORPUS = '{"doc_id": 1, "title": "Aspirin", "abstract": ["Aspirin lowers fever in adults."], "structured": false}\n'
DUMP = (
    '{"id": "2020.acl-main.1", "title": "A title", "abstract": "An abstract.", "authors": ["A. Doe"], "year": 2020}\n'
)
HELP = (
    " search screen papers claims verify report review check export bundle evaluate calibrate experiments demo doctor "
    "show duplicates library data"
).split(" ")
WORK = {
    "papers": ["papers"],
    "claims": ["claims"],
    "show claim": ["show", "claim", "1"],
    "show search": ["show", "search", "1"],
    "duplicates": ["duplicates"],
    "library import": ["library", "import", "dump.jsonl"],
    "library status": ["library", "status"],
    "library find": ["library", "find", "title", "--words"],
    "library index": ["library", "index"],
    "data list": ["data", "list"],
    "experiments": ["experiments"],
    "export": ["export"],
    "doctor": ["doctor"],
    "report": ["report"],
    "review": ["review"],
    "check": ["check"],
    "bundle": ["bundle"],
    "bundle --check": ["bundle", "--check", "bundle.zip"],
    "verify": ["verify", "--claim", "25"],
    "search": ["search", QUESTION, "--papers", "pdfs"],
    "search --import": ["search", QUESTION, "--import", "references.ris"],
    "evaluate": ["evaluate", "--claims", "claims.jsonl", "--corpus", "corpus.jsonl", "--out", "out.jsonl", "--cited"],
    "calibrate": ["calibrate", "--claims", "claims.jsonl", "--corpus", "corpus.jsonl"],
    "demo": ["demo", "--into", "new", "--skip-verify"],
    "screen": ["screen", "--json"],
}


class Word(NamedTuple):
    """Seconds by the clock and of the processor, and MB held, when a command said its first word."""

    wall: float
    processor: float
    memory: float
    text: str


def first_word(command: list[str], folder: Path, environment: dict[str, str]) -> Word:
    """Run `command` in `folder` until its first word, then end it and its children."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    assert process.stdout
    text = os.read(process.stdout.fileno(), 400).decode(errors="replace")
    wall = time.perf_counter() - begun
    used, memory = _usage(process.pid)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.stdout.close()
    process.wait()
    return Word(wall, used, memory, text.strip().partition("\n")[0])


def _usage(pid: int) -> tuple[float, float]:
    """Return seconds of the processor and MB of process `pid`, and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return sum(map(int, fields[11:15])) / TICKS, int(status.get("VmHWM", "0 kB").split()[0]) / 1024


def _folder(parent: Path, workspace: Path) -> Path:
    """Return a fresh copy of the workspace with the small files that commands take."""
    folder = Path(tempfile.mkdtemp(dir=parent))
    shutil.copytree(workspace / "db", folder / "db", ignore=shutil.ignore_patterns("artifacts"))
    shutil.copytree(workspace / "reports", folder / "reports")
    (folder / "pdfs").mkdir()
    for pdf in list((workspace / "db" / "pdfs").glob("*.pdf"))[:2]:
        shutil.copy(pdf, folder / "pdfs")
    texts = {"references.ris": RIS, "claims.jsonl": CLAIMS, "corpus.jsonl": CORPUS, "dump.jsonl": DUMP}
    for name, text in texts.items():
        (folder / name).write_text(text)
    if (workspace / "bundle.zip").exists():
        shutil.copy(workspace / "bundle.zip", folder)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--checkout", type=Path, action="append")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    checkouts = options.checkout or [ROOT]
    commands = {f"{name} --help".strip(): [*name.split(), "--help"] for name in HELP} | WORK
    print(
        "| `synth …` | " + " | ".join(f"{c.name}: s, s of the processor, MB" for c in checkouts) + " | ratio | says |"
    )
    print("|---|" + "---|" * (len(checkouts) + 2))
    with tempfile.TemporaryDirectory() as parent:
        for name, arguments in commands.items():
            if options.only in name:
                _row(name, arguments, checkouts, options, Path(parent))


def _row(name: str, arguments: list[str], checkouts: list[Path], options: argparse.Namespace, parent: Path) -> None:
    words: list[list[Word]] = [[] for _ in checkouts]
    for run in range(options.runs + 1):
        for checkout, spent in zip(checkouts, words, strict=True):
            folder = _folder(parent, options.workspace)
            if name.startswith("library") and name != "library import":
                dump = [sys.executable, "-m", "synth", "library", "import", "dump.jsonl"]
                subprocess.run(dump, cwd=folder, env=_environment(checkout, folder), capture_output=True, check=False)
            word = first_word([sys.executable, "-m", "synth", *arguments], folder, _environment(checkout, folder))
            if run:  # the first warms the file cache
                spent.append(word)
            shutil.rmtree(folder)
    cells = [
        f"{statistics.median(w.wall for w in spent):.2f}, {statistics.median(w.processor for w in spent):.2f}, "
        f"{max(w.memory for w in spent):.0f}"
        for spent in words
    ]
    pairs = zip(words[0], words[-1], strict=True)
    ratio = statistics.median(a.processor / max(b.processor, 1 / TICKS) for a, b in pairs)
    print(f"| {name} | {' | '.join(cells)} | {ratio:.1f} | {words[-1][-1].text[:60]} |", flush=True)


def _environment(checkout: Path, folder: Path) -> dict[str, str]:
    return os.environ | {"SYNTH_HOME": str(folder), "PYTHONPATH": str(checkout.resolve())}


if __name__ == "__main__":
    main()
