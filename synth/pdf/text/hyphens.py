"""Words broken at line ends: which hyphens belong to the word and which only to the line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from synth.pdf.text.vocabulary import general_words, is_word

HYPHENS = "-\u2010\u00ad"
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
# Parts that English joins to their neighbour with a hyphen as a rule.
_FIRST_TEXT = """
all best cross ever few fine full hand high human ill large less long low many mid more most non one
part real second self short single small so state task third top two three four well wide word zero
"""
_FIRST = frozenset(_FIRST_TEXT.split())
_SECOND_TEXT = """
agnostic art augmented aware based best by consuming dependent domain driven end free friendly grained
heavy independent intensive invariant known language level like lingual match matching of only order
oriented poor quality rate related resource rich scale shot side sized source specific standard style
supervised tail task the time to token trained training tuned tuning up wide wise world
"""
_SECOND = frozenset(_SECOND_TEXT.split())
# Words of two words that a reader of research papers meets without a hyphen.
_CLOSED_TEXT = """
backbone background backward baseline benchmark bookkeeping bottleneck breakdown breakthrough checkpoint
cutoff database dataset downstream drawback feedback firsthand forthcoming forward framework furthermore
groundwork guideline handwritten hardware heatmap however keyword landmark lifetime likelihood likewise
lookup mainstream meanwhile moreover nevertheless newline newspaper nonetheless nowadays offline online
ongoing otherwise outcome outline outperform output overall overcome overfit overfitting overhead
overlap overlook override overview password pathway pipeline playground pretrained railway roadmap
setback shortcoming sidestep smartphone software somewhat spreadsheet standalone straightforward subword
throughput throughout timestamp toolkit tradeoff underestimate undergo underlie underlying understand
understanding understood undertake upstream viewpoint website weekday whatever whereas widespread
wildcard withdraw within without wordpiece workflow workforce workload workshop workspace worldwide
"""
_CLOSED = frozenset(_CLOSED_TEXT.split())
_INNER = frozenset("of the to and in on by at for".split())
_PARTICLES = frozenset("in out off up on down by to".split())
_TENS = frozenset("twenty thirty forty fifty sixty seventy eighty ninety".split())
_UNITS = frozenset("one two three four five six seven eight nine".split())
# Words, but before another one more often the beginning of a longer word.
_PREFIXES = frozenset(
    """non sub pre pro per dis mis out over under up inter intra super anti multi semi auto micro macro meta hyper bio
    counter trans para poly photo electro neuro psycho socio geo eco mono para proto pseudo ultra infra extra
    for""".split()
)
_SUFFIXES = frozenset("able ship hood ward wards less ness like logy".split())  # words, but more often endings
_ENDING = re.compile(
    r"(?:s|es|ed|ing|ings|er|ers|est|ly|al|ally|ance|ence|ment|ments|ness|ship|ful|less|able|ible|ation|ations|ity"
    r"|ive|ized|izing|ize|ous|tion|tions|sion|ward|wards|hood|ism|ist|ists|ability|ality)$"
)


class Vocabulary:
    """Counts of the words that the paper itself writes unbroken, hyphens kept."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self.count: Counter[str] = Counter()
        for line in lines:
            words = [word.lower().replace("\u2010", "-") for word in _WORD.findall(line)]
            if line.rstrip().endswith(tuple(HYPHENS)):
                words = words[:-1]
            for word in words[1:]:  # the first may be the second half of a broken word
                self.count[word] += 1
                if "-" in word:
                    self.count.update(word.split("-"))

    def keeps_hyphen(self, left: str, right: str) -> bool:
        """Return True if `left`-`right`, broken over two lines at a hyphen, is a word with a hyphen.

        `left` ends before the hyphen, `right` begins the next line.
        """
        head = re.search(r"[\w-]*$", left)
        tail = re.match(r"[^\W\d_]*", right)
        first = head.group().lower() if head else ""
        second = tail.group().lower() if tail else ""
        if tail and len(second) > 1 and tail.group().isupper() and self._seen(first + second):
            return self._seen(f"{first}-{second}") >= self._seen(first + second)  # "IN-SPIRE" for INSPIRE
        if not first or not second or not right[0].islower() or not first[-1].isalpha():
            return True  # a range, a name, a model: "2019-2020", "Zipf-Mandelbrot", "XLM-R"
        last = first.rpartition("-")[2]
        joined, hyphened = first + second, f"{first}-{second}"
        whole, apart = self._seen(joined), self._seen(hyphened)
        if last != first:
            whole += self._seen(last + second)
            apart += self._seen(f"{last}-{second}")
        if whole != apart:
            return apart > whole
        if last != first and last in _INNER:
            return True  # "out-of-distribution"
        if len(last) == 1:
            return True  # "p-value", "n-tridecanal": no word is broken behind its first letter
        if not left.rstrip()[-1:].islower():
            return True  # "BERT-based"
        if _CLOSED & {last + second, (last + second).removesuffix("s")}:
            return False
        if self._stem_seen(f"{last}-{second}"):
            return True
        if self._stem_seen(last + second):
            return False
        return self._is_compound(last, second)

    def _is_compound(self, last: str, second: str) -> bool:
        """Return True for two words, False for one word of English, where the paper itself says nothing of the two
        parts.
        """
        if is_word(last + second) or _ENDING.fullmatch(second):
            return False
        if last in _FIRST or second in _SECOND:
            return self.count[second] > 0 or second in _SECOND or is_word(second)
        if second in _PARTICLES and last not in _PREFIXES and len(last) > 2 and is_word(last):
            return True  # "held-out", "built-in"
        if last in _TENS and second in _UNITS:
            return True
        if _is_part(last) and _is_part(second):
            return last not in _PREFIXES and second not in _SUFFIXES
        # Two words, and not one that the paper writes anywhere: a compound.
        return (
            min(len(last), len(second)) > 3
            and self.count[last] > 0
            and (self.count[second] > 0 or min(len(last), len(second)) > 6)
        )

    def _seen(self, word: str) -> int:
        return self.count[word]

    def _stem_seen(self, word: str) -> bool:
        """Return True if the word occurs in another form: "results" for "result", "trained" for "training"."""
        if len(word) < 6:
            return False
        stems = {word + "s", word + "ed", word + "ing", word + "ly", word + "d"}
        for ending in ("s", "es", "ed", "ing", "ly", "er", "d", "ion", "ions", "al", "ally"):
            if word.endswith(ending) and len(word) - len(ending) >= 4:
                stem = word[: -len(ending)]
                stems |= {stem, stem + "e", stem + "s", stem + "ed", stem + "ing", stem + "ion", stem + "es"}
        return any(self.count[stem] for stem in stems)


def _is_part(word: str) -> bool:
    """Return True for a word of three letters or more that may stand in a compound.

    Of short ones no ending is cut.
    """
    return word in general_words() or (len(word) > 4 and is_word(word))
