"""Reading names, content words and negation out of an English sentence. Pure; no stage's own knowledge."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# The list for all who compare or index texts; who needs another says why beside it.
_STOP = """
a about above after again all also an and any are as at be been being between both but by can could did do does
doing during each for from further furthermore had has have having he hence her here how however i if in into is it
its itself let may might more moreover most much must of on once one only or other our ours over own same she
should so some such than that the their them themselves then there therefore these they this those through thus
to too under until up upon us using used use very was we were what when where whereas which while who whom why
will with within would you your via per et al etc e.g i.e eg ie e g
"""
STOP_WORDS = frozenset(_STOP.split())

# Units and scales belong to a number, not to what a sentence is about.
_UNITS = "point points percent percentage thousand million billion times"
_WITHOUT_CONTENT = STOP_WORDS | frozenset(_UNITS.split())

# Prefixes that are written with a hyphen, a space or neither: "cross-lingual" is "crosslingual".
_JOINED = re.compile(r"\b(cross|multi|mono|bi|pre|post|fine|zero|few|non|sub|re|semi|un|inter)-(?=[a-z])", re.I)
_HYPHENED_NAME = re.compile(r"\b(\w*[A-Z]\w*)-(?=[A-Z0-9])")
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?")
_SUFFIX = re.compile(r"-(?:scores?|based|like|style|only|macro|micro|measure|trained|tuned|specific)$")
_NAME = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*(?:['’]\d\d\b)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
# A capital after the first letter, or digits and letters together.
_MARKED = re.compile(r"(?<=.)[A-ZÀ-ÖØ-Þ]|\d.*[^\W\d_]|[^\W\d_].*\d")
_OPENS = re.compile(r"[.!?:]\s+$")

NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|none|cannot|without|hardly|barely|unable|fails?|failed|failing|little"
    r"|lacks?|absence)\b|n['’]t\b",
    re.I,
)
# "not only … but also" and "no less than" assert what they seem to deny.
_SHAM_NEGATION = re.compile(r"\bnot (?:only|just|merely)\b|\bno (?:less|fewer) than\b|\bnot to mention\b", re.I)

# Where a data set of citing sentences has taken the citation out: "[<|cit|>,7]", "(<|multi_cit|>)".
_CITATION_MARK = re.compile(r"[\[(]?\s*(?:<\|(?:multi_|other_)?cit\|>)[,\d–\s;-]*[\])]?")


# Signs that nobody sees: soft hyphens, joiners of words, marks of direction and of byte order.
_UNSEEN = re.compile(
    "[\u00ad\u200b\u200e\u200f\u2060-\u2064\ufeff\ufff9-\ufffb\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)


def composed(text: str) -> str:
    """Return `text` in NFC and without signs that are not seen: either would cut a word in two ("nai¨ve")."""
    return text if text.isascii() else unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def without_citation_marks(sentence: str) -> str:
    """Return `sentence` with single blanks and without the marks that stand in the place of citations."""
    return re.sub(r"\s+([.,;])", r"\1", re.sub(r"\s+", " ", _CITATION_MARK.sub("", sentence))).strip()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return a word without its inflection, roughly: enough to match "improves" with "improved", not a true stem."""
    word = word.casefold().replace("’", "'").removesuffix("'s")
    for ending, replacement in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word.removesuffix(ending) + replacement
            break
    else:
        return word.removesuffix("e") if len(word) > 4 else word
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        return word[:-1]
    return word.removesuffix("e") if len(word) > 4 else word


def content_words(text: str) -> tuple[str, ...]:
    """Return the stems of the words that carry meaning, in order, without stop words, negation and bare numbers."""
    words = _WORD.findall(_HYPHENED_NAME.sub(r"\1", _JOINED.sub(r"\1", text)))
    return tuple(
        stem(word)
        for word in words
        if word.casefold() not in _WITHOUT_CONTENT and not word[0].isdigit() and not NEGATION.fullmatch(word)
    )


def names(text: str) -> frozenset[str]:
    """Return the words written like names (XLM-R, SQuAD, Tatoeba, German), folded to one spelling: "XLM-R" is "xlmr".

    A year is one too: the shared task of 2017 is not that of 2018.

    The first word of a sentence counts only when something besides its first letter marks it as a name.
    """
    return frozenset(name for name, _ in placed_names(text))


def placed_names(text: str) -> tuple[tuple[str, int], ...]:
    """Return the names of `names`, each time they occur, with their place. "multilingual BERT" is read as "mBERT"."""
    text = re.sub(r"\b(?:[Mm]ultilingual[- ]|[Mm]-)(?=BERT\b)", "m", text).replace("XLM-RoBERTa", "XLM-R")
    places = []
    opening = len(text) - len(text.lstrip(" \"'“‘(["))
    for match in _NAME.finditer(text):
        word, at = match.group(), match.start()
        first = at <= opening or bool(_OPENS.search(text, max(0, at - 8), at))
        if word.islower() and word.isalpha():
            continue
        marked = bool(_MARKED.search(word))
        if _YEAR.fullmatch(word):
            places.append((word, at))
        elif (marked or (word[0].isupper() and not first and len(word) > 1)) and not _is_ordinary(word):
            word = _SUFFIX.sub("", word)
            places.append((re.sub(r"[-.'’]", "", word).casefold(), at))
    return tuple(places)


def _is_ordinary(word: str) -> bool:
    """Return True for words whose capital or digit says nothing: references to parts of a paper, ordinals, "15-way"."""
    return bool(
        re.fullmatch(r"[kKMGT]B|mmHg|k?Hz|GHz|CI|SD|SE", word)
        or re.fullmatch(r"(?i)(?:table|tab|figure|fig|section|sec|appendix|equation|eq|we|our|the|this)s?", word)
        or re.fullmatch(r"(?i)\d+(?:st|nd|rd|th|k|m|b|x|gb|tb)?(?:-[a-z]+)*", word)
    )


def negated(text: str) -> bool:
    """Return True if `text` denies something."""
    return bool(NEGATION.search(_SHAM_NEGATION.sub(" ", text)))
