"""`synth screen`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.terminal.output import print_json, progress_shown, say, starting
from synth.cli.terminal.visible import raw
from synth.core.errors import SynthError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from synth.cli.terminal.keys import Keys
    from synth.core.workspace import Workspace
    from synth.screening.session import ScreeningSession, Shown, Standing
    from synth.store.database import Store

REASONS = ("not about the question", "another task or language", "no results of its own", "not a research paper")
ORDERS = ("relevant", "uncertain", "random")


def add_to(app: typer.Typer) -> None:
    app.command()(screen)


def screen(
    search: Annotated[int | None, typer.Option("--search", help="Number of the search. [default: the newest]")] = None,
    order: Annotated[
        str,
        typer.Option("--order", metavar="|".join(ORDERS), help="Which work comes next, by a model of your decisions."),
    ] = ORDERS[0],
    random: Annotated[
        float, typer.Option("--random", min=0, max=1, help="Share drawn at random, for the estimate of recall.")
    ] = 0.1,
    reason: Annotated[
        list[str] | None,
        typer.Option("--reason", help="Reason for excluding, on a key of its own; repeat for several."),
    ] = None,
    who: Annotated[str, typer.Option("--who", help="Who decides. [default: the name you are logged in by]")] = "",
    decisions: Annotated[
        Path | None, typer.Option("--decisions", help="Take decisions from a CSV file (- for the standard input).")
    ] = None,
    export: Annotated[Path | None, typer.Option("--export", help="Write every work and its decision to a CSV.")] = None,
    finish: Annotated[
        bool, typer.Option("--finish", help="Stop screening: exclude every work that nobody has decided.")
    ] = False,
    reopen: Annotated[bool, typer.Option("--reopen", help="Take --finish back.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: counts, recall, decisions.")] = False,
) -> None:
    """Decide in the terminal, with single keys, which works of a search are taken in.

    Example: synth screen --reason "another task"

    A model learns from your decisions which work to show next. Every decision is saved at once; the same command
    continues. Press ? for the keys.
    """
    from synth.core.workspace import find_workspace

    if order not in ORDERS:
        raise UsageError(f"There is no order `{order[:20]}`.", f"Orders are {', '.join(ORDERS)}.")
    if finish and reopen:
        raise UsageError("--finish and --reopen are opposites.", "Give one of them.")
    here = find_workspace()
    if not here.database.exists():
        raise SynthError(
            f"There is no workspace here ({here.database} does not exist).",
            'Start one with `synth search "<question>"`, or set SYNTH_HOME to an existing one.',
        )
    starting("screen")
    store, number = _opened(here, search)
    try:
        batch = decisions is not None or export is not None or finish or reopen or as_json
        name = _name(who)
        if batch:
            _batch(store, number, name, decisions, export, finish, reopen, as_json)
        else:
            _interactive(here, store, number, name, order, random, tuple(reason or REASONS))
    finally:
        store.close()


def _opened(here: Workspace, search: int | None) -> tuple[Store, int]:
    """Return the store and the number of the search.

    SynthError while that search is running: it would decide meanwhile.
    """
    from synth.screening import decision_store
    from synth.store.database import Store
    from synth.store.exclusive_lock import at_work

    store = Store(here.database)
    try:
        number = decision_store.opened(store, search)
        if at_work(here, f"search-{number.key[:16]}"):
            raise SynthError(
                f"Search {number.id} is running; which works it has is not settled yet.", "Screen when it has ended."
            )
        if not decision_store.works(store, int(number.id or 0)):
            raise SynthError(
                f"Search {number.id} has found no work that could be screened.",
                f"`synth show search {number.id}` says what was asked; ask again with other words or sources.",
            )
    except BaseException:
        store.close()
        raise
    return store, int(number.id or 0)


def _name(who: str) -> str:
    import getpass

    from synth.screening.plain import plain

    try:
        return plain(who)[:100] or getpass.getuser()
    except (OSError, KeyError):  # no such user in this system
        return "unknown"


def _batch(
    store: Store,
    number: int,
    who: str,
    decisions: Path | None,
    export: Path | None,
    finish: bool,
    reopen: bool,
    as_json: bool,
) -> None:
    """Do what needs no terminal, in this order: decisions of a file, the end of screening, export, JSON."""
    from synth.core.reasons.screening import exclusion
    from synth.screening import decision_file, decision_store, session

    if decisions is not None:
        text = sys.stdin.read(decision_file.MAX_BYTES) if str(decisions) == "-" else decision_file.read(decisions)
        new = decision_file.decisions(text, decision_store.works(store, number))
        decision_store.decide_all(store, number, new, who)
        count = "1 decision" if len(new) == 1 else f"{len(new)} decisions"
        say(f"{count} taken from {decisions}; what was decided so already is left alone.")
    if finish:
        excluded = decision_store.stop(store, number, who)
        say(f"{excluded} works that nobody decided are excluded now ({exclusion(decision_store.STOPPED)}).")
    if reopen:
        say(f"{decision_store.reopen(store, number, who)} works that were left unscreened are open again.")
    works, steps = decision_store.works(store, number), decision_store.steps(store, number)
    standing = session.standing(works, steps)
    if export is not None:
        decision_file.write(export, decision_file.written([row.row() for row in session.rows(works, steps)]))
        say(f"{len(works)} works written to {export}.")
    if as_json:
        print_json(session.as_json(number, decision_store.opened(store, number).question, standing, works, steps))
    else:
        _say_end(store, number, standing)


def _say_end(store: Store, number: int, standing: Standing) -> None:
    from synth.cli.terminal import screen_view
    from synth.screening import decision_store

    say(screen_view.progress(standing) + ".")
    say(screen_view.recall(standing))
    if standing.stopping is not None and standing.decided < standing.works:
        say(
            f"If recall were below 95 %, so few relevant ones in the last draws at random would have a probability "
            f"of {standing.stopping:.2g} (Callaghan and Müller-Hansen 2020)."
        )
    unread, without = decision_store.to_read(store, number)
    if without:
        say(f"Without full text, and so without claims: {without} of the works that are taken in; they are listed.")
    if unread:
        say(f"Next: `synth search --resume {number}` reads the {unread} works that are taken in and not read yet.")
    elif not decision_store.opened(store, number).complete:
        say(f"Next: `synth search --resume {number}` brings claims and evidence up to date with the decisions.")
    if standing.decided < standing.works and not standing.unscreened:
        say(
            "What nobody decided stands as the search ranked it; `synth screen --finish` excludes it instead, "
            "`synth screen` goes on."
        )


def _interactive(
    here: Workspace, store: Store, number: int, who: str, order: str, share: float, reasons: tuple[str, ...]
) -> None:
    from rich.console import Console

    from synth.cli.terminal.keys import listening
    from synth.core.settings import load
    from synth.screening import decision_store
    from synth.screening.reservations import Reservations
    from synth.screening.session import ScreeningSession, model_of

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "Screening by keys needs a terminal, and the standard input or output is none.",
            "Use --decisions FILE, --export FILE or --json; or run it in a terminal.",
        )
    claimed = Reservations(here.locks / f"screen-{number}")
    try:
        question = decision_store.opened(store, number).question
        with progress_shown() as progress:
            model = model_of(here, load(here.root), lambda done, total: progress("encode", done, total))
            desk = ScreeningSession(store, number, question, who, model, order, share, claimed)
            if order != "random" and desk.undecided:
                desk.prepare()
        console = Console(file=raw(sys.stdout), highlight=False, markup=False, emoji=False)
        try:
            with listening() as keys:
                Session(desk, console, keys, _reasons(desk, reasons)).run()
        finally:
            desk.leave()
            desk.refresh()
            console.print()
            _say_end(store, number, desk.standing())
    finally:
        claimed.close()


def _reasons(desk: ScreeningSession, named: tuple[str, ...]) -> list[str]:
    """Put reasons on the keys 1 to 9: the given ones, then those typed before in this search."""
    from synth.screening.decision_store import MAX_REASON_LENGTH
    from synth.screening.plain import plain

    used = [step.reason for step in desk.steps if step.decision == "exclude" and step.drawn != "stop"]
    known = dict.fromkeys(plain(text)[:MAX_REASON_LENGTH] for text in (*named, *used))
    return [text for text in known if text][:9]


class Session:
    """The loop of showing a work and acting on a key."""

    def __init__(self, desk: ScreeningSession, console: Console, keys: Keys, reasons: list[str]) -> None:
        self.desk, self.console, self.keys, self.reasons = desk, console, keys, reasons
        self.note = ""
        self.page = 0
        self.behind = 0  # how many records one has gone back

    def run(self) -> None:
        """Run until quit, the end of the works, or the end of the input (EOFError is a quit)."""
        try:
            shown = self.desk.next()
            while shown is not None:
                shown = self.turn(shown)
        except EOFError:
            return

    def turn(self, shown: Shown) -> Shown | None:
        """Show a work, take a key and act on it. Return the work to show then, None to end."""
        self.draw(shown)
        self.note = ""
        key = self.keys.next()
        if key in ("i", "m"):
            return self.decide(shown, "include" if key == "i" else "maybe")
        if key == "e" or (key in "123456789" and int(key) <= len(self.reasons)):
            reason = self.ask() if key == "e" else self.reasons[int(key) - 1]
            return shown if reason is None else self.decide(shown, "exclude", reason)
        if key in ("a", " "):
            self.page += 1
        elif key == "n" and self.behind:
            return self.following()
        elif key == "u":
            return self.undo(shown)
        elif key == "b":
            return self.back(shown)
        elif key == "o":
            return self.reorder()
        elif key in ("?", "h"):
            self.help()
        elif key == "q":
            return None
        else:
            self.note = "Press ? for the keys."
        return shown

    def draw(self, shown: Shown) -> None:
        from synth.cli.terminal import screen_view

        self.console.clear()
        text = screen_view.lines(
            self.console, shown, self.desk.standing(), self.desk.question, self.desk.order, self.page, self.note
        )
        for line in text:
            self.console.print(line, soft_wrap=True, overflow="crop", no_wrap=True)

    def decide(self, shown: Shown, decision: str, reason: str = "") -> Shown | None:
        from synth.screening.decision_store import Overtaken

        try:
            self.desk.decide(shown, decision, reason)
            word = {"include": "Included", "exclude": "Excluded", "maybe": "Left for later"}[decision]
            self.note = f"{word}{f' ({reason})' if reason else ''}; u takes it back."
        except Overtaken as overtaken:
            self.note = overtaken.what
        if reason and reason not in self.reasons and len(self.reasons) < 9:
            self.reasons.append(reason)
        return self.following()

    def following(self) -> Shown | None:
        self.page = self.behind = 0
        shown = self.desk.next()
        self.keys.forget()  # what was pressed before a work is in sight decides nothing
        return shown

    def undo(self, shown: Shown) -> Shown:
        from synth.screening.decision_store import Overtaken

        try:
            record = self.desk.undo()
        except Overtaken as overtaken:
            self.note = f"{overtaken.what} {overtaken.do}"
            return shown
        self.note = "Taken back: decide it anew." if record else "You have decided nothing yet."
        self.page = self.behind = 0
        return record or shown

    def back(self, shown: Shown) -> Shown:
        """Return the record decided before; pressed again the one before that."""
        undone = {step.undoes for step in self.desk.steps}
        mine = [s.paper for s in self.desk.steps if s.who == self.desk.who and s.drawn != "stop" and s.id not in undone]
        earlier = [paper for paper in dict.fromkeys(reversed(mine)) if paper in self.desk.works]
        if self.behind >= len(earlier):
            self.note = "There is no earlier record." if not earlier else "That was your first record."
            return shown
        self.desk.leave()
        self.behind += 1
        self.page = 0
        self.note = "Gone back; decide anew, or n for the next record."
        return self.desk.again(earlier[self.behind - 1])

    def reorder(self) -> Shown | None:
        self.desk.order = ORDERS[(ORDERS.index(self.desk.order) + 1) % len(ORDERS)]
        self.note = f"Order: {self.desk.order}."
        return self.following()

    def help(self) -> None:
        from synth.cli.terminal import screen_view

        self.console.clear()
        self.console.print(screen_view.HELP)
        for number, reason in enumerate(self.reasons, 1):
            self.console.print(f"{number}  {reason}")
        self.console.print("Any key goes on.")
        self.keys.next()

    def ask(self) -> str | None:
        """Return the reason for an exclusion: a number of the list, or typed. None if it was taken back with Escape."""
        from synth.cli.terminal.keys import ENTER, ESCAPE

        self.console.clear()
        self.console.print("Why is it excluded? A number, or type a reason and Enter; Esc goes back.")
        for number, reason in enumerate(self.reasons, 1):
            self.console.print(f"{number}  {reason}", overflow="fold")
        key = self.keys.next(pasting=True)
        if key.isdigit() and 0 < int(key) <= len(self.reasons):
            return self.reasons[int(key) - 1]
        return None if key in (ESCAPE, ENTER) else self.typed(key)

    def typed(self, first: str) -> str | None:
        from synth.cli.terminal.keys import BACKSPACE, ENTER, ESCAPE
        from synth.screening.decision_store import MAX_REASON_LENGTH
        from synth.screening.plain import plain

        text, key = "", first
        while key != ENTER:
            if key == ESCAPE:
                return None
            if key == BACKSPACE:
                text = text[:-1]
            elif len(key) == 1 and len(text) < MAX_REASON_LENGTH:
                text += key
            # The end of a long reason stays in sight.
            print(f"\r\x1b[K> {plain(text)[-max(1, self.console.width - 4) :]}", end="", flush=True)
            key = self.keys.next(pasting=True)
        return plain(text) or None
