"""The command line. Only here does synth print or exit; heavy libraries load inside the commands."""

from __future__ import annotations

import os
import sys

import typer

from synth.cli import (
    bundle,
    calibrate,
    check,
    data,
    demo,
    doctor,
    duplicates,
    evaluate,
    experiments,
    export,
    library,
    listings,
    report,
    review,
    runs,
    screen,
    search,
    verify,
)
from synth.cli.terminal.output import say
from synth.cli.terminal.visible import Visible
from synth.core.errors import SynthError

INTERRUPTED = 130  # the exit code of a process that Ctrl-C ended: 128 and the number of the signal

app = typer.Typer(
    name="synth",
    help="Answer a research question from the literature, then check what the literature says by experiment.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        from synth import __version__

        print(__version__)
        raise typer.Exit


@app.callback()
def options(
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of an error."),
    verbose: bool = typer.Option(False, "--verbose", help="Say on stderr what is done: requests, stages, models."),
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    if debug:
        os.environ["SYNTH_DEBUG"] = "1"
    if verbose:
        import logging

        logging.basicConfig(format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr)
        for package in ("synth", "repro"):
            logging.getLogger(package).setLevel(logging.INFO)


for module in (
    search,
    screen,
    listings,
    duplicates,
    verify,
    runs,
    report,
    review,
    check,
    export,
    bundle,
    evaluate,
    calibrate,
    experiments,
    library,
    data,
    demo,
    doctor,
):
    module.add_to(app)


def main() -> None:
    """Run a command; an error is one line of what happened and one of what to do."""
    # One thread a process unless the user says otherwise: processes that spin for each other's cores are slower.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # oneDNN keeps a kernel for every length of text; a thousand of them, its default, hold hundreds of MB.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    sys.stdout, sys.stderr = Visible(sys.stdout), Visible(sys.stderr)
    try:
        app()
    except SynthError as error:
        _fail(error.what, error.do, error.exit_code)
    except KeyboardInterrupt:
        _interrupted()
    except SystemExit as end:
        if end.code != INTERRUPTED:
            raise
        _interrupted()  # typer makes an exit of the interrupt, without a word
    except Exception as error:
        _fail(
            f"Unexpected {type(error).__name__}: {error}",
            "This is a defect of synth; `synth --debug …` shows where. What was stored before it is safe.",
            1,
        )


def _interrupted() -> None:
    _fail("Interrupted.", "The same command continues where this one stopped.", INTERRUPTED)


def _fail(what: str, do: str, code: int) -> None:
    if os.environ.get("SYNTH_DEBUG"):
        import traceback

        traceback.print_exc()
    say(f"synth: {' '.join(what.split())}")
    say(f"  → {' '.join(do.split())}")
    sys.exit(code)
