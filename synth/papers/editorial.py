"""Editorial status of a paper as its title, its comment or the types of its record tell it. Pure.

One function decides for every source and for PDFs: `read_title`. It tells three things apart. A *marked* paper carries
the publisher's mark before or behind its own title ("RETRACTED ARTICLE: …", "… (Retracted article. See vol. 3 …)"). A
*notice* is a record of its own that announces something about another paper ("Retraction notice to “…”"). Everything
else is sound: errata, corrections, replies and comments change nothing, and a paper about retractions is a paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from synth.core.types import Editorial, Record

MIN_SUBJECT = 16  # letters and digits of a title by which a notice may name another paper
_LONGEST = 2_000  # characters of a title that are looked at


@dataclass(frozen=True)
class TitleReading:
    """Editorial status that a title states.

    Attributes:
        status: of the record itself; NOTICE if it surely is one.
        title: the title without the publisher's mark; of a notice its own title.
        announced: what a notice says of another paper.
        subject: the title of that paper; empty if the notice does not give it.
        sure: False for words that papers begin with as well ("Withdrawal: …"): they make a notice only if a paper
            titled `subject` is known.
    """

    title: str
    status: Editorial = Editorial.NONE
    announced: Editorial = Editorial.NONE
    subject: str = ""
    sure: bool = True


_NOUN = (
    r"(?:(?:research|original|review|conference|journal|meeting|scientific)\s+)?"
    r"(?:article|paper|chapter|manuscript|publication|preprint|abstract|study|review|book|report|letter|protocol"
    r"|contribution|version|entry|protocol|thesis)"
)
_OPEN, _CLOSE = r"[\[({【（<*]", r"[\])}】）>*]"
_STATUS = {
    "retracted": Editorial.RETRACTED,
    "retratado": Editorial.RETRACTED,
    "retractado": Editorial.RETRACTED,
    "retracté": Editorial.RETRACTED,
    "rétracté": Editorial.RETRACTED,
    "zurückgezogen": Editorial.RETRACTED,
    "撤稿": Editorial.RETRACTED,
    "отозвана": Editorial.RETRACTED,
    "withdrawn": Editorial.WITHDRAWN,
    "removed": Editorial.WITHDRAWN,
    "temporary removal": Editorial.WITHDRAWN,
    "temporarily removed": Editorial.WITHDRAWN,
    "expression of concern": Editorial.CONCERN,
}
_WORDS = r"retracted|withdrawn|removed|temporary\s+removal|temporarily\s+removed"
_FOREIGN = r"retra(?:c)?tado|r[ée]tract[ée]|zurückgezogen|撤稿|отозвана"
_PREFIX = re.compile(
    rf"^(?P<open>{_OPEN}+\s*)?(?:(?:artigo|artículo|article|статья)\s+(?={_FOREIGN}))?"
    rf"(?P<word>{_WORDS}|{_FOREIGN}|(?<={_OPEN})expression\s+of\s+concern)(?P<noun>\s+{_NOUN})?"
    r"(?:\s+(?:and|&)\s+(?:republished|replaced|removed|retracted|withdrawn))?"
    rf"(?P<close>\s*{_CLOSE}+)?(?P<sep>\s*[:：|]+|\s+[-–—]+(?=\s)|\s*[–—]+|\.(?=\s))?\s*(?=\S)",
    re.IGNORECASE,
)
# Behind the title, in brackets: "(Retracted article. See vol. 12, pg. 3, 2010)", "[Retracted]", "(withdrawn 2011)".
_REST = r"(?:\s*(?:[.,:;]|\b(?:see|in|by|on|at|due|after|from|\d{4})\b)[^\[\](){}]*(?:\([^()]*\)[^\[\](){}]*)*)?"
_SUFFIX = re.compile(
    rf"\s*{_OPEN}+\s*(?:this\s+{_NOUN}\s+(?:has\s+been|was|is)\s+|publication\s+with\s+(?=expression))?"
    rf"(?P<word>retracted|withdrawn|expression\s+of\s+concern(?!\s+(?:of|on|to|for)\b))(?:\s+{_NOUN})?{_REST}{_CLOSE}*\s*\.?\s*$",
    re.IGNORECASE,
)
_DASHED = re.compile(rf"\s*(?:[-–—]+|:|\.)\s*(?P<word>RETRACTED|WITHDRAWN)(?:\s+(?i:{_NOUN}))?\s*\.?\s*$")
# Web of Science writes what a notice is about behind the title: "… (Retraction of vol 8, pg 15, 2012)".
_NOTICE_SUFFIX = re.compile(
    r"\s*[(\[]\s*(?:partial\s+)?(?P<core>retraction|withdrawal|removal|expression\s+of\s+concern)s?\s+"
    r"(?:of|to|for|on|from)\s*:?\s*(?:vol|v\.|iss|no\.|pg|p\.|art|doi|10\.|this|\d)[^\])]*[)\]]?\s*\.?\s*$",
    re.IGNORECASE,
)
_CORE = (
    r"(?:partial\s+)?(?:retraction|withdrawal|removal)(?:\s+in\s+part)?"
    r"(?:\s+(?:and|&|with)\s+(?:replacement|republication))?"
    r"|(?:expression|note|statement)\s+of\s+(?:editorial\s+)?concern"
)
_NOTICE = re.compile(
    rf"^(?P<open>{_OPEN}+\s*)?(?P<before>(?:(?:statement|notice|note|letter|announcement)\s+of\s+)"
    r"|(?:editorial|editors?['’]?s?|editor-in-chief['’]?s?|publishers?['’]?s?|authors?['’]?s?|public|full|formal)\s+"
    r"(?:notice\s+of\s+)?)*"
    rf"(?P<core>{_CORE})(?:s(?=\s*$|\s*[:.]))?"
    rf"(?P<noun>\s+(?:note|notice|statement|letter|announcement|of\s+(?:{_NOUN}|publication)))?"
    rf"(?P<close>\s*{_CLOSE}+)?(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(
    r"[“”\"„«‘'`]{1,2}\s*(?P<title>.{8,}?)\s*[.,]?\s*[“”\"»’'´]{1,2}(?=\s*(?:$|[\[(.,;:—–-]|by\b|in\b|published\b))",
    re.DOTALL,
)
_LINK = r"(?:of|to|for|on|about|regarding|concerning|in|from)"
_LINKED = re.compile(
    rf"^\s*[-–—:]?\s*(?P<link>{_LINK})\b\s*(?:the\s+)?(?:{_NOUN}s?\b)?\s*"
    r"(?:(?:titled|entitled|published\s+as|by\s+[^“”\"„«]{2,80}?)\s*,?\s*)?(?P<colon>:)?\s*(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_SEPARATED = re.compile(
    r"\s*(?:[:：|.]|[-–—]+(?=\s)|[–—])\s*(?:(?:of|to|for|on)\s*:\s*)?(?P<title>\S.*)$", re.IGNORECASE | re.DOTALL
)
_ET_AL = re.compile(r"^.{1,80}?\bet\s+al\.?\s*,?\s*(?:\(\d{4}\)\s*[.,:]?\s*)?(?P<title>.+)$", re.IGNORECASE | re.DOTALL)
_PLACE = re.compile(r"\s*[\[(](?:[^\[\]()]|\([^()]*\))*\d(?:[^\[\]()]|\([^()]*\))*[\])]\s*\.?\s*$")
# Titles of papers that are about retractions, rather than retracted ("Retraction: the fate of fraud in journals").
_ABOUT = re.compile(
    r"\bretract|\bwithdraw|misconduct|\bfraud|bibliometric|scientometric|peer.review|publishing|\bpublications?\b"
    r"|\bjournals?\b|\beditors?\b|scientific (?:record|literature|community)|\bliterature\b|integrity|plagiari"
    r"|reproducib",
    re.IGNORECASE,
)
# IEEE puts these words before the title of the work itself; its notices have no record of their own.
_IEEE = re.compile(
    r"^(?P<word>notice\s+of\s+(?:retraction|withdrawal)|notice\s+of\s+violation\s+of\s+ieee\s+publication\s+principles)"
    r"\s*[:.–—-]*\s*(?=\S)",
    re.IGNORECASE,
)
_ALL_CAPS = re.compile(r"[A-ZÀ-ÞĀ-Ž\W\d_]+")


# One of these stands in whatever the patterns look for; few titles have one.
_WORTH_READING = re.compile(r"r[eé]tract|retrat|withdr|remov|concern|violation|zurückgez|撤稿|отозвана", re.IGNORECASE)


@lru_cache(maxsize=8192)
def read_title(title: str, doi: str = "") -> TitleReading:
    """Read the editorial status that `title` tells. `doi` decides where publishers use the same words differently."""
    text = " ".join(title.split())[:_LONGEST].strip()
    if not _WORTH_READING.search(text):
        return TitleReading(text)
    if doi.lower().startswith("10.1109/") and (prefix := _IEEE.match(text)):
        return TitleReading(text[prefix.end() :].strip(), Editorial.RETRACTED)
    return _notice(text) or _marked(text) or TitleReading(text)


def bare_title(title: str) -> str:
    """Return the title of a paper without the mark that its publisher put before or behind it."""
    return read_title(title).title


def _marked(text: str) -> TitleReading | None:
    title, status = text, Editorial.NONE
    if (mark := _PREFIX.match(text)) and _is_mark(mark, text):
        title, status = text[mark.end() :], _STATUS[_folded(mark["word"])]
    for pattern in (_SUFFIX, _DASHED):
        if (behind := pattern.search(title)) and behind.start() > 0:
            title, status = title[: behind.start()].rstrip(" ."), status or _STATUS[_folded(behind["word"])]
    return TitleReading(_stripped(title), status) if status else None


def _is_mark(mark: re.Match[str], text: str) -> bool:
    """Return True if the words at the head of a title are the publisher's rather than the title's own."""
    head, title = mark["word"] + (mark["noun"] or ""), text[mark.end() :]
    if bool(mark["open"]) != bool(mark["close"]):
        # "(Retracted: a story)" is no mark; an asterisk or a bracket lost on the way is.
        return bool(mark["close"]) and bool(mark["sep"])
    if mark["open"]:
        return True
    loud = _ALL_CAPS.fullmatch(head) is not None
    separator = (mark["sep"] or "").strip()
    if not separator:
        return loud and not _ALL_CAPS.fullmatch(title) and not title[:1].islower()
    if loud:
        return True
    if _folded(mark["word"]) == "removed" or separator == ".":
        return False
    return not _ABOUT.search(title)


def _notice(text: str) -> TitleReading | None:
    """Return a record that announces something about another paper."""
    if match := _NOTICE_SUFFIX.search(text):
        return TitleReading(text, Editorial.NOTICE, _announced(match[0]), _stripped(text[: match.start()]))
    match = _NOTICE.match(text)
    if match is None:
        return None
    subject = _subject(match)
    if subject is None:
        return None
    sure = _is_sure(match, subject)
    return TitleReading(text, Editorial.NOTICE if sure else Editorial.NONE, _announced(match["core"]), subject, sure)


def _is_sure(match: re.Match[str], subject: str) -> bool:
    core = _folded(match["core"])
    if match["open"] or match["before"] or match["noun"] or _ALL_CAPS.fullmatch(match["core"]):
        return True
    if core in ("withdrawal", "removal"):
        return False
    return not _ABOUT.search(subject)


def _subject(match: re.Match[str]) -> str | None:
    """Return the title of the paper that a notice speaks of; "" if it names none, None if these words
    head no notice.
    """
    remainder = match["rest"].strip()
    if not remainder.strip(" .:*"):
        alone = _folded(match["core"]) in ("removal", "withdrawal") and not (match["noun"] or match["before"])
        return None if alone else ""  # these two words alone say nothing
    if separated := _SEPARATED.match(remainder):
        return _named(separated["title"])
    if match["open"] and match["close"]:
        # "[Expression of Concern] …" is a mark.
        return None if "concern" in _folded(match["core"]) else _named(remainder)
    linked = _LINKED.match(remainder)
    if linked is None:
        quoted = _QUOTED.match(remainder)
        return _named(quoted[0]) if quoted else None
    subject = linked["rest"]
    if linked["colon"] or _QUOTED.match(subject) or match["noun"] or match["before"]:
        return _named(subject)
    if (named := _ET_AL.match(subject)) is not None and linked["link"].lower() in ("for", "of", "to", "on"):
        return _named(named["title"])
    return _named(subject) if linked["link"].lower() == "to" and subject[:1].isupper() else None


def _named(text: str) -> str:
    """Return a title as a notice gives it, without quotation marks, authors before it and the place where it stood."""
    text = text.strip()
    if quoted := _QUOTED.search(text):
        return _stripped(quoted["title"])
    while (place := _PLACE.search(text)) and place.start() > 0:
        text = text[: place.start()]
    if named := _ET_AL.match(text):
        text = named["title"]
    return _stripped(bare_title(text) if _PREFIX.match(text) else text)


def subjects(reading: TitleReading) -> list[str]:
    """Return the titles by which the paper that a notice speaks of may be found: the one it gives, and its sentences.

    PubMed puts authors before it and the journal behind it.
    """
    pieces = [reading.subject, *re.split(r"(?<=[.?!])\s+", reading.subject)]
    long = [piece.rstrip(". ") for piece in pieces if sum(map(str.isalnum, piece)) >= MIN_SUBJECT]
    return list(dict.fromkeys(long))[:8]


def _announced(core: str) -> Editorial:
    words = _folded(core)
    if "concern" in words or "partial" in words or "in part" in words:
        return Editorial.CONCERN
    return Editorial.RETRACTED if "retraction" in words else Editorial.WITHDRAWN


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def _stripped(text: str) -> str:
    return text.strip().strip('“”"„«»‘’`').strip()


def with_status(record: Record) -> Record:
    """Return `record` with the gravest status that its source, its title and its comment tell.

    A record whose title says that it is a notice is one, even where a source calls it retracted: sources flag both.
    """
    titled = read_title(record.title, record.doi)
    if titled.status is Editorial.NOTICE or (record.notices and not titled.status and not record.editorial.withdraws):
        return replace(record, editorial=Editorial.NOTICE, withdrawn=False)
    statuses = [record.editorial, titled.status]
    worded = " " in record.comment.strip() or record.comment.endswith(".")  # and no key of a reference
    statuses += [Editorial.WITHDRAWN] * (record.withdrawn or (worded and withdrawn_by(record.comment)))
    status = max(statuses, key=GRAVITY.index)
    date = record.editorial_date if status is record.editorial else ""
    return replace(record, editorial=status, editorial_date=date, withdrawn=status.withdraws)


# ------------------------------------------------------------------------------------------------ comments, types

_THING = r"(?:paper|article|submission|manuscript|preprint|work|note|version|draft|thesis|chapter)"
_GONE = r"(?:withdrawn|retracted)"
_COMMENT = re.compile(
    rf"^(?:this\s+)?(?:{_THING}\s+)?(?:has\s+been\s+|is\s+|was\s+)?{_GONE}\b(?!\s+(?:papers|articles|publications))"
    rf"|\b{_THING}\b(?:(?!\b(?:why|whether|how|if|when|whose|which|that)\b)[^.]){{0,60}}"
    rf"\b(?:is|was|been|being)(?: \w+)? {_GONE}\b"
    r"|\b(?:authors?|we|i|arxiv admins?(?:trators?)?)\b(?: have| has| had)?(?: \w+)?"
    r" (?:withdrawn?|withdrew|retract(?:ed)?)"
    rf"\s+(?:this|the|our|my)\s+{_THING}\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\b(?:why|whether|how|if|when|what|which)\b[^.]*$", re.IGNORECASE)  # in front of such words
_ELSEWHERE = re.compile(rf"\b{_GONE} from (?!(?:the )?arxiv)", re.IGNORECASE)
_START = 200  # characters of an abstract in which its withdrawal is told


def withdrawn_by(comment: str, abstract: str = "") -> bool:
    """Return True if a comment, or the first words of what stands in the abstract's place, say that the paper is
    withdrawn; from a journal or a conference that it went to is no withdrawal.
    """
    return any(_says_withdrawn(" ".join(text.split())) for text in (comment, abstract[:_START]))


def _says_withdrawn(text: str) -> bool:
    match = _COMMENT.search(text) if _WORTH_READING.search(text) else None
    return match is not None and not _ELSEWHERE.search(text) and not _ASKED.search(text[: match.start()])


# Publication types of PubMed (MeSH), Web of Science, Scopus and OpenAlex.
_TYPES = {
    "retracted publication": Editorial.RETRACTED,
    "retracted": Editorial.RETRACTED,
    "retracted article": Editorial.RETRACTED,
    "withdrawn publication": Editorial.WITHDRAWN,
    "withdrawn article": Editorial.WITHDRAWN,
    "withdrawn": Editorial.WITHDRAWN,
    "retracted paper": Editorial.RETRACTED,
    "retraction of publication": Editorial.NOTICE,
    "retraction notice": Editorial.NOTICE,
    "retraction": Editorial.NOTICE,
    "expression of concern": Editorial.NOTICE,
    "publication with expression of concern": Editorial.CONCERN,
}


def status_of_types(types: Iterable[str]) -> Editorial:
    """Return the gravest status that the types of a record tell ("Retracted Publication")."""
    statuses = [status for name in types if (status := _TYPES.get(_folded(name).strip(" .[]()")))]
    return max(statuses, key=GRAVITY.index, default=Editorial.NONE)


# Of two statuses the later one stands.
GRAVITY = (Editorial.NONE, Editorial.NOTICE, Editorial.CONCERN, Editorial.WITHDRAWN, Editorial.RETRACTED)
