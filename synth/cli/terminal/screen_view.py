"""Screens of `synth screen`: lines of text, cut to the size of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synth.screening.plain import marked, plain

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from synth.screening.session import Shown, Standing

MARK = "bold underline"
AUTHORS = 6  # names that are shown before "and N more"
LOW = 14  # lines below which a terminal shows the work alone
KEYS = "i include  e exclude  1-9 exclude for reason 1-9  m later  a more  u undo  b back  o order  ? help  q quit"
FEW_KEYS = "i e m a u b o ? q"
HELP = """\
i        include: the work is read when the search is resumed
e        exclude; choose a reason by its number, or type one
1 … 9    exclude for that reason, without asking
m        leave it for later (maybe); it comes back at the end
a, blank the rest of the abstract, if it does not fit
u        undo your last step, as often as you like
b        go back one record to look at it or decide it anew; b again goes further
o        another order: relevant, uncertain, random
?        this help
q        quit; everything is saved already

Every decision is saved at once. About one record in ten is drawn at random (it says so): the estimate of recall
rests on these, so decide them like any other. The estimate is of the works that this search has found."""


def lines(
    console: Console, shown: Shown, standing: Standing, question: str, order: str, page: int = 0, note: str = ""
) -> list[Text]:
    """Return the screen for a work, as many lines as fit. `page` of the abstract, `note` on what was done last."""
    from rich.text import Text

    width, height = max(console.width, 10), max(console.height, 3)
    tall = height >= LOW
    rule = [Text("─" * width, style="dim")] if tall else []
    keys = _folded(console, Text(KEYS if tall and width >= 40 else FEW_KEYS, style="dim"), width)
    foot = [*rule, *([Text(note, style="bold")] if note else []), *keys]
    head = [*(_head(console, standing, question, order, width) if tall else []), *rule]
    work = [*head, *_about(console, shown, question, width, tall)]
    room = max(1, height - len(foot) - 1)  # the last line stays free: writing there would scroll
    work = work[: max(1, room - 1)]
    abstract = _folded(console, highlighted(plain(shown.work.abstract) or "(no abstract)", question), width)
    body = paged(abstract, room - len(work), page)
    return [line for line in [*work, *body, *foot] if line is not None][: height - 1]


def paged(abstract: list[Text], room: int, page: int) -> list[Text]:
    """Return a page of `abstract` in `room` lines; where it goes on, the last one says so.

    Pages begin anew after the last.
    """
    from rich.text import Text

    if len(abstract) <= room:
        return abstract
    if room < 2:
        return abstract[page % len(abstract) :][:room]
    step = room - 1
    pages = -(-len(abstract) // step)
    page %= pages
    return [*abstract[page * step :][:step], Text(f"… a: more ({page + 1}/{pages})", style="dim")]


def _head(console: Console, standing: Standing, question: str, order: str, width: int) -> list[Text]:
    from rich.text import Text

    question_lines = _folded(console, Text(plain(question), style="dim"), width)[:2]
    return [
        *question_lines,
        *(
            line
            for text in (progress(standing, order), recall(standing))
            for line in _folded(console, Text(text), width)
        ),
    ]


def progress(standing: Standing, order: str = "") -> str:
    """Say how many are decided, and how."""
    later = f", {standing.maybe} for later" if standing.maybe else ""
    counts = f"{standing.included} included, {standing.excluded} excluded{later}"
    return f"{standing.decided} of {standing.works} decided: {counts}" + (f" · order: {order}" if order else "")


def recall(standing: Standing) -> str:
    """Return the estimate of recall in words."""
    recalled = standing.recall
    if standing.decided == standing.works:
        return "Every work is decided: nothing is left to estimate."
    if not recalled.draws:
        return "Recall: not known yet; it is estimated from the records drawn at random."
    draws = "1 random draw" if recalled.draws == 1 else f"{recalled.draws} random draws"
    if not standing.included:
        missed = f"about {recalled.missed:.0f}, at most {recalled.missed_at_most}"
        return f"Nothing relevant found yet; missed: {missed} ({draws})"
    value = "unknown" if recalled.recall is None else f"about {recalled.recall:.0%}"
    return (
        f"Recall {value} ({recalled.level:.0%} interval {recalled.low:.0%} to {recalled.high:.0%}, {draws}); "
        f"missed: about {recalled.missed:.0f}, at most {recalled.missed_at_most}"
    )


def _about(console: Console, shown: Shown, question: str, width: int, tall: bool) -> list[Text]:
    from rich.text import Text

    work = shown.work
    title = highlighted(plain(work.title) or "(no title)", question)
    title.stylize("bold")
    names = [plain(name) for name in work.authors]
    more = f" and {len(names) - AUTHORS} more" if len(names) > AUTHORS else ""
    people = ", ".join(names[:AUTHORS]) + more or "(no authors)"
    facts = [str(work.year or "no year"), ", ".join(map(plain, work.sources)) or "no source"]
    facts += [f"rank {work.rank}"] if work.rank else []
    facts += ["drawn at random"] if shown.drawn == "random" else []
    facts += [f"you decided: {work.decided}{f' ({plain(work.reason)})' if work.reason else ''}"] if work.decided else []
    about = [*_folded(console, title, width), *_folded(console, Text(people), width)[:2]]
    about += _folded(console, Text(" · ".join(facts), style="dim"), width)
    return [*about, Text("")] if tall else about


def highlighted(text: str, question: str) -> Text:
    """Return `text` with the words of the question marked. It is never read as markup."""
    from rich.text import Text

    shown = Text()
    for piece, hit in marked(text, question):
        shown.append(piece, MARK if hit else None)
    return shown


def _folded(console: Console, text: Text, width: int) -> list[Text]:
    return list(text.wrap(console, width))
