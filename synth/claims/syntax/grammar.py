"""Grammar of a parsed sentence: bounds of phrases, subjects of verbs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from synth.claims.analysed import analysed
from synth.claims.surface import without_citations
from synth.claims.words import BE, FINDING, REACHERS, SETTINGS, TESTED, bag
from synth.quantities import Kind, Quantity
from synth.text.lexicon import Lexicon, Mention
from synth.text.parsing import Parsed, Token

SUBJECTS = ("nsubj", "csubj", "nsubjpass", "csubjpass")
OUTCOMES = bag("result performance score accuracy improvement gain reduction drop increase decrease f1 bleu point")
AMOUNTS = bag("% percent point margin factor amount %-point fold time")
NEARLY = bag("nearly almost not just")
OPENERS = bag("either neither that even only")  # these open a phrase and are no part of it
RUNS_ON = re.compile(r"[\w‑-]*")
HYPHENATED = re.compile(r"[\w‑–-]*$")
BROKEN = re.compile(r"(?:^|\s)\d\s$")  # "1 4%" has lost the sign between its ends
REASONS = bag("since because although though whereas while if")
FINITE = ("VBZ", "VBP", "VBD")
VERBAL = ("VERB", "AUX")
MAX_DEPTH = 8  # verbs between a subject and its verb
RELATIVE = bag("which that who")
PRONOUNS = bag("it they this these those that he she its their them such one both")
NOBODY = bag("we i you there one us it") | PRONOUNS
REPORTERS = bag(
    "result experiment finding analysis evaluation ablation table figure study evidence test comparison observation "
    "investigation section work paper data plot fig. fig"
)
# After these an infinitive states a fact: "was found to improve", "tends to hurt".


@dataclass(frozen=True)
class Phrase:
    """A span of the sentence with the token that governs it."""

    head: Token
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Sentence:
    """A parsed sentence with the names and the quantities in it, all with offsets into `text`."""

    parsed: Parsed
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    lexicon: Lexicon

    @classmethod
    def of(cls, parsed: Parsed, lexicon: Lexicon) -> Sentence:
        known = analysed(parsed.text, lexicon)
        names = [t for t in parsed.tokens if t.masked and not t.text[0].isdigit()]
        quantities = [
            q
            for q in known.quantities
            if q.kind is not Kind.P_VALUE  # no prediction could have one
            and not BROKEN.search(parsed.text[max(0, q.start - 4) : q.start])
            and not any(t.start < q.start and q.end <= t.end for t in names)  # the version in "MultiWOZ 2.1"
        ]
        return cls(parsed, known.mentions, tuple(quantities), lexicon)

    @property
    def text(self) -> str:
        return self.parsed.text

    @property
    def tokens(self) -> tuple[Token, ...]:
        return self.parsed.tokens

    def token_at(self, start: int, end: int) -> Token | None:
        """Return the first token that overlaps a span of the text."""
        return next((t for t in self.tokens if t.start < end and start < t.end), None)

    def token_before(self, start: int) -> Token | None:
        """Return the last token that ends before an offset: what an aside in brackets stands behind."""
        return next((t for t in reversed(self.tokens) if t.end <= start), None)

    def named(self, phrase: Phrase | None, *kinds: str) -> tuple[Mention, ...]:
        """Return the names of these kinds within a phrase."""
        if phrase is None:
            return ()
        return tuple(m for m in self.mentions if phrase.start <= m.start and m.end <= phrase.end and m.kind in kinds)

    # -------------------------------------------------------------------------------------------- phrases

    def phrase(self, head: Token, *, without: Iterable[str] = (), apart: Iterable[Token] = ()) -> Phrase:
        """Return the noun phrase or gerund of `head`: its subtree without what only comments on it.

        Args:
            head: the noun, name or gerund.
            without: lemmas of prepositions whose phrases are left out where they hang on `head` itself.
            apart: tokens that belong to something else, with all that depends on them.
        """
        below = {t.index for t in self.parsed.subtree(head)} - {head.index}
        elsewhere = {t.index for token in apart if token.index in below for t in self.parsed.subtree(token)}
        indices = (
            {t.index for t in self._phrase_tokens(head, frozenset(without))}
            - elsewhere
            - self._behind_relative_clause(head)
        )
        indices.add(head.index)
        first = last = head.index
        while first - 1 in indices:
            first -= 1
        while last + 1 in indices:
            last += 1
        while last > head.index and (
            (self.tokens[last].pos in ("PUNCT", "CCONJ", "ADP") and not self._stranded(self.tokens[last]))
            or self.tokens[last].lemma in ("even", "also")
        ):
            last -= 1
        last += self._named_beside(head, last)
        both = " and " in self.text[self.tokens[first].start : self.tokens[last].end]
        while first < head.index and (
            self.tokens[first].pos in ("PUNCT", "CCONJ")
            or self.tokens[first].text in "-‑–"
            or self.tokens[first].lemma in OPENERS
            or (self.tokens[first].lemma == "both" and both)
        ):
            first += 1
        if first and self.tokens[first].dep in ("det", "nummod", "predet") and self.tokens[first - 1].lemma in NEARLY:
            first -= 1
        start, end = self.tokens[first].start, self.tokens[last].end
        if start > 1 and self.text[start - 1] in "-‑–" and self.text[start - 2].isalnum():
            start -= len(HYPHENATED.search(self.text[:start])[0])  # type: ignore[index]
        if self.text[end : end + 1] in ("-", "‑") and self.text[end + 1 : end + 2].isalpha():
            end += len(RUNS_ON.match(self.text[end:])[0])  # type: ignore[index]
        return Phrase(head, start, end, _clean(self.text[start:end]))

    def _stranded(self, token: Token) -> bool:
        """Return True for the preposition that ends "data it was never trained on"."""
        above = self.parsed.head(token)
        return token.pos == "ADP" and above.dep == "relcl" and not self.parsed.children(token, "pobj", "pcomp")

    def _named_beside(self, head: Token, last: int) -> int:
        """Return 1 where the name of "the best model UnifiedQA" follows, taken for another subject by the parser."""
        following = self.tokens[last + 1] if last == head.index and last + 1 < len(self.tokens) else None
        same = following is not None and following.masked and (following.head, following.dep) == (head.head, head.dep)
        return int(same and head.pos == "NOUN" and head.dep in SUBJECTS)

    def _phrase_tokens(self, head: Token, without: frozenset[str]) -> list[Token]:
        tokens = [head]
        for child in self.parsed.children(head):
            first = self.first(child).index
            comma = first > 0 and self.tokens[first - 1].text in (",", "—", "–", ":", ";")
            if child.lemma == "in" and any(t.lemma == "term" for t in self.parsed.children(child, "pobj")):
                continue  # "in terms of": how it is measured
            if comma and child.dep in ("appos", "parataxis", "advcl"):
                continue
            if child.dep == "advcl" and any(c.lemma in REASONS for c in self.parsed.children(child, "mark")):
                continue
            own = child.dep == "conj" and child.pos in ("VERB", "AUX")
            finite = bool(self.parsed.children(child, *SUBJECTS, "aux", "mark")) or child.tag in FINITE
            if own and head.pos in ("NOUN", "PROPN") and finite:
                continue  # "outperforms A for B and can improve C": another clause
            if child.index > head.index:
                if comma and child.dep in ("relcl", "acl", "prep"):
                    continue
                if child.dep == "prep" and (child.lemma in without or child.lemma == "than"):
                    continue
                if without and child.lemma in ("relative", "compared"):
                    continue
            nested = child.dep in ("prep", "pobj", "conj", "dobj")
            inner = child.lemma == "of" or child.dep == "conj" or (child.dep == "pobj" and head.lemma == "of")
            tokens += (
                self._phrase_tokens(child, without if inner else frozenset()) if nested else self.parsed.subtree(child)
            )
        return tokens

    def _behind_relative_clause(self, head: Token) -> set[int]:
        """Return the tokens behind a relative clause: "even beats B" in "the method that it builds on and even beats
        B".
        """
        indices: set[int] = set()
        for clause in self.parsed.children(head, "relcl"):
            own = [c for c in self.parsed.children(clause, *SUBJECTS) if c.lemma not in RELATIVE]
            for verb in self.parsed.children(clause, "conj") if own else ():
                if verb.tag == "VBZ" and not self.parsed.children(verb, *SUBJECTS):
                    last = max((t.index for t in self.parsed.subtree(head)), default=verb.index)
                    joint = [c.index for c in self.parsed.children(clause, "cc")]
                    indices |= set(range(min([verb.index, *joint]), last + 1))
        return indices

    def first(self, token: Token) -> Token:
        """Return the first token of what depends on `token`."""
        return self.parsed.subtree(token)[0]

    def items(self, head: Token) -> tuple[Token, ...]:
        """Return `head` and what is coordinated with it, in order."""
        items = [head]
        for child in self.parsed.children(head, "conj"):
            if child.tag in FINITE and head.pos in ("NOUN", "PROPN"):
                continue
            if child.pos in ("NOUN", "PROPN", "NUM", "PRON", "ADJ", "VERB"):
                items += self.items(child)
        return tuple(items)

    def is_clause(self, phrase: Phrase) -> bool:
        """Return True where the parser took a clause for a phrase: a finite verb in it hangs on no relative clause."""
        inside = [token for token in self.tokens if phrase.start <= token.start < phrase.end]
        for token in inside:
            if token.tag not in FINITE or token.pos not in VERBAL:
                continue
            subjects = self.parsed.children(token, *SUBJECTS)
            if token.tag == "VBD" and not any(s.start >= phrase.start for s in subjects):
                continue  # "outperforms continued A", "neither continued A nor B": a participle
            chain = [token, *self.parsed.ancestors(token)]
            if not any(
                t.dep in ("relcl", "ccomp", "advcl", "acl", "csubj", "pcomp") for t in chain if t.start < phrase.end
            ):
                return True
        return False

    # -------------------------------------------------------------------------------------------- verbs

    def subjects(self, verb: Token, depth: int = 0) -> tuple[Token | None, bool]:
        """Return (head of the subject, is it the verb's patient); the subject may stand with another verb."""
        if depth > MAX_DEPTH:
            return None, False
        parsed, head = self.parsed, self.parsed.head(verb)
        passive = bool(parsed.children(verb, "auxpass"))
        own = parsed.children(verb, *SUBJECTS)
        own = own[1:] if len(own) > 1 and own[0].tag == "CC" else own  # "both in A and B our model beats C"
        if own:
            relative = own[0].lemma in RELATIVE and (own[0].tag in ("WDT", "WP", "IN") or verb.dep == "relcl")
            if relative:
                return (self._antecedent(verb, depth) if verb.dep in ("relcl", "acl") else None), passive
            return own[0], passive or own[0].dep.endswith("pass")
        if gerund := self._lost_gerund(verb):
            return gerund, passive
        if head is verb:
            return self._opening(verb), False
        if verb.dep == "conj" and verb.tag == "VBZ" and head.lemma in FINDING and head.tag != "VBZ":
            # "we show our model outperforms B": without "that" the parser takes "our model" for an object.
            subjects = [c for c in parsed.children(head, "dobj") if head.index < c.index < verb.index]
            if subjects and not any(c.index < verb.index for c in parsed.children(head, "cc")):
                return subjects[0], passive
        if verb.dep == "conj" and head.pos in ("VERB", "AUX"):
            subject, above = self.subjects(head, depth + 1)
            return subject, passive or (above and verb.tag == "VBN" and not parsed.children(verb, "dobj"))
        if verb.dep == "relcl":
            return self._antecedent(verb, depth), passive
        if verb.dep == "acl" and verb.tag == "VBG":
            return self._participle_subject(verb, head, depth), False
        if verb.dep == "acl":
            return head, verb.tag == "VBN"
        if verb.dep == "ccomp" and head.tag == "VBG" and head.dep == "ROOT" and not parsed.children(head, *SUBJECTS):
            return head, passive  # "adding languages leads to B": the parser takes the gerund for the verb
        if verb.dep == "ccomp" and verb.tag in ("VBZ", "VBP", "VBD"):
            # "show that models which use A outperform B": the parser takes "models" for an object of "show".
            subjects = [c for c in parsed.children(head, "dobj") if head.index < c.index < verb.index]
            if subjects and parsed.children(subjects[0], "relcl", "acl"):
                return subjects[0], passive
        if verb.dep in ("xcomp", "advcl", "ccomp", "pcomp", "oprd", "dep", "prep"):
            while (
                head.pos in ("ADP", "SCONJ", "ADJ") and head.head != head.index and not parsed.children(head, *SUBJECTS)
            ):
                head = parsed.head(head)
            if verb.dep == "pcomp" and head.pos in ("NOUN", "PROPN"):
                if parsed.head(verb).lemma != "without":
                    return None, False
                head = next((a for a in parsed.ancestors(head) if a.pos in ("VERB", "AUX")), head)
            return self.subjects(head, depth + 1)[0], passive
        return None, passive

    def _lost_gerund(self, verb: Token) -> Token | None:
        """Return the gerund that is the subject in "show that using A improves B", where the parser loses it."""
        if verb.tag not in ("VBZ", "VBP") or verb.dep not in ("conj", "ccomp", "ROOT", "advcl"):
            return None
        for token in reversed(self.tokens[: verb.index]):
            if token.text in ",;:" or token.tag in ("VBZ", "VBP", "VBD"):
                return None
            if token.tag == "VBG" and self.parsed.head(token).lemma in FINDING:
                first = self.first(token)
                that = self.tokens[first.index - 1] if first.lemma != "that" and first.index else first
                return token if that.lemma == "that" else None
        return None

    def _opening(self, verb: Token) -> Token | None:
        """Return a gerund that opens the sentence as its subject: "Applying A to B, the tasks that …, yields"."""
        for child in self.parsed.children(verb, "advcl"):
            if (
                child.tag == "VBG"
                and self.first(child).index == 0
                and not self.parsed.children(child, "mark", "advmod")
            ):
                return child
        return None

    def _participle_subject(self, verb: Token, noun: Token, depth: int) -> Token | None:
        """Return the subject of a participle behind a noun: "X obtains results improving …" is about X."""
        if noun.dep not in ("dobj", "attr", "pobj", "conj"):
            return noun
        if verb.lemma in FINDING and noun.dep == "pobj":  # "evaluated A on three data sets, showing …"
            above = next((a for a in self.parsed.ancestors(noun) if a.pos in ("VERB", "AUX")), None)
            return self.subjects(above, depth + 1)[0] if above is not None else noun
        preposition = self.parsed.head(noun)
        if noun.dep == "pobj" and preposition.lemma == "with" and self.tokens[preposition.index - 1].text == ",":
            return noun  # "…, with A boosting B"
        if noun.dep == "pobj" and preposition.lemma == "of" and self.parsed.head(preposition).pos == "NOUN":
            return self.parsed.head(preposition)
        above = next((a for a in self.parsed.ancestors(noun) if a.pos in ("VERB", "AUX")), None)
        if above is None:
            return noun
        higher = self.subjects(above, depth + 1)[0]
        if noun.dep == "pobj" and noun.lemma in SETTINGS | TESTED and verb.lemma in REACHERS:
            return higher  # "we tested A in two settings obtaining …"
        comma = self.tokens[max(0, verb.index - 1)].text == ","
        stated = higher is not None and higher.lemma not in NOBODY
        return higher if comma or stated or noun.lemma in OUTCOMES else noun

    def _antecedent(self, verb: Token, depth: int) -> Token | None:
        """Return what a relative clause hangs on; in "X is a method which …" that is X."""
        noun = self.parsed.head(verb)
        above = self.parsed.head(noun)
        if verb.tag == "VBZ" and noun.tag in ("NNS", "NNPS") and noun.dep == "dobj":
            return self.subjects(above, depth + 1)[0]  # "introduces biases, which reduces": who does so
        if noun.dep == "attr" and above.lemma == "be":
            subject = self.subjects(above, depth + 1)[0]
            return subject if subject is not None and subject.lemma not in ("there", "it") else noun
        return noun

    def agent(self, verb: Token) -> Token | None:
        """Return the agent of a passive: "by X", not "by 3 points"."""
        for child in self.parsed.children(verb, "agent", "prep"):
            if child.lemma == "by":
                for target in self.parsed.children(child, "pobj", "pcomp"):
                    if not self.is_amount(target):
                        return target
        return None

    def is_amount(self, token: Token) -> bool:
        """Return True for a number or the noun of one: "14.6", "3 points", "a large margin", "4.8 BLEU"."""
        if token.pos == "NUM" or token.lemma in AMOUNTS:
            return True
        if (token.masked or token.lemma in OUTCOMES) and self.parsed.children(token, "nummod"):
            return True
        return any(
            q.start <= token.start < q.end or (q.unit and 0 <= token.start - q.end <= 1) for q in self.quantities
        )


def _clean(text: str) -> str:
    text = re.sub(r"\s*\([^()]{0,200}\)\s*$", "", without_citations(text))
    text = text.strip(" ,;:—–\"“”'‘’")
    text = text if text.endswith("et al.") else text.rstrip(".")
    text = re.sub(r" (?:dubbed|called|named|and)$", "", text)
    return re.sub(r",? (?:as well|i\.e\.?|e\.g\.?)$", "", text).strip()


def is_be(token: Token) -> bool:
    return token.lemma == "be" or token.text.lower() in BE
