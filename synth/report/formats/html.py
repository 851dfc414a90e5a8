"""One HTML file with everything in it: `templates/html/` filled with the facts. It asks the network for nothing."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from itertools import count
from typing import TYPE_CHECKING

from synth.report import wording
from synth.report.answer.said import AnswerSentence
from synth.report.facts import Cropped, Facts, quote_key
from synth.report.findings import differing, leaving_open
from synth.report.formats import md
from synth.report.markdown import plain, web
from synth.report.quality import ScoredReview

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

Place = Callable[[str, str], "Markup"]  # (path of a picture, the SVG) → HTML
SINGLE_FILE = True  # pictures and page images stand in the file itself
_OPTION = re.compile(r"(?<= )(--[a-z-]+(?: [^\s'\"-]\S{,30}(?= |$))?)")
MEANING = {True: "verified", False: "contradicted", None: "not decided"}  # of the marks, for those who hear them
# Sections in their order: (id, heading). The headings are those of the Markdown.
SECTIONS = (
    ("abstract", "Abstract"),
    ("answer", "Answer"),
    ("introduction", "1 Introduction"),
    ("methodology", "2 Methodology"),
    ("results", "3 Results"),
    ("limitations", "4 Limitations"),
    ("claims", "5 Extracted Claims"),
    ("references", "References"),
    ("tests", "Tested claims"),
    ("search", "Search record"),
    ("review", "Review"),
    ("repeat", "How to repeat this"),
)
APPENDIX = ("appendix", "Appendix: further findings")  # where a report has findings beyond its table


def render(facts: Facts, reviews: Sequence[ScoredReview]) -> str:
    """Return the report as HTML."""
    style, script = asset("report.css"), asset("report.js")
    more = {"style": style, "script": script, "style_hash": _hash(style), "script_hash": _hash(script)}
    return filled("report.html.j2", facts, reviews, more)


def filled(
    template: str,
    facts: Facts,
    reviews: Sequence[ScoredReview],
    more: Mapping[str, object],
    place: Place | None = None,
    sections: Sequence[tuple[str, str]] = SECTIONS,
) -> str:
    """Fill a template of this folder; `place` returns the HTML that stands for a picture."""
    place = place or _inline
    chosen = md.parts(facts)
    context = md.context(facts, reviews, chosen) | {
        "marked": {claim.verified for claim in chosen.shown},
        "meaning": MEANING,
        "drawn": lambda path: place(path, chosen.pictures[path]()),
        "paged": False,
        "scale": 1.0,  # of all pictures
        "number": partial(next, count(1)),  # of elements that need an id of their own
        "crops": lambda source: facts.crops.get(quote_key(source), Cropped()),
        "cropped": bool(facts.crops),
    }
    context |= more
    context["sections"] = [*sections, *([APPENDIX] if chosen.appendix else [])]
    return environment().get_template(template).render(context).strip() + "\n"


@cache
def environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    # Whatever a template prints is cleaned by `finalize`, then escaped: nothing gets out raw by being forgotten.
    environment = Environment(
        loader=PackageLoader("synth.report", "templates/html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
        autoescape=True,
    )
    environment.filters |= wording.FILTERS | {
        "link": _link,
        "anchors": _anchors,
        "data": _data,
        "wrapped": _wrapped,
        "anchor": lambda number, kind="claim": f"{kind}-{number}",
        "plain": plain,
    }
    environment.filters["differing"] = differing
    environment.filters["left_open"] = leaving_open
    return environment


def shown(value: object) -> object:
    """Return data as HTML: one line of visible text, escaped, right-to-left text kept apart from what
    stands around it.
    """
    from markupsafe import Markup, escape

    if hasattr(value, "__html__"):
        return value
    text = plain(value)
    if any(unicodedata.bidirectional(c) in ("R", "AL") for c in text):
        return Markup("<bdi>{}</bdi>").format(text)
    return escape(text)


def _inline(path: str, picture: str) -> Markup:
    from markupsafe import Markup

    return Markup(picture)


def _link(text: object, address: str) -> Markup:
    """Return `text` linked to a web address or to an anchor of the page; without an address just the text."""
    from markupsafe import Markup

    inside = shown(text)
    if re.fullmatch(r"#[a-z0-9-]+", address):
        return Markup('<a href="{}">{}</a>').format(address, inside)
    if web(address):
        return Markup('<a href="{}" rel="noreferrer">{}</a>').format(web(address), inside)
    return Markup(inside)


def _anchors(sentence: AnswerSentence) -> Markup:
    """Name the rows a sentence was built from: "(claim 3, run 1)", each linked to its place in the report."""
    from markupsafe import Markup

    named = Markup(", ").join(
        _link(words, _place(md.place(words, sentence)) if re.fullmatch(r"[a-z]+ \d+", words) else "")
        for words in sentence.shown
    )
    return Markup(' <span class="rows">({})</span>').format(named) if named else Markup("")


def _place(place: str) -> str:
    """Translate a place of the Markdown, whose headings are anchors, to this format's section ids."""
    return {"#search-record": "#search"}.get(place, place)


def _wrapped(text: str) -> Markup:
    """Return the lines of commands, none broken within an option or between it and its value."""
    from markupsafe import Markup, escape

    whole = Markup('<span class="whole">{}</span>')
    return Markup("\n").join(
        Markup("").join(whole.format(part) if part.startswith("--") else escape(part) for part in _OPTION.split(line))
        for line in map(plain, text.splitlines())
    )


def _data(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def asset(name: str) -> Markup:
    from markupsafe import Markup

    return Markup(files("synth.report").joinpath("templates", "html", name).read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    """Return the hash by which a Content-Security-Policy names an inline style or script."""
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"
