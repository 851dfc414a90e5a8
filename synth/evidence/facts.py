"""The numbers of one sentence as facts: what each measures, level or change, under which condition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from synth.evidence.pairing import Placed, paired
from synth.evidence.vocabulary import BETTER, DOWN, LOWER_IS_BETTER, UP, WORSE
from synth.lexicon import Mention
from synth.numbers import MEASURE, MEASURES, Quantity, quantities
from synth.text import STOP_WORDS, placed_names, stem

MOST = 40  # facts of one sentence; more are a table in prose

CHANGE_BEFORE = re.compile(
    r"(?:\b(?:improv(?:e[sd]?|ing)|gain(?:s|ed|ing)?|(?:de|in)creas(?:e[sd]?|ing)|drop(?:s|ped|ping)?|los(?:es?|t|ing))"
    r"|\bby(?: (?:an?|the))?(?: (?:average|mean|total|further|additional|relative|absolute|margin))*(?: of)?"
    r"|\b(?:improvements?|gains?|increases?|boosts?|drops?|decreases?|reductions?|differences?|margins?|declines?"
    r"|degradations?|loss(?:es)?)(?: in [^,.;]{1,30}?)?(?: of| is| are| was| were| reach| exceed| never exceed)|\+)"
    r"(?: (?:up to|over|about|around|nearly|almost|at least|at most|more than|less than|roughly|approximately|between"
    r"|~))?"
    r"\s?$",
    re.I,
)
CHANGE_AFTER = re.compile(
    r"^\s?(?:absolute |relative |average |overall )?"
    r"(?:[A-Za-z0-9]+ )?(?:improvements?|gains?|increases?|boosts?|drops?|decreases?|reductions?"
    r"|(?:better|worse|higher|lower|more|less|fewer|above|below|over(?! (?:the |all )*\d)|faster|slower|smaller"
    r"|larger)\b)",
    re.I,
)
CHANGE_NOUN = re.compile(r"\b(?:gains?|improvements?|drops?|reductions?|increases?|decreases?)\b", re.I)
LEVEL_BEFORE = re.compile(r"\b(?:scores?|reach(?:es)?|obtains?|achieves?|attains?|at|to|is|are|was|were|of)\s$", re.I)
BY_TURN = re.compile(r"[^.;:\d]{0,60}(?:,|\band|/|\bor)\s*(?:by )?")
METRIC_POINTS = re.compile(r"\s[A-Z][\w-]*[\s-]points?\b")
RELATIVE = re.compile(r"\b(?:relative(?:ly)?|relative to)\b", re.I)
COEFFICIENT = re.compile(
    r"(?:(?<!\w)(?:r|ρ|τ|rho|tau)|\bcoefficients?|\bcorrelations?)\s?(?:=|of|is|at|was)?\s?$", re.IGNORECASE
)
P_VALUE = re.compile(r"(?<![\w-])[pP](?:[\s-]values?)?(?:\s(?:of|is|was))?\s?([<>=≤≥])\s?(0?\.\d+)")
CONDITION = re.compile(
    r"\b(?:at|after|with|within|using|for|in|over|among|across|on|doses? of)\s(?:an?\s|the\s|all\s|about\s)?"
    r"(?:doses? of\s)?$",
    re.I,
)
NOT_A_QUANTITY = re.compile(
    r"(?:\b(?:tables?|tab|figures?|figs?|sections?|sec|eqs?|equations?|appendix|chapter|footnote|steps?|phases?|page"
    r"|algorithm|line|layers?|version|week|day|subtask|track|grade|type|part|question|rq|and table)\.?\s?\(?"
    r"|[§#]\s?|[:/]\s?)$",
    re.I,
)
BASELINE = re.compile(
    r"(?:\b(?:over|than|against|versus|vs\.?|above|below|behind|compared (?:to|with)|relative to|outperform\w*"
    r"|exceed\w*|surpass\w*|beats?))\s+(?:the\s|our\s|an?\s)?$",
    re.I,
)
# "9,741 training, 1,221 development and 1,140 test questions", "the dev set", "validation accuracy".
_OF_A_SPLIT = r"sets?|splits?|examples?|questions?|sentences?|pairs?|instances?|samples?|items?"
SPLIT = re.compile(
    rf"(?P<counted>\d\s)?\b(?:(?P<train>train(?:ing)?)|(?P<dev>dev(?:elopment)?|validation)|(?P<test>test))\b"
    rf"(?:(?P<noun>[\s-](?:{_OF_A_SPLIT})\b)|(?P<score>[\s-](?:accuracy|scores?|F1|data|performance)\b))?",
    re.I,
)
SIZE = re.compile(
    r"(?<![\w-])(?:(?P<billions>\d+(?:\.\d+)?)\s?(?P<scale>[BM])(?=\s(?:parameter\s)?(?:model|variant|version)s?\b)"
    r"|(?P<word>base|large|small|tiny|XL|XXL)(?=\s(?:model|variant|version)s?\b))",
)
SPAN = re.compile(
    r"\b(?P<number>zero|one|two|three|four|five|six|seven|eight|nine|ten|\d+)-"
    r"(?P<unit>shot|years?|months?|weeks?|days?|way|layer|hop|fold|class)\b",
    re.I,
)
NEGATED_BOUND = re.compile(r"(?:\bnot\b|n't\b|\bnever\b|\bno\b)[^.;,]{0,60}$", re.I)
# A negation that reaches the number, and not "no training data" beside it.
DENIAL = re.compile(
    r"\b(?:not|never|neither|nor|cannot|fail(?:s|ed)? to)\b(?! only)|n['’]t\b"
    r"|\bno (?:\w+ ){0,2}(?:improvements?|gains?|increases?|drops?|reductions?|differences?|effects?)\b",
    re.I,
)
NEVER_OVER = re.compile(r"\b(?:never|not|n't)\s(?:exceed(?:ed|s)?|above|over)\s$", re.I)
AT_K = re.compile(r"@(\d+)")
JOINED = re.compile(r"\b(cross|multi|mono|bi|pre|post|fine|zero|few|non|sub|re|semi|un|inter)-(?=[a-z])", re.I)
WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?")
YEAR = re.compile(r"(?:19|20)\d\d")

Slots = dict[str, frozenset[str]]
Named = dict[str, list[Placed]]  # names by kind, each with its place, in order of place


@dataclass(frozen=True)
class Fact:
    """One number and what it says.

    `sort`: "level", "change" (a difference), "factor" ("three times"), "count", "coefficient" (of a correlation), "p".
    `unit`: "%", "points", "relative %", a dimension of `synth.numbers.MEASURES` or "". `low` and `high` are the ends of
    a range in the base unit, equal for a single number. `ends`: "from a to b". `sign`: whether a change goes up (1) or
    down (-1), 0 where it is not said. `nouns` say what is counted, `head` is the last of them. `slots`: the names that
    belong to this number, by kind.
    """

    sort: str
    unit: str
    low: float
    high: float
    step: float
    bound: str
    start: int
    end: int
    sign: int = 0
    ends: tuple[float, float] | None = None
    metric: str = ""
    nouns: frozenset[str] = frozenset()
    head: str = ""
    denied: bool = False
    condition: bool = False
    slots: Slots = field(default_factory=dict)

    @property
    def value(self) -> float:
        """The number; of a range its middle."""
        return (self.low + self.high) / 2

    @property
    def is_range(self) -> bool:
        return self.low != self.high


def facts(text: str, mentions: Sequence[Mention], named: Named) -> tuple[Fact, ...]:
    """The numbers of `text` that measure or count something, in order; at most 40. `named`: its `entities`.

    Left out: years, references to tables, citation numbers, numbers inside names, bare whole numbers.
    """
    inside = [(m.start, m.end) for m in mentions if any(c.isdigit() for c in m.text)]
    metrics = any(m.kind == "metric" for m in mentions)
    found: list[Fact] = []
    for q in quantities(text, 2 * MOST):
        if any(s <= q.start < e for s, e in inside) or len(found) == MOST:
            continue
        one = _fact(text, q, metrics)
        if one is not None:
            found.append(one)
    found += [_p_value(m) for m in P_VALUE.finditer(text)]
    found.sort(key=lambda f: f.start)
    return tuple(_placed(text, _by_turns(text, found), named))


def _fact(text: str, q: Quantity, metrics: bool) -> Fact | None:
    before, after = text[max(0, q.start - 60) : q.start], text[q.end : q.end + 80]
    if NOT_A_QUANTITY.search(before):
        return None
    if not q.unit and not q.worded and (points := METRIC_POINTS.match(after)):  # "2.2 BLEU points"
        q, after = replace(q, unit="points"), after[points.end() :]
    dimension, factor = MEASURES.get(q.measure, ("", 1.0))
    coefficient = not q.unit and q.value is not None and abs(q.value) <= 1 and bool(COEFFICIENT.search(before))
    nouns, head = ((), "") if q.unit or q.measure or coefficient else counted(after)
    whole = q.step >= 1 and q.low is None
    change = _is_change(text, q, before, after)
    if coefficient:
        sort = "coefficient"
    elif q.unit == "times":
        sort = "factor"
    elif change or q.changed:
        sort = "change"
    elif whole and nouns and not q.unit and not dimension:
        sort = "count"
    elif whole and not q.unit and not dimension and not (metrics and LEVEL_BEFORE.search(before)):
        return None  # a bare whole number counts nothing
    else:
        sort = "level"
    return _valued(text, q, sort, dimension or _unit(text, q, sort), factor, frozenset(nouns), head)


def _valued(text: str, q: Quantity, sort: str, unit: str, factor: float, nouns: frozenset[str], head: str) -> Fact:
    low = q.low if q.value is None or q.changed else q.value
    high = q.high if q.value is None or q.changed else q.value
    low, high = sorted(((low or 0.0) * factor, (high or 0.0) * factor))
    ends = ((q.low or 0.0) * factor, (q.high or 0.0) * factor) if q.changed else None
    sign = 0
    if ends:
        sign = (ends[1] > ends[0]) - (ends[1] < ends[0])
        low = high = abs(ends[1] - ends[0])
    elif sort == "change":
        sign = _sign(text, q)
        low, high = sorted((abs(low), abs(high)))
    bound, denied = _bound(text, q)
    measured = MEASURE.match(text, q.end) if q.measure else None
    end = measured.end() if measured else q.end
    return Fact(sort, unit, low, high, q.step * factor, bound, q.start, end, sign, ends, "", nouns, head, denied)


def _p_value(match: re.Match[str]) -> Fact:
    value = float(match[2])
    step = 10.0 ** -len(match[2].partition(".")[2])
    bound = {"=": "", "<": "<", "≤": "≤", ">": ">", "≥": "≥"}[match[1]]
    return Fact("p", "", value, value, step, bound, match.start(), match.end())


def _is_change(text: str, q: Quantity, before: str, after: str) -> bool:
    if q.approximate and before.rstrip().lower().endswith(q.approximate):
        before = before.rstrip()[: -len(q.approximate)].rstrip() + " "
    if CHANGE_BEFORE.search(before) or CHANGE_AFTER.search(after) or (q.signed and q.unit):
        return True
    if q.unit != "points":
        return False
    return not LEVEL_BEFORE.search(before) and bool(CHANGE_NOUN.search(text[max(0, q.start - 80) : q.end + 40]))


def _unit(text: str, q: Quantity, sort: str) -> str:
    if sort != "change" or q.unit == "points" or q.relative == "absolute":
        return "points" if q.relative == "absolute" else q.unit
    near = text[max(0, q.start - 40) : q.end + 24]
    if q.unit == "%" and (q.relative == "relative" or RELATIVE.search(near)):
        return "relative %"
    return q.unit


def _sign(text: str, q: Quantity) -> int:
    """Whether the nearest word of direction, within 80 characters, says up or down; +2 better, -2 worse."""
    if q.signed and q.value is not None:
        return 1 if q.value >= 0 else -1
    window = text[max(0, q.start - 80) : q.start]
    for word in reversed(WORD.findall(window)):
        if (way := _way(word)) != 0:
            return way
    for word in WORD.findall(text[q.end : q.end + 60]):
        if (way := _way(word)) != 0 or word.casefold() in ("above", "below", "over"):
            return way or (-1 if word.casefold() == "below" else 1)
    return 0


def _way(word: str) -> int:
    folded = stem(word)
    if folded in BETTER:
        return 2
    if folded in WORSE:
        return -2
    return (folded in UP) - (folded in DOWN)


def _bound(text: str, q: Quantity) -> tuple[str, bool]:
    """What the number leaves open, and whether the sentence denies it: "never exceeds 6" is at most 6, not denied."""
    before = text[max(0, q.start - 80) : q.start]
    if NEVER_OVER.search(before):
        return "≤", False
    denied = bool(DENIAL.search(re.split(r"[;:,]", before)[-1]))
    if denied and q.bound in (">", "≥", "<", "≤") and NEGATED_BOUND.search(before):
        return {">": "≤", "≥": "<", "<": "≥", "≤": ">"}[q.bound], False
    return q.bound, denied


def counted(after: str) -> tuple[tuple[str, ...], str]:
    """(stems, the last of them) of the words behind a number that say what is counted: "9 target tasks"."""
    run = re.match(r"(?:[\s-]?[^\W\d_]+(?:-[^\W\d_]+)*){1,5}", after)
    nouns: list[str] = []
    for word in WORD.findall(JOINED.sub(r"\1", run.group())) if run else []:
        if word.casefold() in STOP_WORDS or len(nouns) == 4:
            if word.casefold() == "of" and not nouns:
                continue
            break
        nouns.append(stem(word))
        if word.endswith("s") and not word.endswith("ss"):
            break
    return tuple(nouns), nouns[-1] if nouns else ""


def _by_turns(text: str, found: list[Fact]) -> list[Fact]:
    """Facts in which a list shares what is printed once: "gains of 8.2, 7.5 and 7.0", "9 training, 12 test items"."""
    for i in range(1, len(found)):
        one, two = found[i - 1], found[i]
        told = one.unit == "points" or BY_TURN.fullmatch(text, one.end, two.start)
        if one.sort == "change" and two.sort == "level" and one.unit == two.unit and told:
            found[i] = replace(two, sort="change", sign=two.sign or one.sign)
    for i in range(len(found) - 2, -1, -1):
        one, two = found[i], found[i + 1]
        between = text[one.end : two.start]
        if one.sort == two.sort == "count" and SPLIT.search(between) and re.search(r"(?:,|\band|\bor)\s*$", between):
            found[i] = replace(one, nouns=two.nouns, head=two.head)
    return found


def _placed(text: str, found: list[Fact], named: Named) -> list[Fact]:
    """Each fact with the names that belong to it."""
    marked = [replace(f, condition=_sets_condition(text, f)) for f in found]
    if all(f.condition for f in marked):
        marked = [replace(f, condition=False) for f in marked]
    main = [f for f in marked if not f.condition and f.sort != "p"]
    places = [f.start for f in main]
    kinds = {kind: paired(placed, places) for kind, placed in named.items()}
    settled = []
    for i, fact in enumerate(main):
        slots = {kind: sets[i] for kind, sets in kinds.items() if sets[i]}
        correlation = frozenset(m for m in slots.get("metric", ()) if m.endswith(" correlation"))
        metric = correlation if fact.sort == "coefficient" else slots.get("metric", frozenset()) - correlation
        slots.pop("metric", None)
        settled.append(_signed(replace(fact, slots=slots, metric=next(iter(metric)) if len(metric) == 1 else "")))
    everything = {
        kind: frozenset(n for n, _ in placed) for kind, placed in named.items() if kind != "metric" and placed
    }
    rest = [replace(f, slots=everything) for f in marked if f.condition or f.sort == "p"]
    return sorted(settled + rest, key=lambda f: f.start)


def _sets_condition(text: str, fact: Fact) -> bool:
    before = text[max(0, fact.start - 24) : fact.start]
    measured = fact.sort == "count" or (fact.sort == "level" and fact.unit not in ("%", "points", ""))
    return measured and bool(CONDITION.search(before))


def _signed(fact: Fact) -> Fact:
    """A change for the better or worse as one up or down, by the metric that it is of."""
    if abs(fact.sign) < 2:
        return fact
    way = fact.sign // 2
    return replace(fact, sign=-way if fact.metric in LOWER_IS_BETTER else way)


def entities(text: str, mentions: Sequence[Mention]) -> Named:
    """The names of a sentence by kind, each with its place, in order of place."""
    found: Named = {}
    for m in mentions:
        kind = {"dataset": "task", "task": "task", "corpus": "task", "language": "languages"}.get(m.kind, m.kind)
        name = m.name
        if kind == "model" and BASELINE.search(text[max(0, m.start - 40) : m.start]):
            kind = "baseline"
        if kind == "metric" and (cut := AT_K.match(text, m.end)):
            name = f"{name}@{cut[1]}"
        if kind not in ("treatment", "split"):
            found.setdefault(kind, []).append((name, m.start))
    found["split"] = _splits(text)
    for match in SIZE.finditer(text):
        size = (match["word"] or f"{match['billions']}{match['scale']}").lower()
        found.setdefault("size", []).append((size, match.start()))
    for match in SPAN.finditer(text):
        span = f"{match['number'].lower()}-{match['unit'].lower().rstrip('s')}"
        found.setdefault("span", []).append((span, match.start()))
    return found | _other_names(text, mentions)


def _splits(text: str) -> list[Placed]:
    found = []
    for match in SPLIT.finditer(text):
        # "training" alone is what is done; "development data" is a split, "training data" mostly is not.
        if match["counted"] or match["noun"] or (match["score"] and not match["train"]):
            kind = "training set" if match["train"] else "development set" if match["dev"] else "test set"
            found.append((kind, match.start()))
    return found


def _other_names(text: str, mentions: Sequence[Mention]) -> Named:
    """Names that the lexicon does not know, and years, each with its place."""
    letters = list(text)
    for m in mentions:
        letters[m.start : m.end] = "x" * (m.end - m.start)
    found: Named = {}
    for name, at in placed_names("".join(letters)):
        found.setdefault("year" if YEAR.fullmatch(name) else "name", []).append((name, at))
    return found
