"""Sentences and captions of LaTeX sources against what is read from their PDFs, and the speed of reading.

    python -m benchmarks.sources FOLDER [NAME ...] [--show] [--marked]

FOLDER/NAME holds paper.pdf and its source. Plain sentences are those of four words or more in which no mathematics,
citation, reference or unknown macro is left: the source says to the letter what is printed. Of them are counted:
`whole` (one passage, to the letter and no more), `hyphens` (the same hyphens too), `section` (whole, and under the
heading that the source has it under), `inside` (part of a longer passage: an end was missed), `split` (over several
passages) and `missing`. Letters and figures are compared, blanks and signs are not. `--marked` also counts the
sentences with citations, references and short formulas, each of which may stand for up to 80 printed letters.
"""

from __future__ import annotations

import argparse
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.latex import CAPTION, GAP, Block, blocks
from synth.core.types import Document, PassageKind
from synth.pdf import read_pdf
from synth.pdf.layout import sections

_END = re.compile(r"[.!?][\"'”’)\]]*(?=(?P<gap>[\s\0]*)(?P<next>\S|$))")
_NO_END = frozenset("e.g i.e cf vs al fig figs sec eq eqs tab resp approx dr prof st no etc".split())
MAX_GAP = 80  # printed letters that a citation or a formula may stand for
KINDS = ("whole", "hyphens", "section", "inside", "split", "missing")


@dataclass(frozen=True)
class Sentence:
    text: str
    section: str
    caption: bool

    @property
    def plain(self) -> bool:
        return GAP not in self.text


def sentences(source: list[Block]) -> list[Sentence]:
    """Split the blocks where the end of a sentence is beyond doubt: a stop before a line's end or a capital."""
    outline, section, label = sections.Outline(), sections.OTHER, ""
    result = []
    for block in source:
        if block.level > 1 or (block.level == 1 and block.text):
            if block.level <= 3:
                section, label = outline.enter(sections.Heading(block.number, block.text, block.level)), ""
            else:
                label = sections.canonical(block.text)
            continue
        place = section if label in ("", sections.OTHER) else label
        if place == sections.ACKNOWLEDGEMENTS:
            continue  # not read, on purpose
        for text in _split(block.text):
            if len(re.findall(r"[^\W\d_]{2,}", text)) >= 4 and re.search(r"[.!?:][\"'”’)\]]*$", text.strip(GAP + " ")):
                result.append(Sentence(text, place, block.level == CAPTION))
    return result


def _split(text: str) -> list[str]:
    pieces, start = [], 0
    for match in _END.finditer(text):
        word = re.search(r"[^\s(~]*$", text[start : match.start()])
        bare = word.group().lower().strip("\"'“‘") if word else ""
        capital = match.group("next").isupper() or match.group("next") in "“\"'`(["
        blank = bool(match.group("gap").strip(GAP)) or not match.group("next")
        if blank and ("\n" in match.group("gap") or capital) and bare not in _NO_END and not re.fullmatch(r"\w", bare):
            pieces.append(text[start : match.end()])
            start = match.end()
    pieces.append(text[start:])
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]


def key(text: str, hyphens: bool = False) -> str:
    """Return letters and figures alone, in one case; with hyphens and dashes as "-" if asked for."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"[‐‑–—−-]+", "-" if hyphens else "", plain)
    return "".join(char for char in plain if char.isalnum() or char in GAP + "-")


def outcome(sentence: Sentence, document: Document) -> tuple[str, ...]:
    """Name the counts that a sentence adds to."""
    kind = PassageKind.CAPTION if sentence.caption else PassageKind.SENTENCE
    items = [item for item in document.passages if item.kind is kind]
    pieces = key(sentence.text).split(GAP)
    same = [item for item in items if holds(key(item.text), pieces, whole=not sentence.caption)]
    if same:
        dashed = key(sentence.text, hyphens=True).split(GAP)
        hyphens_kept = any(holds(key(item.text, hyphens=True), dashed) for item in same)
        placed = any(item.section == sentence.section for item in same)
        return ("whole", *(("hyphens",) if hyphens_kept else ()), *(("section",) if placed else ()))
    if any(holds(key(item.text), pieces) for item in items):
        return ("inside",)
    return ("split",) if holds("".join(key(item.text) for item in items), pieces) else ("missing",)


def holds(text: str, pieces: Sequence[str], whole: bool = False) -> bool:
    """Return True if the pieces follow each other in the text with at most MAX_GAP characters at each gap."""
    first = next((index for index, piece in enumerate(pieces) if piece), len(pieces))
    start = text.find(pieces[first]) if first < len(pieces) else -1
    while start >= 0:
        at = start + len(pieces[first])
        for piece in pieces[first + 1 :]:
            place = text.find(piece, at, at + MAX_GAP + len(piece)) if piece else at
            at = place + len(piece) if place >= 0 else len(text) + 1
        ends = len(text) - at <= (0 if pieces[-1] else MAX_GAP)
        if at <= len(text) and (not whole or (start <= first * MAX_GAP and ends)):
            return True
        if whole and not first:
            return False
        start = text.find(pieces[first], start + 1)
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--show", action="store_true", help="the sentences that are not whole and in their section")
    parser.add_argument("--marked", action="store_true", help="sentences with citations and formulas too")
    options = parser.parse_args()
    total: dict[str, Counter[str]] = {"plain": Counter(), "marked": Counter(), "caption": Counter()}
    pages, seconds = 0, 0.0
    for pdf in sorted(options.folder.glob("*/paper.pdf")):
        name = pdf.parent.name
        if options.names and name not in options.names:
            continue
        began = time.perf_counter()
        document = read_pdf(pdf)
        seconds += time.perf_counter() - began
        pages += document.pages
        counts = {group: Counter[str]() for group in total}
        for sentence in sentences(blocks(pdf.parent)):
            group = "caption" if sentence.caption else "plain" if sentence.plain else "marked"
            if (group == "marked" or (sentence.caption and not sentence.plain)) and not options.marked:
                continue
            result = outcome(sentence, document)
            counts[group].update(("all", *result))
            if options.show and ("section" not in result or "hyphens" not in result):
                print(f"  {group} {' '.join(result)} [{sentence.section}] {sentence.text.replace(GAP, '§')}")
        for group, count in counts.items():
            total[group].update(count)
            if count:
                print(f"{name:<22} {report(group, count)}", flush=True)
    for group, count in total.items():
        if count:
            print(f"{'all':<22} {report(group, count)}")
    print(f"{pages} pages in {seconds:.1f} s with one process: {pages / seconds:.1f} pages/s")


def report(group: str, count: Counter[str]) -> str:
    shares = ", ".join(f"{name} {count[name]} ({count[name] / count['all']:.1%})" for name in KINDS)
    return f"{group:<8} {count['all']:>4}: {shares}"


if __name__ == "__main__":
    main()
