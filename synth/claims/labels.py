"""Documents whose sentences are labelled as claims or not, from files of one JSON object a line."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.claims.features import Document
from synth.errors import UsageError

LARGEST = 256 * 2**20  # bytes of one file after decompression
SHARES = (0.6, 0.2)  # of the documents: training, choosing; the rest is held back


@dataclass(frozen=True)
class Labelled:
    """A document and, for each sentence, whether it is a claim. `split`: "train", "dev", "test" or "" (not told)."""

    document: Document
    claims: tuple[bool, ...]
    split: str = ""


def read(path: Path, positive: Collection[str]) -> list[Labelled]:
    """The documents of a `.jsonl` or `.jsonl.gz` file; a sentence is a claim if its label is one of `positive`.

    A line is {"sentences": [text, …], "labels": [label, …]}, optionally with "sections": [name, …] (an abstract
    without them) and "upstream_split". Raises UsageError naming the line that is not like that.
    """
    found = []
    for number, line in enumerate(io.StringIO(_text(path)), 1):
        if not line.strip():
            continue
        try:
            found.append(_labelled(json.loads(line), positive))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise UsageError(
                f"{path} line {number:,} is no labelled document: {type(error).__name__} {str(error)[:100]}.",
                'Give one object a line with equally long lists "sentences" and "labels".',
            ) from error
    if not any(any(one.claims) for one in found):
        names = ", ".join(sorted(positive))
        raise UsageError(f"{path} has no sentence labelled {names}.", "Name its label for claims with --positive.")
    return found


def _text(path: Path) -> str:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise UsageError(f"{path} has more than {LARGEST:,} bytes.", "Split the file.")
        return data.decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {str(error)[:100]}.", "Give a .jsonl or .jsonl.gz file.") from error


def _labelled(row: dict[str, Any], positive: Collection[str]) -> Labelled:
    from synth.claims.sections import part_named

    sentences, labels = row["sentences"], row["labels"]
    parts = [part_named(str(name)[:200]) for name in row.get("sections") or ["abstract"] * len(sentences)]
    if not isinstance(sentences, list) or not len(sentences) == len(labels) == len(parts):
        raise ValueError("the lists differ in length")
    split = {"train": "train", "validation": "dev", "dev": "dev", "test": "test"}.get(row.get("upstream_split", ""), "")
    claims = tuple(str(label).lower() in {p.lower() for p in positive} for label in labels)
    return Labelled(Document(tuple(" ".join(str(s).split()) for s in sentences), tuple(parts)), claims, split)


def split(documents: Sequence[Labelled], seed: int) -> tuple[list[Labelled], list[Labelled], list[Labelled]]:
    """(training, choosing, held back): as the file says where it says it for all, else 60, 20 and 20 % by document.

    Documents that share a sentence of at least 40 characters are one document for this. The order of the file does
    not matter.
    """
    if all(one.split for one in documents):
        told = {name: [one for one in documents if one.split == name] for name in ("train", "dev", "test")}
        return told["train"], told["dev"], told["test"]
    groups = sorted(_related(documents), key=lambda group: min(_key(one) for one in group))
    random.Random(seed).shuffle(groups)
    parts: tuple[list[Labelled], list[Labelled], list[Labelled]] = ([], [], [])
    for group in groups:
        done = sum(map(len, parts)) / len(documents)
        parts[0 if done < SHARES[0] else 1 if done < sum(SHARES) else 2].extend(group)
    return parts


def _key(one: Labelled) -> str:
    return hashlib.sha256("\n".join(one.document.sentences).encode()).hexdigest()


def _related(documents: Sequence[Labelled]) -> list[list[Labelled]]:
    """Documents that share a long sentence, directly or through others, in one group."""
    root = list(range(len(documents)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    first: dict[str, int] = {}
    for i, one in enumerate(documents):
        for sentence in one.document.sentences:
            if len(sentence) >= 40:
                root[find(i)] = find(first.setdefault(sentence.lower(), i))
    groups: dict[int, list[Labelled]] = {}
    for i, one in enumerate(documents):
        groups.setdefault(find(i), []).append(one)
    return list(groups.values())
