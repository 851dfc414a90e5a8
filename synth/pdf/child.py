"""The child's side: opens untrusted PDFs under limits and answers on a pipe.

Run as `python -m synth.pdf.child LIMITS_JSON PARENT_PID`. Requests and answers are JSON lines, never pickles.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from dataclasses import asdict

from synth.core.errors import UnreadablePdf
from synth.pdf.guard import Limits
from synth.pdf.messages import Answer, Problem, Request

_PR_SET_PDEATHSIG = 1


def _die_with(parent: int) -> None:
    """End this process when its parent ends, for whatever reason.

    Elsewhere than on Linux, where the kernel cannot be asked for it, the end of the request pipe and the processor
    limit do the same, later.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def _limit(kind: int, amount: int) -> None:
    hard = resource.getrlimit(kind)[1]
    soft = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS; the other limits remain
        resource.setrlimit(kind, (soft, hard))


def _allow_cpu(seconds: int) -> None:
    """Allow this process `seconds` of processor time from now on.

    The kernel counts from the start of the process; each request gets its own share.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds + 1)


def _load_pymupdf() -> None:
    """Load PyMuPDF without its neural layout model, which is not used here and takes most of the start-up time."""
    sys.modules.setdefault("pymupdf.layout", None)  # type: ignore[arg-type]  # None: importing it fails
    import pymupdf  # noqa: F401

    if sys.modules["pymupdf.layout"] is None:
        del sys.modules["pymupdf.layout"]


def _answer(request: Request, limits: Limits) -> Answer:
    _load_pymupdf()  # only now, under the limits
    from synth.pdf import extract
    from synth.pdf.crops import crops
    from synth.pdf.document import build, without_lost_quotes

    with extract.opened(request["path"], limits) as pdf:
        if request["do"] == "read":
            document = build(pdf.sha256, pdf.meta(), pdf.pages(), pdf.warnings)
            with extract.opened(request["path"], limits) as second:
                return {"document": asdict(without_lost_quotes(document, second.holds))}
        if request["do"] == "text":
            return {"text": pdf.text(request["page"])}
        if request["sha256"] != pdf.sha256:
            raise UnreadablePdf("changed", "This is another file than the one that was read.", "Get that file again.")
        if request["do"] == "crop":
            return {"crops": [crops(pdf, spans) for spans in request["items"]]}
        return {"verified": [pdf.holds(spans, quote) for spans, quote in request["items"]]}


def _outcome(line: bytes, limits: Limits) -> Answer:
    do = "Look at the file; if it should be readable, get it again or export it anew."
    try:
        return _answer(json.loads(line), limits)
    except UnreadablePdf as error:
        problem = Problem(reason=error.reason, what=error.what, do=error.do)
    except MemoryError:
        problem = Problem(reason="memory", what="Reading needs more memory than the limit allows.", do=do)
    except Exception as error:  # whatever a hostile file provokes, the other files go on
        what = f"The PDF reader failed on this file ({type(error).__name__}: {error})."
        problem = Problem(reason="crashed", what=what, do=do)
    return {"error": problem}


def main() -> None:
    limits = Limits(**json.loads(sys.argv[1]))
    _die_with(int(sys.argv[2]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    _limit(resource.RLIMIT_AS, limits.memory)
    _limit(resource.RLIMIT_CORE, 0)
    # The answers get a pipe of their own, so that nothing a library prints can slip in between.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        _allow_cpu(limits.cpu_seconds)
        answers.write(json.dumps(_outcome(line, limits)).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
