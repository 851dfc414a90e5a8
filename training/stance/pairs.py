"""A pair to learn from, and the files that hold such pairs.

A target is a distribution over the three stances, because some sets say only that a passage does not support a claim.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypedDict

from synth.core.errors import UsageError

LARGEST = 200 * 2**20  # bytes of a file, unpacked

SUPPORT = (1.0, 0.0, 0.0)
CONTRADICT = (0.0, 1.0, 0.0)
NOT_ENOUGH_INFO = (0.0, 0.0, 1.0)

TARGETS = {
    "entailment": SUPPORT,
    "support": SUPPORT,
    "supports": SUPPORT,
    "contradiction": CONTRADICT,
    "contradict": CONTRADICT,
    "refute": CONTRADICT,
    "refutes": CONTRADICT,
    "neutral": NOT_ENOUGH_INFO,
    "not_enough_info": NOT_ENOUGH_INFO,
}


class _Sentence(TypedDict):
    text: str


class _FoolMeTwice(TypedDict):
    """A line of Fool Me Twice: a claim with evidence for or against it, and with sentences that are none."""

    text: str
    label: str
    gold_evidence: list[_Sentence]
    retrieved_evidence: list[_Sentence]


@dataclass(frozen=True)
class Example:
    """`target`: P(SUPPORT), P(CONTRADICT), P(NOT_ENOUGH_INFO). `source`: the set it comes from."""

    claim: str
    passage: str
    target: tuple[float, float, float]
    source: str = ""


def read(file: Path) -> list[Example]:
    """Read the pairs of a set, by its form.

    .tsv (sentence1, sentence2, gold_label: natural language inference), or .jsonl with either {premise, hypothesis,
    label} or Fool Me Twice's {text, label, gold_evidence, retrieved_evidence}. Also .gz and .xz. Raises UsageError for
    anything else.
    """
    text, name = unpacked(file), file.name.split(".")[0]
    if ".tsv" in file.suffixes:
        found = list(_inference(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE), name))
    elif ".jsonl" in file.suffixes:
        found = list(_lines(file, text, name))
    else:
        raise UsageError(f"{file} is neither .tsv nor .jsonl.", "Give a set in one of the forms that --help names.")
    if not found:
        raise UsageError(f"{file} has no pairs with a label.", "Give a set in one of the forms that --help names.")
    return found


def unpacked(file: Path) -> str:
    """Read the file's text; UsageError if it cannot be read or is larger than LARGEST."""
    try:
        with _opened(file) as stream:
            data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise UsageError(f"{file} is larger than {LARGEST / 2**20:g} MB.", "Give a smaller part of it.")
        return data.decode("utf-8")
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.", "Give a text file in UTF-8, .gz or .xz.") from error


def _opened(file: Path) -> BinaryIO | gzip.GzipFile | lzma.LZMAFile:
    if file.suffix == ".gz":
        return gzip.open(file, "rb")
    return lzma.open(file, "rb") if file.suffix == ".xz" else file.open("rb")


def _inference(rows: Iterable[Mapping[str, str]], name: str) -> Iterator[Example]:
    """Read premise and hypothesis under any of these columns' names; labels that are none are left out."""
    for row in rows:
        premise = row.get("sentence1") or row.get("premise")
        hypothesis = row.get("sentence2") or row.get("hypothesis")
        label = row.get("gold_label") or row.get("label")
        if premise and hypothesis and str(label).casefold() in TARGETS:
            yield Example(hypothesis, premise, TARGETS[str(label).casefold()], name)


def _lines(file: Path, text: str, name: str) -> Iterator[Example]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            found = list(_told(row, name) if "gold_evidence" in row else _inference([row], name))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise UsageError(f"{file}, line {number}: {error}.", "Mend the line, or take it out.") from error
        yield from found


def _told(row: _FoolMeTwice, name: str) -> Iterator[Example]:
    """Read Fool Me Twice (Eisenschlos et al. 2021, NAACL): evidence for a claim, and sentences that are none of it."""
    gold = [part["text"].strip() for part in row["gold_evidence"]]
    yield Example(row["text"], " ".join(gold), TARGETS[row["label"].casefold()], name)
    others = [part["text"].strip() for part in row["retrieved_evidence"]]
    others = [text for text in others if text not in gold and len(text.split()) > 4][:3]
    if others:
        yield Example(row["text"], " ".join(others), NOT_ENOUGH_INFO, name)
