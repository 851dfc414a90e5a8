"""Agreement of a finding and a passage: P(SUPPORT), P(CONTRADICT), P(NOT_ENOUGH_INFO) from all features of both.

The rules' answer, the stance model's in both directions (does the passage say the claim, the claim the passage?),
the cosine, shared and lacking words, names and numbers, and how the slots of both predictions correspond
(`synth.evidence.structure`) go into one multinomial logistic regression. Two are packaged in `agreement.toml`: `read`
with the stance model's answers, `unread` without them, which also chooses what the model reads.
`python -m training.agreement --write` fits both anew; docs/confidence.md says on what, and how well they hold.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, TypedDict, cast

from synth.claims.analysed import Hedge, analysed
from synth.core.types import Judgement, Stance
from synth.evidence.passages.contrasts import scope
from synth.evidence.passages.findings import RuleCode
from synth.evidence.passages.parts.sentence import read as read_sentence
from synth.evidence.structure import NONE, Correspondence, values
from synth.text.content import stem
from synth.text.lexicon import Lexicon

if TYPE_CHECKING:
    import numpy as np

STANCES = (Stance.SUPPORT, Stance.CONTRADICT, Stance.NOT_ENOUGH_INFO)
LOG_ODDS, BEARING = 6.0, 10.0  # the stance model's leaning, and its bearing on the claim at all, are cut here
_CHEAP = (
    *("cosine", "claim covered", "passage covered", "covered, close", "names lacking", "no shared name"),
    *("another condition", "negation differs", "direction differs"),
    *("agree", "opposed", "denied", "treatments", "outcomes", "baselines", "weakest", "scope apart"),
    *("open treatment", "open outcome", "one baseline", "own"),
    *("agree, close", "agree, outcomes", "opposed, close", "own paper"),
    *("decimals differ", "decimals lacking", "rule supports", "rule contradicts"),
    *("passage hedged", "passage leaves open", "passage predicts nothing", "speaks of its own method", "supposes"),
)
_MODEL = ("leans", "leans back", "bears", "bears back", "both lean", "leans, close", "leans, covered")
COLUMNS = {"unread": _CHEAP, "read": (*_CHEAP, *_MODEL)}

# What a study leaves undone or sets out to do is no result of it.
_OPEN = re.compile(
    r"\bremain\w* (?:to be|open|unclear|unknown)|\bleft open\b|\b(?:unclear|open question|future work)\b|"
    r"\bnot (?:yet )?(?:been )?(?:examined|studied|tested|measured|investigated|explored|clear|part of)\b",
    re.I,
)
_AIM = re.compile(
    r"\b(?:we|they|authors) (?:ask|investigate|examine|study|explore|aim|propose|present|introduce)\b", re.I
)
_DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w]|\.\d)|(?<![\w.])\d+(?:\.\d+)?(?=\s?(?:%|percent|points?\b))")
_UP = frozenset(
    stem(word)
    for word in "improve increase outperform better higher gain boost surpass exceed best strong effective helpful "
    "beneficial benefit superior win raise grow larger faster competitive succeed success".split()
)
_DOWN = frozenset(
    stem(word)
    for word in "decrease reduce worse lower drop degrade hurt harm underperform fail poor decline inferior worst "
    "suffer weaker struggle loss smaller slower deteriorate limited insufficient detrimental".split()
)


@dataclass(frozen=True)
class Pairing:
    """A finding beside a passage.

    Attributes:
        similarity: cosine of both texts.
        rule: what the stance rules say of the passage.
        correspondence: how the predictions of both correspond.
        states: the passage makes a prediction of its own.
        same_paper: both stand in one paper.
        forward, backward: the stance model's log-odds of SUPPORT and of CONTRADICT over NOT_ENOUGH_INFO, for the claim
            given the passage and for the passage given the claim; None where it was not asked.
    """

    claim: str
    passage: str
    similarity: float
    rule: Judgement
    correspondence: Correspondence = NONE
    states: bool = False
    same_paper: bool = False
    forward: tuple[float, float] | None = None
    backward: tuple[float, float] | None = None


@dataclass(frozen=True)
class TextFeatures:
    """Features of a sentence that is compared."""

    words: frozenset[str]
    names: frozenset[str]
    decimals: frozenset[str]
    negated: bool
    hedged: bool
    open: bool
    direction: int


@dataclass(frozen=True)
class Regression:
    """Multinomial logistic regression: softmax(weights · row + bias) in the order STANCES."""

    columns: tuple[str, ...]
    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Return softmax probabilities: (n, columns) → (n, 3)."""
        import numpy as np

        scores = rows @ np.array(self.weights).T + np.array(self.bias)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def assess(pairs: Sequence[Pairing], lexicon: Lexicon | None = None) -> list[tuple[float, float, float]]:
    """Return the probabilities of STANCES for each pair; `unread` is used where the model's answers are lacking."""
    import numpy as np

    probabilities: list[tuple[float, float, float]] = [(0.0, 0.0, 1.0)] * len(pairs)
    for name in COLUMNS:
        chosen = [i for i, pair in enumerate(pairs) if (pair.forward is not None) == (name == "read")]
        if chosen:
            rows = np.array([columns(pairs[i], lexicon) for i in chosen])
            for i, row in zip(chosen, packaged(name).probabilities(rows).tolist(), strict=True):
                probabilities[i] = (row[0], row[1], row[2])
    return probabilities


def columns(pair: Pairing, lexicon: Lexicon | None = None) -> list[float]:
    """Return the values of COLUMNS["read"], or of COLUMNS["unread"] for a pair without the stance model's answers."""
    claim, passage = read(pair.claim, lexicon), read(pair.passage, lexicon)
    covered, covers = _share(claim.words, passage.words), _share(passage.words, claim.words)
    slots = pair.correspondence
    close = max(0.0, pair.similarity - 0.5)
    cheap = [
        pair.similarity,
        covered,
        covers,
        covered * close,
        1 - _share(claim.names, passage.names) if claim.names else 0.0,
        float(bool(claim.names) and not claim.names & passage.names),
        float(bool(scope(read_sentence(pair.claim, lexicon), read_sentence(pair.passage, lexicon)))),
        float(claim.negated != passage.negated),
        float(claim.direction * passage.direction < 0),
        *values(slots),
        slots.agree * close,
        slots.agree * slots.outcomes,
        slots.opposed * close,
        float(pair.same_paper),
        float(bool(claim.decimals and passage.decimals) and not claim.decimals & passage.decimals),
        float(bool(claim.decimals) and not passage.decimals),
        float(pair.rule.stance is Stance.SUPPORT),
        float(pair.rule.stance is Stance.CONTRADICT),
        float(passage.hedged and not claim.hedged),
        float(passage.open and not claim.open),
        float(not pair.states),
        float(pair.rule.reason == RuleCode.DEICTIC),
        float(pair.rule.reason in (RuleCode.HYPOTHETICAL, RuleCode.HEDGED)),
    ]
    if pair.forward is None:
        return cheap
    back = pair.backward or pair.forward
    leans, leans_back = _leaning(pair.forward), _leaning(back)
    both = min(leans, leans_back) if leans > 0 else max(leans, leans_back)
    bears, bears_back = _bearing(pair.forward), _bearing(back)
    return [*cheap, leans, leans_back, bears, bears_back, both, leans * (pair.similarity - 0.5), leans * covered]


@lru_cache(maxsize=50_000)
def read(text: str, lexicon: Lexicon | None = None) -> TextFeatures:
    """Read what is compared off the first 5,000 characters of a text."""
    text = text[:5_000]
    known = analysed(text, lexicon)
    direction = (not known.words.isdisjoint(_UP)) - (not known.words.isdisjoint(_DOWN))
    return TextFeatures(
        words=known.words,
        names=known.names,
        decimals=frozenset(_DECIMAL.findall(text)),
        negated=known.negated,
        hedged=known.hedge is not Hedge.NONE,
        open=bool(_OPEN.search(text) or _AIM.search(text)),
        direction=-direction if known.negated else direction,
    )


def leaves_open(text: str) -> bool:
    """Return True if a sentence tells what was not studied, or remains unclear, instead of a result."""
    return bool(_OPEN.search(text))


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part & whole) / len(part) if part else 0.0


def _leaning(log_odds: tuple[float, float]) -> float:
    """Return the log-odds of SUPPORT over CONTRADICT."""
    return max(-LOG_ODDS, min(LOG_ODDS, log_odds[0] - log_odds[1]))


def _bearing(log_odds: tuple[float, float]) -> float:
    """Return the log-odds of either over NOT_ENOUGH_INFO."""
    most = max(log_odds)
    return max(-BEARING, min(BEARING, most + math.log(sum(math.exp(value - most) for value in log_odds))))


@cache
def packaged(name: Literal["read", "unread"]) -> Regression:
    """Return the packaged regression, `read` or `unread`. Raises ValueError if it was fitted to other columns."""
    data = _data()[name]
    if tuple(data["columns"]) != COLUMNS[name]:
        raise ValueError(f"agreement.toml holds other columns for {name!r}; fit it anew")
    weights = tuple(tuple(data["weights"][stance.value]) for stance in STANCES)
    return Regression(tuple(data["columns"]), weights, tuple(data["bias"]))


@cache
def ceiling() -> float:
    """Return the highest probability that the decided labelled pairs can tell from certainty: (n + 1) / (n + 2)."""
    n = int(_data()["decided"])
    return (n + 1) / (n + 2)


class _Table(TypedDict):
    columns: list[str]
    weights: dict[str, list[float]]
    bias: list[float]


class _File(TypedDict):
    decided: int  # labelled pairs
    read: _Table
    unread: _Table


@cache
def _data() -> _File:
    return cast("_File", tomllib.loads(files(__package__).joinpath("agreement.toml").read_text(encoding="utf-8")))
