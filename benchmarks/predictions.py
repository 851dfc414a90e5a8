"""Score predictions against ones written by hand: strictly right, nothing false, and every miss.

    SYNTH_DATA=… python -m benchmarks.predictions [A|B|C|FILE.jsonl …] [--quiet]

A, B and C (all three unless told) are the lists of predictions.toml, 60 sentences each of the ACL Anthology; what
stands before a sentence is looked up in its abstract (data set acl-anthology).

A line of FILE is {"id", "sentence", "before", "predictions": [{"treatment", "baseline", "task", "metric", "direction",
"value", "unit", "scope", "bound", …}]}: null or absent where the sentence says nothing; `before` is what stands before
the sentence in its paper; `direction` is higher, lower, equal or unknown; `value` a number, or two ends of a range;
`scope` conditions, data sets and languages, divided by ";". `score`, `other`, `from` and `to` are further numbers that
a value may be given as.

What counts as the same:

- texts without case, articles, possessives, hyphens and plurals; equal, or one contains the other with the same head
  noun (the last word before the first preposition, participle or relative pronoun; of a gerund phrase the gerund);
  metrics and tasks also where the lexicon has one name for both. "Performance", "results" and the like say nothing;
- where something holds is compared as one bag of words, `task` and `scope` together: what one reader takes for the task
  ("two benchmarks of response selection") another divides. Every word of the wanted ones has to be there;
- a correlation has no order: A with B is B with A;
- increase, greater, best and positive are "higher"; decrease, less, worst and negative "lower"; equal and no effect
  "equal"; a level or a count is "unknown". Points of a metric, absolute per cent and no unit are one;
- where one wanted prediction says a comparison and the level reached, two of the program that share treatment or metric
  are taken together.

A prediction is *strictly right* if every slot is the same; *nothing false* if no slot says something else than the
wanted prediction nearest to it (a slot left empty is no falsehood; a condition that nobody wanted is none either).
`from_before` lists slots that are wanted although only the context says them: left empty, or filled with what the
sentence calls it ("our model"), they count as right, but not in "with what the context says". `rephrased` lists slots
that are not verbatim (an adjective made a noun): there half of the words, by their first five letters, are enough.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

from benchmarks import anthology
from synth.claims.context import resolve
from synth.claims.predictions import read
from synth.claims.syntax.grammar import Sentence
from synth.core.types import Prediction
from synth.text.content import stem
from synth.text.lexicon import Lexicon, load_lexicon
from synth.text.parsing import parse

# A prediction that a reader finds in a sentence: slots as this module's docstring has them, absent or None where the
# sentence does not fill them.
Wanted = TypedDict(
    "Wanted",
    {
        "treatment": str | None,
        "baseline": str | None,
        "metric": str | None,
        "task": str | None,
        "scope": str | None,
        "direction": str | None,
        "value": float | list[float] | None,
        "unit": str | None,
        "bound": str | None,
        "score": float | None,
        "other": float | None,
        "from": float | None,
        "to": float | None,
        "from_before": list[str],
        "rephrased": list[str],
    },
    total=False,
)


class LabelledSentence(TypedDict):
    """A sentence with what stands before it in its abstract, and the predictions that are wanted of it."""

    id: str
    sentence: str
    before: NotRequired[str]
    predictions: list[Wanted]


WORD = re.compile(r"[^\W_]+(?:\.\d+)?%?")
FUNCTION = frozenset(
    "a an the our their its his her this these those both all of in on for to with by at from and or over across under "
    "than as when that which task tasks set sets dataset datasets data is are was were it we".split()
)
DETERMINERS = frozenset("a an the our their its this these those both all".split())
PREPOSITION = re.compile(
    r"\s(?:of|in|on|for|with|that|which|to|by|from|over|across|at|than|under|when|between|among|such|using|based|trained|proposed|w\w+ing)\s"
)
EMPTY = frozenset("performance performances result results quality score scores".split())
DIRECTIONS = {
    **dict.fromkeys(("increase", "greater", "best", "positive"), "higher"),
    **dict.fromkeys(("decrease", "less", "worst", "negative"), "lower"),
    **dict.fromkeys(("equal", "no effect"), "equal"),
}
ROUGHLY = {
    **dict.fromkeys("about around approximately roughly nearly almost close ~ ∼ ≈".split(), "about"),
    **dict.fromkeys(("up to", "as much as", "at most", "under", "less than", "below"), "at most"),
    **dict.fromkeys(("more than", "over", "at least", "above", "exceeds", "exceed", "exceeding"), "at least"),
}
NUMBERS = frozenset("approximate aggregate relative from to range spread negated".split())
TEXTS: tuple[Literal["treatment"], Literal["baseline"], Literal["metric"]] = ("treatment", "baseline", "metric")
LEVELS: tuple[Literal["score"], Literal["other"], Literal["from"], Literal["to"]] = ("score", "other", "from", "to")


@dataclass
class Compared:
    """Slots of a made prediction that are empty or false beside a wanted one; `context`: lacks what is not said."""

    lacks: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    context: bool = False

    @property
    def right(self) -> bool:
        return not self.lacks and not self.false


def _words(text: str) -> list[str]:
    text = re.sub(r"\([^()]*\)", " ", text.lower().replace("’", "'")).replace("'s", "")
    return [w for w in WORD.findall(text) if w not in DETERMINERS]


def _stems(text: str) -> list[str]:
    return [stem(w) for w in _words(text)]


def _head(text: str) -> str:
    words = _words(PREPOSITION.split(f"{text.strip()} ")[0]) or _words(text)
    if not words:
        return ""
    return stem(words[0] if words[0].endswith("ing") and len(words) > 2 else words[-1])


def same(actual: str, wanted: str, lexicon: Lexicon | None = None) -> bool:
    """Return True if two noun phrases name the same thing."""
    a, b = _stems(actual), _stems(wanted)
    if a == b or "".join(a) == "".join(b):
        return True
    if lexicon is not None:
        first, second = (lexicon.mentions(t) for t in (actual, wanted))
        if first and second and first[-1].name == second[-1].name and first[-1].kind == second[-1].kind:
            return True
    nested = set(a) <= set(b) or set(b) <= set(a)
    return bool(a and b) and nested and _head(actual) == _head(wanted)


def alike(actual: str, wanted: str) -> bool:
    """Return True if half of the wanted words are there, by their first five letters."""
    a, b = ({w[:5] for w in _words(t) if w not in FUNCTION} for t in (actual, wanted))
    return bool(b) and 2 * len(a & b) >= len(b)


def _where(prediction: Prediction) -> list[str]:
    return [t for t in (prediction.task, *(v for k, v in prediction.scope.items() if k not in NUMBERS)) if t]


def _bag(text: str, lexicon: Lexicon) -> set[str]:
    text = re.sub(r"\([^()]*\)", " ", text)
    for mention in reversed(lexicon.mentions(text)):
        if mention.kind in ("task", "dataset", "split"):
            text = text[: mention.start] + mention.name + text[mention.end :]
    return {stem(w) for w in _words(text) if w not in FUNCTION}


def _numbers(row: Wanted) -> list[float]:
    value = row.get("value")
    return [float(v) for v in (value if isinstance(value, list) else [value]) if v is not None]


def _numbers_of(prediction: Prediction) -> list[float]:
    texts = [v for k, v in prediction.scope.items() if k in ("to", "from", "range")]
    numbers = [float(n) for t in texts for n in re.findall(r"\d+(?:\.\d+)?", t.replace(",", ""))]
    return ([prediction.value] if prediction.value is not None else []) + numbers


def compared(predicted_row: Prediction, row: Wanted, sentence: str, lexicon: Lexicon) -> Compared:
    """Compare one made prediction with one that is wanted; the two sides of a correlation in either order."""
    if predicted_row.direction in ("positive", "negative") and same(
        predicted_row.metric, row.get("treatment") or "", lexicon
    ):
        predicted_row = replace(predicted_row, treatment=predicted_row.metric, metric=predicted_row.treatment)
    result = Compared()
    outside, loosely = row.get("from_before", ()), row.get("rephrased", ())
    for slot in TEXTS:
        mine, theirs = getattr(predicted_row, slot), row.get(slot) or ""
        if slot == "metric":
            mine, theirs = ("" if t.lower() in EMPTY else t for t in (mine, theirs))
        if mine and theirs and (same(mine, theirs, lexicon) or (slot in loosely and alike(mine, theirs))):
            continue
        if slot in outside and (not mine or mine.lower() in sentence.lower()):
            result.context = True
        elif mine:
            result.false.append(slot)
        elif theirs:
            result.lacks.append(slot)
    wanted_way, way = row.get("direction") or "unknown", DIRECTIONS.get(predicted_row.direction, "unknown")
    if way == "higher" and predicted_row.scope.get("negated"):
        way = "equal"
    if way != wanted_way:
        (result.lacks if way == "unknown" else result.false).append("direction")
    _values(predicted_row, row, result)
    here = set().union(
        *(
            _bag(t, lexicon)
            for t in (*_where(predicted_row), predicted_row.metric, predicted_row.baseline, predicted_row.treatment)
        )
    )
    wanted = [p for t in (row.get("task"), *(row.get("scope") or "").split(";")) if t and (p := t.strip())]
    sentence_words = _bag(sentence, lexicon)
    missing = [p for p in wanted if not _bag(p, lexicon) <= here]
    unsaid = {p for p in wanted if "scope" in outside and not _bag(p, lexicon) <= sentence_words}
    unsaid |= {str(row.get("task")).strip()} if "task" in outside else set()
    if any(p not in unsaid and not (loosely and alike(p, " ".join(here))) for p in missing):
        result.lacks.append("where")
    result.context |= bool(missing)
    theirs_all = set().union(*(_bag(str(row.get(s) or ""), lexicon) for s in ("task", "scope", *TEXTS)))
    for key, text in (("task", predicted_row.task), *predicted_row.scope.items()):
        if text and key not in {*NUMBERS, "condition"} and wanted and not _bag(text, lexicon) & theirs_all:
            result.false.append("where")
    return result


def _values(actual: Prediction, row: Wanted, result: Compared) -> None:
    theirs = _numbers(row)
    others = [float(level) for name in LEVELS if (level := row.get(name)) is not None]
    mine = _numbers_of(actual)
    if theirs and not mine:
        result.lacks.append("value")
    elif actual.value is not None and actual.value not in theirs + others:
        result.false.append("value")
    elif theirs and not set(theirs) <= set(mine):
        result.lacks.append("value")
    if theirs and actual.value is not None:
        units = [
            "points" if u in (None, "", "point") or (u == "%" and absolute) else u
            for u, absolute in (
                (actual.unit, actual.scope.get("relative") == "absolute" or "from" in actual.scope),
                (row.get("unit"), False),
            )
        ]
        if units[0] != units[1] and set(units) != {"points", "count"}:
            result.false.append("unit")
        bound = ROUGHLY.get(str(row.get("bound") or ""), "")
        if bound and ROUGHLY.get(actual.scope.get("approximate", ""), "") != bound:
            result.lacks.append("bound")


def joined(first: Prediction, second: Prediction) -> Prediction | None:
    """Return a comparison and a level of the same sentence as one prediction, as one reader writes them."""
    if not first.direction or second.direction or second.value is None or first.value is not None:
        return None
    if second.treatment and first.treatment and not same(first.treatment, second.treatment):
        return None
    scope = {**second.scope, **first.scope}
    return Prediction(
        first.treatment or second.treatment,
        first.baseline,
        first.task or second.task,
        second.metric or first.metric,
        first.direction,
        second.value,
        second.unit,
        scope,
        first.hedge,
    )


@dataclass
class Tally:
    """Counts over a file."""

    wanted: int = 0
    predicted: int = 0
    wanted_right: int = 0
    wanted_right_context: int = 0
    predicted_right: int = 0
    nothing_false: int = 0
    misses: Counter[str] = field(default_factory=Counter)


def score(
    rows: Sequence[LabelledSentence], actual: Sequence[Sequence[Prediction]], lexicon: Lexicon, *, quiet: bool
) -> Tally:
    """Compare what was made of each sentence with what is wanted, and print each miss."""
    tally = Tally()
    for row, predictions in zip(rows, actual, strict=True):
        wanted, text = row["predictions"], row["sentence"]
        pairs = [j for a in predictions for b in predictions if a is not b and (j := joined(a, b))]
        tables = [[compared(p, w, text, lexicon) for w in wanted] for p in predictions]
        together = [[compared(p, w, text, lexicon) for w in wanted] for p in pairs]
        lines = []
        tally.wanted += len(wanted)
        tally.predicted += len(predictions)
        for at, expected in enumerate(wanted):
            right = [line[at] for line in (*tables, *together) if line[at].right]
            tally.wanted_right += bool(right)
            tally.wanted_right_context += any(not c.context for c in right)
            if not right:
                lines.append(f"   wanted  {_plain(expected)}")
        for p, line in zip(predictions, tables, strict=True):
            whole = [
                c
                for j, t in zip(pairs, together, strict=True)
                for c in t
                if c.right and p.direction in ("", j.direction) and (p.value in (None, j.value))
            ]
            best = min([*line, *whole], key=lambda c: (len(c.false), len(c.lacks)), default=None)
            tally.predicted_right += best is not None and best.right
            tally.nothing_false += best is not None and not best.false
            if best is None:
                tally.misses["nothing wanted"] += 1
                lines.append(f"   FALSE   {_short(p)}: no prediction is wanted")
            elif not best.right:
                tally.misses.update([f"{s} false" for s in set(best.false)] + [f"{s} missing" for s in best.lacks])
                what = "; ".join(
                    f"{w}: {', '.join(x)}" for w, x in (("false", best.false), ("missing", best.lacks)) if x
                )
                lines.append(f"   {'FALSE  ' if best.false else 'partial'} {_short(p)} ({what})")
        if not predictions and wanted:
            tally.misses["nothing made"] += len(wanted)
        if lines and not quiet:
            print(f"\n{row['id']}: {text}", *lines, sep="\n")
    return tally


def _plain(row: Wanted) -> str:
    return "; ".join(f"{k}: {v}" for k, v in row.items() if v is not None)


def _short(p: Prediction) -> str:
    slots = {k: getattr(p, k) for k in ("treatment", "baseline", "task", "metric", "hedge") if getattr(p, k)}
    size = "" if p.value is None else f" {p.value:g} {p.unit}".rstrip()
    slots_in_words = "; ".join(f"{k}: {v}" for k, v in {**slots, **p.scope}.items())
    return f"{p.direction or 'level'}{size}; {slots_in_words}"


def predicted(rows: Sequence[LabelledSentence], lexicon: Lexicon) -> list[tuple[Prediction, ...]]:
    """Read each sentence with what stands before it."""
    predictions = []
    for row in rows:
        before = re.split(r"(?<=[.!?])\s+(?=[A-Z])", row.get("before") or "")
        sentences = [Sentence.of(p, lexicon) for p in parse([*filter(None, before), row["sentence"]])]
        names = resolve(sentences, ["abstract"] * len(sentences))
        predictions.append(read(sentences[-1], names[-1]).predictions)
    return predictions


def listed(name: str, data: Path) -> list[LabelledSentence]:
    """Load a list of predictions.toml, each sentence with what stands before it in its abstract."""
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["sentence"]
    rows = [row for row in rows if row["list"] == name]
    wanted = {row["id"] for row in rows}
    abstracts = {
        paper["id"]: paper["abstract"] for paper in anthology.read(data / anthology.DUMP) if paper["id"] in wanted
    }
    return [
        LabelledSentence(
            id=row["id"],
            sentence=row["text"],
            before=abstracts[row["id"]].partition(row["text"])[0].strip(),
            predictions=row["predictions"],
        )
        for row in rows
    ]


def loaded(name: str) -> list[LabelledSentence]:
    """Load a list by its letter, or the lines of a file."""
    if name in ("A", "B", "C"):
        return listed(name, Path(os.environ["SYNTH_DATA"]))
    return [json.loads(line) for line in Path(name).read_text(encoding="utf-8").splitlines() if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lists", nargs="*", default=["A", "B", "C"], metavar="A|B|C|FILE")
    parser.add_argument("--quiet", action="store_true", help="the figures without the misses")
    options = parser.parse_args()
    lexicon = load_lexicon()
    for name in options.lists:
        rows = loaded(name)
        tally = score(rows, predicted(rows, lexicon), lexicon, quiet=options.quiet)
        print(f"\n{name}: {len(rows)} sentences, {tally.wanted} predictions wanted, {tally.predicted} made")
        print(f"made, strictly right:               {_share(tally.predicted_right, tally.predicted)}")
        print(f"made, nothing false:                {_share(tally.nothing_false, tally.predicted)}")
        print(f"wanted, found strictly right:       {_share(tally.wanted_right, tally.wanted)}")
        print(f"wanted, with what the context says: {_share(tally.wanted_right_context, tally.wanted)}")
        for miss, n in tally.misses.most_common():
            print(f"  {n:3} {miss}")


def _share(good: int, of: int) -> str:
    return f"{good} of {of}: {good / of:.2f}" if of else "–"


if __name__ == "__main__":
    main()
