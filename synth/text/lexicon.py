"""The names that claims speak of (data sets, tasks, models, metrics, languages, treatments) and where they occur."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from synth.core.errors import SynthError

KINDS = ("dataset", "corpus", "task", "model", "metric", "split", "treatment", "language", "code")
MAX_BYTES = 2_000_000

WORD = re.compile(r"[^\W_]+\+?")
# A code of two or three letters is one only where codes stand: "(de)", "(de, fi)", "en-de", "en→de".
IN_BRACKETS = re.compile(r"\((?:[a-z]{2,3}(?:\s?[,/&]\s?|\sand\s))*$")
PAIR_BEFORE = re.compile(r"(?<![\w-])([a-z]{2,3})\s?[-–→]\s?$")
PAIR_AFTER = re.compile(r"\s?[-–→]\s?([a-z]{2,3})(?![\w-])")
JOINT = re.compile(r"[\s\-–‐‑_./@']{0,2}")


@dataclass(frozen=True)
class Mention:
    """A lexicon name in a text: `text` is the spelling met there, `name` the canonical one."""

    name: str
    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Spelling:
    words: tuple[str, ...]  # lower case
    name: str
    kind: str
    exact: str  # the words joined as written when case matters in full, else ""
    capital: bool
    plural: bool


class Lexicon:
    """Spellings by their first word, longest first, so that one pass over a text finds every name."""

    def __init__(self, names: dict[str, dict[str, list[str]]]) -> None:
        self.names = names
        self._by_word: dict[str, list[Spelling]] = {}
        self._codes = {code for aliases in names.get("code", {}).values() for code in aliases}
        for kind, entries in names.items():
            for name, aliases in entries.items():
                # The name of a language is no code of it.
                for spelling in dict.fromkeys(aliases if kind == "code" else [name, *aliases]):
                    self._add(spelling, name, kind)
        for spellings in self._by_word.values():
            spellings.sort(key=lambda s: -len(s.words))

    def _add(self, written: str, name: str, kind: str) -> None:
        words = tuple(WORD.findall(written))
        if not words:
            return
        joined = "".join(words)
        short = len(joined) <= 4 and any(c.isupper() for c in joined)
        lower = tuple(w.lower() for w in words)
        spelling = Spelling(
            lower, name, kind, joined if short else "", written[0].isupper(), written == written.lower()
        )
        for first in {lower[0], lower[0] + "s"} if spelling.plural and len(lower) == 1 else {lower[0]}:
            self._by_word.setdefault(first, []).append(spelling)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return every name in `text`, in order, not overlapping, the longest spelling first."""
        words = [(m.group(), m.start(), m.end()) for m in WORD.finditer(text)]
        spans: list[Mention] = []
        at = 0
        while at < len(words):
            spelling = self._longest(text, words, at)
            if spelling is None:
                at += 1
                continue
            last = at + len(spelling.words) - 1
            start, end = words[at][1], words[last][2]
            kind = "language" if spelling.kind == "code" else spelling.kind
            spans.append(Mention(spelling.name, kind, start, end, text[start:end]))
            at = last + 1
        return tuple(spans)

    def _is_code(self, text: str, word: tuple[str, int, int]) -> bool:
        written, start, end = word
        if not written.islower():
            return False
        before = text[max(0, start - 48) : start]
        closed = text[end : end + 2].lstrip()[:1] in (")", ",", "/", "&") or text.startswith(" and ", end)
        if IN_BRACKETS.search(before) and closed:
            return True
        other = PAIR_AFTER.match(text, end) or PAIR_BEFORE.search(before)
        return other is not None and other[1] in self._codes

    def _longest(self, text: str, words: list[tuple[str, int, int]], at: int) -> Spelling | None:
        for spelling in self._by_word.get(words[at][0].lower(), ()):
            if spelling.kind == "code" and not self._is_code(text, words[at]):
                continue
            if _matches(spelling, text, words, at):
                return spelling
        return None


def _matches(spelling: Spelling, text: str, words: list[tuple[str, int, int]], at: int) -> bool:
    size = len(spelling.words)
    run = words[at : at + size]
    if len(run) < size:
        return False
    for (word, _, _), wanted in zip(run, spelling.words, strict=True):
        if word.lower() != wanted and not (
            spelling.plural and wanted == spelling.words[-1] and word.lower() == wanted + "s"
        ):
            return False
    for (_, _, end), (_, start, _) in pairwise(run):
        if not JOINT.fullmatch(text, end, start):
            return False
    if spelling.exact and "".join(w for w, _, _ in run) != spelling.exact:
        return False
    return not spelling.capital or run[0][0][0].isupper()


def names_of(mentions: Iterable[Mention], *kinds: str) -> tuple[str, ...]:
    """Return the canonical names of these kinds, each once, in order."""
    return tuple(dict.fromkeys(m.name for m in mentions if m.kind in kinds))


def _read(text: str, where: str) -> dict[str, dict[str, list[str]]]:
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SynthError(f"{where} is not valid TOML: {error}", "Correct the line that it names.") from error
    for kind, entries in data.items():
        if kind not in KINDS:
            raise SynthError(f"{where} has an unknown kind [{kind}].", f"Use one of: {', '.join(KINDS)}.")
        if not isinstance(entries, dict) or not all(
            isinstance(v, list) and all(isinstance(a, str) for a in v) for v in entries.values()
        ):
            raise SynthError(
                f"[{kind}] in {where} has an entry that is not a list of spellings.",
                'Write each entry as "Name" = ["spelling", "another"].',
            )
    return data


@cache
def _packaged() -> Lexicon:
    text = files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8")
    return Lexicon(_read(text, "lexicon.toml"))


def load_lexicon(extra: Path | None = None) -> Lexicon:
    """Load the packaged lexicon, extended by the file `extra` if it is given.

    A name that both have gets the spellings of both; in a conflict about a spelling the extra file's kind counts.
    Raises SynthError if the file cannot be read, is no TOML, is over 2 MB or has keys the lexicon does not know.
    """
    base = _packaged()
    if extra is None:
        return base
    try:
        if extra.stat().st_size > MAX_BYTES:
            raise SynthError(f"{extra} is over {MAX_BYTES:,} bytes.", "Keep the lexicon smaller.")
        text = extra.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SynthError(f"{extra} cannot be read: {error}", "Give a readable UTF-8 TOML file.") from error
    added = _read(text, str(extra))
    merged = {kind: dict(added.get(kind, {})) for kind in KINDS}
    for kind in KINDS:
        for name, aliases in base.names.get(kind, {}).items():
            merged[kind][name] = [*aliases, *added.get(kind, {}).get(name, [])]
    # The extra file's kinds come first, so that its reading of a spelling is met before ours.
    order = [*added, *(kind for kind in KINDS if kind not in added)]
    return Lexicon({kind: merged[kind] for kind in order})
