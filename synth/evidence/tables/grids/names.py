"""Index of head names: every spelling of every head of a paper's tables, looked up in a claim in one pass.

A part of a head is met by any of its spellings: as printed, without citation and unit, the lexicon's aliases, the
language of a code, the other form of an abbreviation that the paper defines, the system whose citation the head gives.
Where none is met in full, words that few heads of an axis have may name one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from synth.evidence.tables.grids.grid import AVERAGE, CITED, GridAxis, TableGrid
from synth.evidence.tables.grids.paper import CITATION, PaperDefinitions
from synth.evidence.tables.grids.spelling import BRACKETS, bare_name, folded, listed, tokens, words
from synth.text import lexicon
from synth.text.content import STOP_WORDS
from synth.text.lexicon import Lexicon

# Lower-case words that follow a name with a hyphen and leave it what it is.
SUFFIXES = frozenset("based trained style like only tuned pretrained models model".split())
OURS = re.compile(
    r"\b(?:(?:our|the proposed)\s(?:best\s|final\s|full\s|proposed\s|new\s|own\s)?"
    r"(?:model|method|approach|system|pipeline|framework|architecture|proposal)s?|ours)\b",
    re.IGNORECASE,
)
STUB = re.compile(r"[A-Z][a-z]{1,4}\.")  # a head cut short
# Single letters that head columns, where at least two of them do.
LETTERS = {
    "P": ("precision",),
    "R": ("recall",),
    "F": ("f1", "fmeasure", "fscore", "f1score"),
    "F1": ("fmeasure", "fscore"),
    "Prec.": ("precision",),
    "Rec.": ("recall",),
}
SYMBOLS = {"×": "multiplication", "+": "addition", "−": "subtraction", "-": "subtraction", "÷": "division"}
SYNONYMS = {
    "acc": ("accuracy",),
    "prec": ("precision",),
    "rec": ("recall",),
    "ppl": ("perplexity",),
    "params": ("parameters",),
    "param": ("parameters",),
    "avg": ("average",),
    "sd": ("standarddeviation",),
    "std": ("standarddeviation",),
    "temp": ("temperature",),
    "freq": ("frequency",),
}
# Heads that are small words: they count only with a capital inside the claim, as names do.
OPPOSITES = frozenset("before after with without above below off".split())
SMALL_WORDS = STOP_WORDS | {"no", "not", "hi"}  # some are codes of languages too
MAX_WINDOW = 10  # tokens of a claim joined to one name
MIN_PREFIX = 4
MIN_SHARE = 0.5  # of the telling words of a head that a claim must have
MAX_HEAD = 160  # characters of a head that are read
VAGUE = STOP_WORDS | listed("vague")


@dataclass(frozen=True)
class Part:
    """A level of the heads of one axis of a grid, and the lines that carry it."""

    grid: int
    axis: GridAxis
    level: int
    text: str
    lines: frozenset[int]


@dataclass(frozen=True)
class HeadMention:
    start: int
    end: int
    part: Part
    exact: bool


class Index:
    """Index of every spelling of every part of every head of a paper's tables."""

    def __init__(self, grids: Sequence[TableGrid], names: Lexicon, paper: PaperDefinitions) -> None:
        self.lexicon, self.paper = names, paper
        self.exact: dict[str, list[Part]] = defaultdict(list)
        self.words: dict[tuple[int, GridAxis], dict[str, list[Part]]] = {}
        self.stubs: dict[tuple[int, GridAxis], list[tuple[str, Part]]] = defaultdict(list)
        self.families: list[tuple[str, Part]] = []  # the lexicon's name of a model that a part of a head gives
        self.own: list[Part] = []  # the rows of the paper's own system
        self.sizes: dict[tuple[int, GridAxis, int, str], int] = {}
        self._languages = {
            code: language for language, listed in names.names.get("code", {}).items() for code in listed
        }
        self._aliases: dict[str, tuple[str, str]] = {}
        for kind, entries in names.names.items():
            if kind != "code":
                for name, aliases in entries.items():
                    for spelling in (name, *aliases):
                        self._aliases.setdefault(folded(spelling), (kind, name))
        for number, grid in enumerate(grids):
            for axis in GridAxis:
                self._add(number, grid, axis)

    def _add(self, number: int, grid: TableGrid, axis: GridAxis) -> None:
        lines = grid.lines(axis)
        carried: dict[tuple[int, str], set[int]] = defaultdict(set)
        for at, line in enumerate(lines):
            for level, text in enumerate(line.levels):
                carried[level, text[:MAX_HEAD]].add(at)
        coded = {level: self._is_coded([text for at, text in carried if at == level]) for level, _ in carried}
        letters = len({text for _, text in carried} & LETTERS.keys()) > 1
        telling: dict[str, list[Part]] = defaultdict(list)
        for (level, text), members in carried.items():
            if len(members) == len(lines) and len(lines) > 1:
                continue  # what all rows share tells none of them apart
            part = Part(number, axis, level, text, frozenset(members))
            if text.isdigit():
                spellings = _counted(text, [grid.corner, *(lines[n].head for n in members)])
                spellings |= {text} if len(text) > 2 else set()
            else:
                spellings = self.spellings(text, coded=coded[level])
            if letters:
                spellings |= set(LETTERS.get(text, ()))
            for spelling in spellings:
                self.exact[spelling].append(part)
            if (known := self._aliases.get(folded(bare_name(text)))) and known[0] == "model":
                self.families.append((known[1], part))
            if STUB.fullmatch(text):
                self.stubs[number, axis].append((text[:-1].casefold(), part))
            distinctive = {w for _, _, w in words(bare_name(text)) if len(w) > 2 and w not in VAGUE and not w.isdigit()}
            self.sizes[number, axis, level, text] = len(distinctive)
            for word in distinctive:
                telling[word].append(part)
        for at, line in enumerate(lines):
            if len(line.levels) > 1 and folded(line.head) not in map(folded, line.levels):
                self.exact[folded(line.head[:MAX_HEAD])].append(Part(number, axis, -1, line.head, frozenset({at})))
        self.words[number, axis] = telling
        if axis is GridAxis.ROW:
            own = {name for name in self.paper.own if self._aliases.get(name, ("",))[0] not in ("dataset", "task")}
            own_lines = {n for n, line in enumerate(lines) if line.is_own}
            named = {n for n, line in enumerate(lines) if {folded(bare_name(t)) for t in line.levels} & own}
            if own_lines or named:
                self.own.append(Part(number, axis, 0, "ours", frozenset(own_lines or named)))

    def _is_coded(self, texts: Sequence[str]) -> bool:
        """Return True if most heads of a level are codes of languages."""
        plain = [text.casefold().strip("() ") for text in texts if text.casefold().strip(". ") not in AVERAGE]
        return sum(text in self._languages for text in plain) >= 0.6 * len(plain)

    def spellings(self, text: str, *, coded: bool = False) -> set[str]:
        """Return the folded spellings of a part of a head."""
        bare = bare_name(text)
        spellings = {folded(text), folded(bare)}
        for inside in BRACKETS.findall(text):
            is_name = re.fullmatch(r"[A-Z][\w.+-]{1,9}|[^\W\d_][^\d,;]{5,40}", inside)
            if is_name and not CITED.search(inside) and folded(inside) not in VAGUE:
                spellings.add(folded(inside))
        spellings |= {folded(piece) for piece in re.split(r"\s?[=]\s?", bare) if len(piece) > 2}
        if bare.casefold().strip(". ") in AVERAGE:
            spellings |= {"average", "avg", "mean", "overall"}
        if coded and (language := self._languages.get(bare.casefold().strip("() "))):
            spellings.add(folded(language))
            spellings |= {folded(alias) for alias in self.lexicon.names.get("language", {}).get(language, ())}
        if match := CITATION.search(text):
            spellings |= self.paper.cited.get((match["author"].casefold(), match["year"]), set())
        for spelling in tuple(spellings):
            if known := self._aliases.get(spelling):
                kind, name = known
                spellings.add(folded(name))
                spellings |= {folded(alias) for alias in self.lexicon.names[kind][name]}
            spellings |= self.paper.abbreviations.get(spelling, set())
            spellings |= set(SYNONYMS.get(spelling, ()))
        if text in SYMBOLS:
            spellings.add(SYMBOLS[text])
        spellings.discard("")
        if bare.casefold() not in OPPOSITES:
            spellings -= STOP_WORDS
        return {s for s in spellings if (len(s) > 1 or len(text) == 1) and not s.isdigit()}

    def mentions(self, claim: str, named: Sequence[lexicon.Mention], *, own: bool) -> list[HeadMention]:
        """Return where a claim names parts of heads: the longest spellings first, then telling words of longer heads.

        `own`: "our model" is the row of the paper's own system.
        """
        claim_tokens = tokens(claim)
        whole = {m.start: m.end for m in named}
        mentions: list[HeadMention] = []
        covered: dict[int, set[int]] = defaultdict(set)  # per grid: tokens that are accounted for
        for width in range(min(MAX_WINDOW, len(claim_tokens)), 0, -1):
            for first in range(len(claim_tokens) - width + 1):
                start, end = claim_tokens[first][0], claim_tokens[first + width - 1][1]
                parts = self.exact.get("".join(t for _, _, t in claim_tokens[first : first + width]))
                if not parts or not _stands_alone(claim, start, end, whole):
                    continue
                positions = set(range(first, first + width))
                for part in parts:
                    if covered[part.grid] & positions and not any(
                        m.start == start and m.end == end and m.part.grid == part.grid for m in mentions
                    ):
                        continue
                    if _is_short(claim[start:end], part.text, start):
                        continue
                    mentions.append(HeadMention(start, end, part, True))
                for number in {m.part.grid for m in mentions if m.start == start and m.end == end}:
                    covered[number] |= positions
        plain = words(claim)
        for number in {number for number, _ in self.words}:
            places = [claim_tokens[at][:2] for at in covered[number]]
            free = [
                w for w in plain if not any(a < w[1] and w[0] < b for a, b in places) and whole.get(w[0], w[1]) <= w[1]
            ]
            for axis in GridAxis:
                mentions += self._partial(claim, free, number, axis)
        mentions += self._variants(named, mentions)
        if own and (match := OURS.search(claim)):
            met = {(m.part.grid, line) for m in mentions if m.part.axis is GridAxis.ROW for line in m.part.lines}
            free_own = (p for p in self.own if not any((p.grid, line) in met for line in p.lines))
            mentions += [HeadMention(match.start(), match.end(), part, True) for part in free_own]
        return sorted(mentions, key=lambda m: (m.start, -m.end))

    def _variants(self, named: Sequence[lexicon.Mention], mentions: Sequence[HeadMention]) -> list[HeadMention]:
        """Return the only variant of a model in a table where the claim names the model: "XLM-R" for `xlm-roberta-
        base`.
        """
        variants = []
        for name in (m for m in named if m.kind == "model"):
            kin: dict[tuple[int, GridAxis], list[Part]] = defaultdict(list)
            for canonical, part in self.families:
                if canonical.startswith(f"{name.name} "):
                    kin[part.grid, part.axis].append(part)
            for (number, _), parts in kin.items():
                met = any(m.part.grid == number and m.start < name.end and name.start < m.end for m in mentions)
                if len(parts) == 1 and not met:
                    variants.append(HeadMention(name.start, name.end, parts[0], False))
        return variants

    def _partial(
        self, claim: str, free: Sequence[tuple[int, int, str]], number: int, axis: GridAxis
    ) -> Iterator[HeadMention]:
        """Return the parts of heads of which the claim has at least half of the telling words."""
        known = self.words[number, axis]
        met: dict[Part, list[int]] = defaultdict(list)
        for at, (_, _, word) in enumerate(free):
            for part in known.get(word, ()):
                met[part].append(at)
            for cut in range(MIN_PREFIX, len(word) if len(word) >= 2 * MIN_PREFIX - 2 else 0):
                for part in known.get(word[:cut], ()):  # "Wiki" for "Wikipedia"
                    if folded(part.text) == word[:cut]:
                        met[part].append(at)
            if claim[free[at][0]].isupper():
                for stub, part in self.stubs.get((number, axis), ()):  # "Res." for "Restaurants"
                    if word.startswith(stub) and len(word) > len(stub) + 1:
                        yield HeadMention(free[at][0], free[at][1], part, True)
        covered: set[int] = set()
        while met:
            scored: dict[tuple[int, ...], list[tuple[float, Part]]] = defaultdict(list)
            for part, places in met.items():
                open_places = tuple(at for at in places if at not in covered)
                different = {free[at][2] for at in open_places}
                share = len(different) / max(1, self.sizes[number, axis, part.level, part.text])
                telling = share > MIN_SHARE or any(len(known[word]) == 1 for word in different if word in known)
                if open_places and share >= MIN_SHARE and telling:
                    scored[open_places].append((share * len(different), part))
            if not scored:
                return
            best = max(score for parts in scored.values() for score, _ in parts)
            chosen, parts = next(item for item in scored.items() if any(score == best for score, _ in item[1]))
            covered |= set(chosen)
            start, end = _run(free, chosen, {at: len(known.get(free[at][2], ())) for at in chosen})
            for score, part in parts:
                met.pop(part)
                if score == best:
                    whole = score >= len(chosen) and score >= self.sizes[number, axis, part.level, part.text]
                    yield HeadMention(start, end, part, whole)


def _run(free: Sequence[tuple[int, int, str]], places: Sequence[int], spread: dict[int, int]) -> tuple[int, int]:
    """Return the bounds of the words that stand together around the one that fewest heads have."""
    anchor = min(places, key=lambda at: spread[at] or 1)
    first = last = anchor
    for at in sorted(places):
        last = at if last < at <= last + 3 else last
    for at in sorted(places, reverse=True):
        first = at if first - 3 <= at < first else first
    return free[first][0], free[last][1]


def _counted(number: str, heads: Iterable[str]) -> set[str]:
    """Return True for a bare number behind the word for what is counted, where alone it names a line: "patient 2"."""
    return {word + number for head in heads for _, _, word in tokens(head) if not word.isdigit()}


def _is_short(written: str, head: str, at: int) -> bool:
    """Return True for a name of one or two letters, which counts only as printed, and never as a small word."""
    if written.casefold() in OPPOSITES:
        return not (at > 0 and written[0].isupper())
    if len(written) > 2 or written.isdigit():
        return False
    return (written != head.strip(" ()*†‡") and not written.isupper()) or (
        written.casefold() in SMALL_WORDS and written.islower()
    )


def _stands_alone(claim: str, start: int, end: int, whole: dict[int, int]) -> bool:
    """Return True if the span is no piece of a longer name: "BERT" of "EN-BERT", "XLM-R" of "XLM-R XL"."""
    for a, b in whole.items():
        if a <= start and end <= b and (b - a) > (end - start):
            return False
    before, after = claim[max(0, start - 2) : start], claim[end : end + 16]
    if len(before) == 2 and before[1] in "-–‐" and before[0].isalnum():
        return False
    if match := re.match(r"[-–‐]([^\W_]+)", after):
        return match[1] in SUFFIXES or (match[1].islower() and len(match[1]) > 3)
    return True
