"""Exclusion of sentences that only look like claims, with the reason. Pure; the patterns are linear in the length of
the sentence.
"""

from __future__ import annotations

import re
from enum import StrEnum

from synth.claims.surface import MAX_CHARACTERS, cites, flaw, without_citations, without_statistics
from synth.text.trailing_citations import without_trailing_citation


class Exclusion(StrEnum):
    """Reason why a sentence is no claim of its authors."""

    NOT_WHOLE = "not a whole sentence"
    OTHERS = "others' work"
    BACKGROUND = "background"
    QUESTION = "question"
    ELSEWHERE = "points elsewhere"
    FUTURE = "future work"
    BOILERPLATE = "boilerplate"
    DEFINITION = "definition"
    OPINION = "opinion or aim"
    UNMEASURED = "says that nothing was measured"
    TITLE = "the paper's title"


def any_of(*patterns: str) -> re.Pattern[str]:
    """Compile patterns into one for texts in lower case. Those that begin at a word share the boundary, which is far
    faster.
    """
    at_word = [p.removeprefix(r"\b") for p in patterns if p.startswith(r"\b")]
    others = [p for p in patterns if not p.startswith(r"\b")]
    return re.compile("|".join([*([rf"\b(?:{'|'.join(at_word)})"] if at_word else []), *others]))


FIRST_PERSON = any_of(
    r"\b(?:we|ours|us)\b",
    r"(?<![(.\w])i(?![.)\w])",
    r"\bour (?!understanding|knowledge|lives|world|society)",
    r"\bmy\b",
)
OWN_WORK = any_of(
    r"\bin this (?:paper|work|study|article|thesis|report)\b",
    r"\bthis (?:paper|work|study|article|report) (?:\w+ly )?(?:presents?|proposes?|describes?|introduces?"
    r"|investigates?|explores?)\b",
    r"\bthis (?:paper|work|study|article|report) (?:\w+ly )?(?:shows?|reports?|addresses|examines?"
    r"|studies|evaluates?|analy[sz]es)\b",
    r"\bthis (?:paper|work|study|article|report) (?:\w+ly )?(?:compares?|focuses|discusses|aims"
    r"|contributes|demonstrates)\b",
    r"\bthe (?:proposed|presented|resulting) \w+",
    r"\b(?:we|ours)\b",
    r"\bour (?!understanding|knowledge|lives|world|society)",
    r"\b(?:experiments?|experimental results|evaluations?) (?:on|shows?|demonstrate|indicate|suggest|reveal|confirm)\b",
    r"\bresults (?:shows?|demonstrate|indicate|suggest|reveal|confirm)\b",
    r"\bthe (?:present |current )?(?:paper|methodology|authors)\b",
    r"^the study\b|\bthe (?:present|current) study\b",
)
OTHERS = any_of(
    r"\b(?:recent|previous|prior|existing|earlier|past|other|many|several|most|some"
    r"|related) (?:\w+ ){0,2}(?:work|works|study|studies"
    r"|research|researchers|authors|literature|papers|efforts|approaches|methods|advances|findings|systems|models)",
    r"\b(?:has|have) (?:(?:also|recently|previously|long|often|already|been) ){1,3}(?:shown|proposed"
    r"|found|proven|demonstrated|used"
    r"|reported|explored|studied|applied|observed|introduced|suggested|investigated|achieved|gained|become)",
    r"\b(?:was|were) (?:(?:first|recently|originally|previously|also) )?(?:shown|proposed|introduced"
    r"|found to|demonstrated)",
    r"\bin recent years\b",
    r"\brecently,",
    r"\b(?:over|during|in) the (?:past|last)\b",
    r"\b(?:is|are) (?:well[- ]known|widely|commonly|typically|usually|often)\b",
)
COMPARES = any_of(r"\b(?:outperform|compared|than|over|improv|surpass|exceed|unlike|in contrast|contrary)")

QUESTION = any_of(
    r"\brais(?:e|es|ed|ing) (?:\w+ ){0,6}(?:questions?|concerns?)\b",
    r"\b(?:investigat|examin|explor|stud|test|ask|analy[sz]|evaluat|assess|understand|determin|see|check"
    r"|wonder|address|answer|consider"
    r"|compar|look|know|measur|verif|question|probe|quantif)[a-z]{0,4} (?:\w+ ){0,2}?(?:whether|if|how"
    r"|why|what|which|to what extent)\b",
    r"\bthe (?:following )?(?:research )?questions?\b",
    r"^(?:whether|how|why|what|which)\b",
    r"\?",
)
REFERENCE = r"(?:tables?|figures?|figs?\.|sections?|sec\.|§|appendix|appendices|chapter|equation|eq\.) ?\(?[\da-z]"
ELSEWHERE = any_of(
    r"^this (?:section|chapter|appendix)\b",
    r"\bin (?:section|sec\.|§|appendix) ?[\da-z][\d.]*\.?$",
    r"\b(?:brief|short) (?:\w+ )?(?:description|summary|overview|introduction)\b",
    r"\bthis paper (?:presents|reports|gives) (?:the |our )?results",
    r"^(?:table|figure|fig\.|tab\.) ?\d+ (?:\w+ )?(?:how|where|what|which)\b",
    r"\b(?:rest|remainder|structure|outline) of (?:this|the) (?:paper|article|section|work)",
    r"\b(?:paper|article|section|chapter) is (?:organi[sz]ed|structured)",
    r"^(?:in )?(?:section|sec\.|§|appendix|chapter)s? ?[\da-z]",
    r"^in (?:the following|this section|what follows|the next|the remainder|this chapter)",
    r"\b(?:described|discussed|detailed|explained|presented|given|provided|listed"
    r"|summari[sz]ed) in (?:more |further )?(?:detail in )?"
    rf"(?:{REFERENCE}|the (?:next|following|appendix|supplement))",
    rf"\b(?:see|refer to|details? (?:are|is|can be found)) (?:\w+ ){{0,4}}{REFERENCE}",
    rf"\b(?:we|also|and) (?:report|show|present|list|give|provide|summari[sz]e|illustrate|display|plot"
    rf"|describe|discuss)\b[^.]{{0,80}}\b{REFERENCE}",
    r"^(?:table|figure|fig\.|tab\.)s? ?\d+[a-z]?(?: ?\([a-z]\))?(?: and \d+)? (?:also )?(?:shows?"
    r"|presents?|lists?|gives?|reports?) (?!that\b)",
    r"^(?:table|figure|fig\.|tab\.)s? ?\d+[a-z]?(?: ?\([a-z]\))?(?: and \d+)? (?:summari[sz]es"
    r"|illustrates?|displays?|depicts?|plots?|compares?"
    r"|provides?|contains?|describes?|visuali[sz]es?|includes?)\b",
    r"\bwe (?:\w+ )?(?:present|provide|report|give|discuss|show|summari[sz]e) (?:\w+ ){0,4}(?:results"
    r"|analysis|analyses|comparison|overview"
    r"|details|discussion)\b",
    r"\b(?:describ|present|introduc|discuss|explain|detail|report)\w{0,4} (?:[\w-]+ ){0,6}"
    r"(?:shared task|submissions?|participation"
    r"|system description)\b",
)
FUTURE = any_of(
    r"\bwe are (?:currently |now )?[a-z]{3,}ing\b",
    r"\bfuture (?:work|research|directions?|study|studies|experiments)\b",
    r"\b(?:we|i) (?:plan|intend|hope|aim|will|would like|wish|expect|leave|are planning|want|are working"
    r"|are currently)\b",
    r"\bwould be (?:interesting|useful|worth|better)",
    r"\bleft (?:for|to|as) ",
    r"\bin (?:the|near) future\b",
    r"\bremains? (?:to be|an open|open|unclear|a challeng)",
    r"\b(?:could|can) be (?:extended|explored|easily|used|applied|deployed|built)\b",
    r"\bworth (?:exploring|investigating)",
    r"\b(?:next step|further research|promising direction|work in progress)",
)
BOILERPLATE = any_of(
    r"\backnowledg",
    r"\bwe (?:are grateful|thank)",
    r"\bthank(?:s| the)\b",
    r"\bgrant (?:no|agreement)",
    r"\bfunded by",
    r"\bsupported (?:in part )?by",
    # Not "a publicly available encoder": what is used is no announcement.
    r"\b(?:publicly|freely) available(?=[.,;:)]|$| (?:at|from|online|under|for|to|on|in|and|here|via)\b)",
    r"\bcode (?:is|and|are|will)\b",
    r"\bavailable (?:at|from|online|under|for download|to the)\b",
    r"\b(?:https?:|www\.|github)",
    r"\blicen[sc]e",
    r"\banonymous review",
    r"\bmake (?:\w+ ){0,4}(?:available|public)",
    r"\bopen[- ]sourc",
    r"\breproducib",
    r"\bwe (?:also |additionally )?release\b",
    r"\bis released",
    r"\bdownloaded from",
    r"\bcamera[- ]ready",
    r"\bcopyright|\bpermission",
    r"\bproceedings of",
    r"\barxiv\b",
)
DEFINITION = any_of(
    r"\b(?:is|are) (?:defined|denoted|formulated|given|referred to|known|called) (?:as|by)\b",
    r"\bwe (?:define|denote|refer to|call|term|dub|name|let|assume|write)\b",
    r"^let \b",
    r"\bwhere \w{1,3} (?:is|are|denotes)\b",
    r"\bdenotes?\b",
    r"\brefers to\b",
    r"\bstands for\b",
    r"\b(?:is|as) the (?:task|problem|process) of\b",
)
OPINION = any_of(
    r"\bwe (?:also |therefore |thus |first )?(?:believe|think|argue|hypothesi[sz]e|conjecture|suspect"
    r"|speculate|expect|assume|note|consider"
    r"|stress|emphasi[sz]e|recall|refer)\b",
    r"\bit (?:may|might|could) be\b",
    r"\bit (?:is|was) (?:important|crucial|necessary|worth|interesting|possible|desirable|essential"
    r"|natural|clear|likely)\b",
    r"\b(?:should|must|might|would|possibly|perhaps|presumably)\b",
    r"\bneed(?:s|ed)? to\b",
    r"\baims? (?:to|at)\b",
    r"\b(?:goal|objective) (?:is|of)\b",
    r"\bin order to understand",
    r"\bchalleng(?:e|es|ing)\b",
    r"\bfor (?:example|instance),",
    r"\bsuppose\b|\bintuiti|\bwe are interested|\bmotivat|\bhypothes[ie]s\b",
    r"\bplays? an? (?:\w+ )?role\b",
    r"\b(?:problem|issue|difficult|drawback|shortcoming)s?\b",
)
# An opinion with an explicit finding in it says what was measured after all.
FINDING = any_of(
    r"\b(?:we|results?|experiments?|analysis|evaluations?) (?:\w+ ){0,3}(?:show|find|found|observe"
    r"|demonstrate|confirm|indicate|reveal)",
    r"\band (?:also |further )?(?:show|find|observe|demonstrate|reveal) that\b",
)
OUTCOME = any_of(r"\b(?:outperform|surpass)(?:s|ed)?\b", r"\bwe (?:\w+ )?(?:achieved?|obtain(?:ed)?|reach(?:ed)?)\b")
FRAGMENT = any_of(
    r"^(?:and|or|which|that|where|with respect|such as|e\.g\.|i\.e\.|respectively|et al)\b", r"^[a-z]\)", r"^[•·*–-]"
)
DANGLING = any_of(
    r"\b(?:and|or|the|of|to|in|for|with|by|a|an|as|that|which|from|see|fig|tab|sec|eq|vs|al|i\.e|e\.g|cf)\.?$",
    r"[:;,]$",
)
# Case matters here: an inner full stop before a capital, or a heading that ran into its sentence.
RUN_ON = re.compile(
    r"[a-z]{2}[.!?][A-Z][a-z]|[a-z]{2}[.!?] [A-Z][a-z]+ [a-z]+"
    r"|(?<!etc)(?<!resp)(?<!prox)(?<!incl)[a-z\d%]{3}[.!?] [a-z]{3}|\.\s?\.\s?\.|[•�]"
    r"|\(cid:|\\\w{1,20}\{"
    r"|\b[A-Z]\. (?:We|The|This|In|It) [a-z]"
    r"|[a-z)] (?:We|The|This|These|It|Our|As shown|Since|Because|Although|While|When|If) [a-z]"
)
EQUATION = re.compile(r"[=∑∏∫√∈∀∃≡∂∇λθφψωΣΠ𝑎-𝑧]|\b[a-z]_[a-z]\b")
AXIS = re.compile(r"\b\d+(?:\.\d+)? \d+(?:\.\d+)? \d+(?:\.\d+)? \d+(?:\.\d+)? \d|(?:\b[A-Za-z]{1,2} ){6}")
EMPTY_BRACKETS = re.compile(r"\(\s*[,;]?\s*\)")

UNMEASURED = any_of(
    r"\b(?:has|have|had|was|were|is|are)(?: \w+)? (?:not|never) (?:yet |been |yet been |been fully )*(?:been )?"
    r"(?:measured|studied|investigated|examined|explored|tested|evaluated|reported|addressed|analy[sz]ed|quantified)",
    r"\b(?:little|nothing|not much) is known\b",
    r"\b(?:remains?|is|are) (?:largely |still |yet )?(?:unknown|unclear|unexplored|understudied|open)\b",
    r"\bno (?:study|work|one|consensus|evidence) (?:has|have|exists|is)\b",
    r"\bwe (?:did|do|could) not (?:measure|test|evaluate|study|examine)",
)

OWN_PARTS = frozenset({"abstract", "results", "conclusion", "caption", "body"})
# A sentence here that says what the title says is the paper's finding; elsewhere it is the title printed once more.
CONCLUDES = frozenset({"results", "conclusion"})
SAID = (
    (Exclusion.QUESTION, QUESTION),
    (Exclusion.ELSEWHERE, ELSEWHERE),
    (Exclusion.FUTURE, FUTURE),
    (Exclusion.BOILERPLATE, BOILERPLATE),
    (Exclusion.DEFINITION, DEFINITION),
    (Exclusion.UNMEASURED, UNMEASURED),
)


def introduces_own_work(text: str) -> bool:
    """Return True if the authors speak of their own work."""
    return bool(OWN_WORK.search(text[:MAX_CHARACTERS].lower()))


def is_whole(text: str, part: str) -> bool:
    """Return True for one whole readable sentence (a caption may be several)."""
    if len(text) > MAX_CHARACTERS or flaw(text):
        return False
    plain = without_citations(text)
    if FRAGMENT.search(plain.lower()) or DANGLING.search(plain.lower().rstrip(".")[-12:]) or plain.endswith(":"):
        return False
    if part != "caption" and RUN_ON.search(plain):
        return False
    return not AXIS.search(plain) and len(EQUATION.findall(without_statistics(plain))) <= 3


def _not_own(text: str, part: str, distance: int | None) -> Exclusion | None:
    """Recognise statements about others' work. `distance`: sentences since the authors spoke of their own, None if not
    yet.
    """
    lower = text.lower()
    own = bool(FIRST_PERSON.search(lower) or OWN_WORK.search(lower))
    if not own and (cites(text) or EMPTY_BRACKETS.search(text)):
        return Exclusion.OTHERS
    others = OTHERS.search(lower)
    compares = COMPARES.search(lower) is not None
    if others and not (own and (compares or others.start() > 0)):
        # "XLM-R is outperformed by previous work": in their results authors compare themselves.
        itself = part in OWN_PARTS and compares and others.start() > 0 and not cites(text)
        if not itself:
            return Exclusion.OTHERS
    if own:
        return None
    if part == "abstract" and distance is None:
        return Exclusion.BACKGROUND
    if part == "introduction" and (distance is None or distance > 1):
        return Exclusion.BACKGROUND
    return None


def excluded(text: str, part: str, distance: int | None, title: str = "") -> Exclusion | None:
    """Return why a sentence is no claim of its authors; None if nothing speaks against it."""
    text = " ".join(text[: MAX_CHARACTERS + 1].split())
    if not is_whole(without_trailing_citation(text), part):
        return Exclusion.NOT_WHOLE
    if title and _letters(text) == _letters(title) and not (part in CONCLUDES and text.endswith(".")):
        return Exclusion.TITLE
    if reason := _not_own(text, part, distance):
        return reason
    lower = text.lower()
    announced = FINDING.search(lower)
    for reason, pattern in SAID:
        match = pattern.search(lower)
        if match and not (reason is Exclusion.FUTURE and announced and announced.start() < match.start()):
            return reason  # "we observe that A …, leaving room for future work" tells of A all the same
    measured = announced or OUTCOME.search(lower)
    return Exclusion.OPINION if OPINION.search(lower) and not measured else None


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())
