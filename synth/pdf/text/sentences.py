"""Boundaries of sentences, by rules for English research prose; no model, no data."""

from __future__ import annotations

import re

from synth.pdf.text.vocabulary import is_word
from synth.text.trailing_citations import STOP, citation_end, without_trailing_citation

# A full stop after these does not end a sentence, whatever follows.
_NEVER = frozenset(
    """e.g i.e cf vs viz resp approx ca incl esp excl dr prof mr mrs ms st proc trans aka w.r.t s.t""".split()
)
# Nor after these before a number or a name: "Fig. 3", "No. 5", "Jan. 2020", "Acme Inc. of Ohio".
_LABELS = frozenset(
    """eq eqs eqn eqns fig figs sec secs sect tab tabs alg thm def prop no nos vol pp p ch chap app ref refs ver
    ed eds dept univ inc ltd corp co conf jr sr jan feb mar apr jun jul aug sep sept oct nov dec""".split()
)
# After these it may: "… by Conneau et al. We show …", "… English, German, etc. The …".
_SOMETIMES = frozenset(["al", "etc", "a.m", "p.m", "u.s", "u.k", "e.u", "ph.d"])
_CLOSERS = "\"'”’)]»"
_OPENERS = "\"'“‘([«"
_STOPPED = re.compile(rf"{STOP.pattern}$")
# What only names look like: a capital inside, a letter before a hyphen, a figure, dots and underscores of code.
_NAME = re.compile(r"[a-z]+[A-Z]|[a-z][-‐‑–][A-Za-z]|[a-z]+\d|\w+[._]\w")
_WORD_BEFORE = re.compile(r"[^\s(\[{\"“‘'/–—]+$")
# Words that begin a sentence far more often than a name that follows "et al."
_STARTERS_TEXT = """
we the this these those it they our in for as to however while when although since a an on with by such
here there moreover furthermore finally first second third thus therefore hence note if after because
from both unlike similar similarly compared following specifically additionally recently one all each
although table figure section another other given their its his her he she i at most more many some
since using under what how why where which despite instead meanwhile overall results experiments
consequently interestingly
"""
_STARTERS = frozenset(_STARTERS_TEXT.split())


def split(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of a paragraph, without the blanks between them.

    Every character that is not blank lies in exactly one sentence.
    """
    spans = []
    start = 0
    for match in STOP.finditer(text):
        if match.start() < start:
            continue  # a stop inside the citation behind another one
        end = citation_end(text, match.end())
        if not text[end : end + 1].strip() and _ends(text, start, match, end):
            spans.append((start, end))
            start = end
    spans.append((start, len(text)))
    return [span for span in (_trim(text, *span) for span in spans) if span[0] < span[1]]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def goes_on(before: str, after: str) -> bool:
    """Return True if a text whose last sentence is left open or ends in an abbreviation goes on with `after`."""
    text = before.rstrip()
    if not _STOPPED.search(without_trailing_citation(text)):
        return True
    whole = f"{text[-400:]} {after.lstrip()[:80]}"
    return all(end != len(text[-400:]) for _, end in split(whole))


def _ends(text: str, start: int, match: re.Match[str], end: int) -> bool:
    """Return True if a sentence ends with a full stop, `match`, and the citations up to `end`."""
    following = text[end:].lstrip()
    if not following:
        return True
    if _open(text, start, match.end()):
        return False
    mark, cited = match.group(), end > match.end()
    opening = following.lstrip(_OPENERS)[:1]
    begins = opening.isupper() or opening.isdigit() or not opening.isascii() or following[0] in "•◦▪‣∙●○■"
    if text[: match.start()].endswith(". ") or text[end:].startswith(" ."):
        return begins and opening.isupper()  # a spaced ellipsis
    last = _WORD_BEFORE.search(text, start, match.start())
    word = last.group() if last else ""
    bare = word.lower()
    begins = begins or begins_with_name(following, bare)
    if cited and bare in _SOMETIMES:
        return _starts_sentence(following)  # "by Okello et al.[9] Swahili …"
    if mark[0] != "." or len(mark.rstrip(_CLOSERS)) > 1 or cited:
        return begins and not (cited and bare in _NEVER | _LABELS)
    if bare in _NEVER or _is_number_label(text, start, match, word):
        return False
    if bare in _SOMETIMES or bare in _LABELS:
        return _starts_sentence(following)
    if len(word) == 1 and word.isupper():
        return _after_initial(text, start, match.start(), following)
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):  # initials and dotted abbreviations
        return _starts_sentence(following)
    return begins


def begins_with_name(following: str, before: str = "") -> bool:
    """Return True if a sentence may begin with a small letter here: "mBERT", "k-means", "word2vec", "celerite".

    `before` is the word before the stop, if any; a short one that is no word ("conc.") may be an abbreviation.
    """
    match = re.match(r"[^\s,;:()]+", following.lstrip(_OPENERS))
    if match is None or (before.isalpha() and len(before) < 6 and not is_word(before)):
        return False
    first = match.group().rstrip(".,;:!?" + _CLOSERS)
    if len(first) == 1:
        return re.match(r"\s(?:[=<>≤≥≈∼]|is|was|are|were|denotes)\s", following[match.end() :]) is not None
    if _NAME.match(first):
        return True
    letters = re.findall(r"[a-z]+", first)
    return (
        (not before or before.isalpha() or before[-1] in _CLOSERS + "%")
        and first.islower()
        and len(first) > 3
        and not any(is_word(part) for part in letters if len(part) > 1 or len(letters) == 1)
    )


def _open(text: str, start: int, end: int) -> bool:
    """Return True if a bracket is still open.

    Only one that closes soon after counts; a stray one does not hide the end.
    """
    depth = 0
    for char in text[start:end]:
        depth += (char in "([{") - (char in ")]}")
        depth = max(depth, 0)
    if depth == 0:
        return False
    ahead = text[end : end + 200]
    closing = min((i for i in map(ahead.find, ")]}") if i >= 0), default=-1)
    opening = min((i for i in map(ahead.find, "([{") if i >= 0), default=len(ahead))
    return 0 <= closing < opening


def _is_number_label(text: str, start: int, match: re.Match[str], word: str) -> bool:
    """Return True for the stop of a list label ("1. First …") at the start of a sentence."""
    return not text[start : match.start()].strip(" (").removeprefix(word).strip() and bool(
        re.fullmatch(r"\d{1,2}|[ivx]{1,4}|[a-zA-Z]", word)
    )


def _starts_sentence(following: str) -> bool:
    first = re.match(r"[^\W\d_]+", following.lstrip(_OPENERS))
    return first is not None and first.group()[0].isupper() and first.group().lower() in _STARTERS


def _after_initial(text: str, start: int, dot: int, following: str) -> bool:
    """Return True if a sentence ends after a single letter.

    It does in "… as shown in Appendix B. We …" and "… vitamin C. The", not in "J. Smith".
    """
    before = text[start : dot - 1].rstrip().rpartition(" ")[2]
    if before.lower() in {"appendix", "section", "table", "figure", "task", "model", "language", "set", "class"}:
        return True
    return _starts_sentence(following)
