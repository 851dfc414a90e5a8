"""Modality of a verb: asserted or only wished, asked and supposed; denied; left open by a hedge."""

from __future__ import annotations

import re

from synth.claims.syntax.grammar import SUBJECTS, Sentence
from synth.claims.syntax.roles import enabling
from synth.claims.words import CHANGES, COMPARE_VERBS, DOUBTFUL, FINDING, bag
from synth.text.parsing import Token

# After these an infinitive states a fact: "was found to improve", "tends to hurt".
RAISERS = bag(
    "find show see seem tend help prove continue appear fail demonstrate observe able manage start begin suffice "
    "likely succeed let cause lead report know say cooperate act interact synergize synergise allow enable permit "
    "effective"
)
ATTAINING = bag("contribute lead succeed result effective helpful successful")  # "contributes to improving"
WONDERING = bag(
    "investigate examine ask wonder want wish hope aim ensure assume check test explore study mean require suppose "
    "expect experiment"
)
CONDITIONS = bag("if whether when unless until before after once as because since where how why so")
OPEN = bag("if whether how why unless suppose")
ASKING = bag("which what whose whether")
IMAGINED = bag("would could should must shall will")
DENIALS = bag("no not never neither nor cannot hardly n't n’t barely without")
SELDOM = bag("rarely seldom sometimes occasionally")
POSSIBLE = bag("likely possible probable plausible conceivable")
ADVERBS_OF_DOUBT = bag("possibly perhaps probably likely presumably potentially arguably apparently")
OWNERS = bag("we i this paper work study model method approach system contribution")
INTRODUCING = bag(
    "propose present introduce develop describe build design train finetune obtain be have create achieve give provide"
)
PRESENTING = bag("propose present introduce develop design release describe")
MAX_DEPTH = 10  # verbs above one another


def negated(sentence: Sentence, verb: Token) -> bool:
    """Return True if the verb is denied: "does not improve", "fails to improve", "neither A nor B improves"."""
    parsed = sentence.parsed
    for child in parsed.children(verb):
        following = sentence.tokens[child.index + 1].lemma if child.index + 1 < len(sentence.tokens) else ""
        if following in ("only", "just", "merely") and child.index < verb.index:
            continue  # "not only outperforms A but also …"
        if child.dep == "neg" or (child.lemma in DENIALS and child.dep in ("advmod", "preconj", "det", "cc")):
            return True
    if verb.dep == "acl" and any(c.lemma == "no" for c in parsed.children(parsed.head(verb), "det")):
        return True  # "there is no model outperforming the others"
    for subject in parsed.children(verb, *SUBJECTS):
        if any(c.lemma in ("neither", "no", "none") for c in (subject, *parsed.children(subject))):
            return True
    if re.match(r"neither\b", sentence.text, re.IGNORECASE) and verb.index < 16:
        return True
    head = parsed.head(verb)
    if verb.dep == "xcomp" and head.lemma in ("fail", "unable"):
        return True
    if verb.dep == "pcomp" and head.lemma == "without":
        return True  # "without degrading the accuracy"
    if verb.dep == "xcomp" and head.lemma in RAISERS and head is not verb:
        above = parsed.head(head)
        return negated(sentence, head) or (head.pos == "ADJ" and above is not head and negated(sentence, above))
    return verb.dep == "conj" and verb.tag == "VB" and any(c.dep == "neg" for c in parsed.children(head))


def hedge(sentence: Sentence, verb: Token, depth: int = 0) -> str:
    """Return the word that leaves it open whether the verb holds, in lower case; "" for none."""
    parsed = sentence.parsed
    modals = [c for c in parsed.children(verb, "aux") if c.lemma in ("may", "might", "can")]
    if modals and not (modals[0].lemma == "can" and any(c.dep == "neg" for c in parsed.children(verb))):
        return modals[0].text.lower()
    for child in parsed.children(verb, "advmod"):
        if child.lemma in ADVERBS_OF_DOUBT:
            return child.text.lower()
    head = parsed.head(verb)
    if head is verb or depth > MAX_DEPTH:
        return ""
    if above := enabling(sentence, verb):
        return hedge(sentence, above, depth + 1)
    if verb.dep in ("xcomp", "ccomp", "acomp", "oprd"):
        if head.lemma in {"seem", "appear", "tend", *POSSIBLE, *DOUBTFUL} and head.tag not in ("VBD", "VBN"):
            return head.text.lower()
        likely = [c for c in parsed.children(head, "acomp", "advmod") if c.lemma in POSSIBLE]
        if verb.dep == "ccomp":
            return likely[0].text.lower() if likely else ""
        return hedge(sentence, head, depth + 1)
    if verb.dep == "conj" and head.pos in ("VERB", "AUX"):
        own = parsed.children(verb, *SUBJECTS, "aux")
        bare = verb.tag == "VB" or (not own and verb.tag in ("VBP", "VBG"))
        return hedge(sentence, head, depth + 1) if bare else ""
    if verb.dep == "advcl" and verb.tag == "VBG" and not parsed.children(verb, "mark"):
        return hedge(sentence, head, depth + 1)
    return ""


def asserted(sentence: Sentence, verb: Token, depth: int = 0) -> bool:
    """Return False for what is only wished, asked, supposed or imagined: "to improve", "whether it improves"."""
    parsed = sentence.parsed
    if depth > MAX_DEPTH or verb.dep in ("amod", "csubj"):
        return False
    if verb.dep == "pcomp":
        preposition = parsed.head(verb)
        above = parsed.head(preposition)
        attained = preposition.lemma in ("to", "in") and above.lemma in ATTAINING and above is not preposition
        if preposition.lemma == "without" and verb.lemma in CHANGES:  # "without degrading the accuracy": it stays
            above = next((a for a in parsed.ancestors(preposition) if a.pos in ("VERB", "AUX")), preposition)
        spared = preposition.lemma == "without" and above is not preposition and verb.lemma in CHANGES
        reported = preposition.lemma == "by" and above.lemma in FINDING and verb.lemma in COMPARE_VERBS
        return (attained or spared or reported) and asserted(sentence, above, depth + 1)
    helpers = {c.lemma for c in parsed.children(verb, "aux")}
    if "need" in helpers and parsed.children(verb, "neg"):
        return False  # "need not lead to B"
    if any(c.lemma in SELDOM for c in parsed.children(verb, "advmod")):
        return False
    for child in parsed.children(verb, "neg"):
        if child.index + 1 < len(sentence.tokens) and sentence.tokens[child.index + 1].lemma in (
            "always",
            "necessarily",
        ):
            return False  # "does not always help" says neither that it does nor that it does not
    if enabler := enabling(sentence, verb):
        return asserted(sentence, enabler, depth + 1)
    if (
        helpers & IMAGINED
        or _is_question(sentence, verb)
        or (verb.dep == "relcl" and not _is_informative(sentence, verb))
    ):
        return False
    head = parsed.head(verb)
    if verb.dep == "acl" and verb.tag == "VBG" and head.dep in ("dobj", "conj") and not _of_result(sentence, head):
        return False
    if "to" in helpers:
        if verb.dep in ("xcomp", "ccomp", "oprd", "acl", "conj") and head.lemma in RAISERS and head.tag != "VB":
            return asserted(sentence, head, depth + 1) if head.pos in ("VERB", "AUX") else True
        raised = head.lemma in RAISERS or any(c.lemma in RAISERS for c in parsed.children(head, "acomp"))
        return verb.dep == "xcomp" and raised
    if head is verb:
        return True
    if verb.dep == "conj" and verb.tag == "VB":
        while head.dep == "conj" and not parsed.children(head, "aux") and parsed.head(head).pos == "VERB":
            head = parsed.head(head)  # "to make A, expand B, and improve C"
        if {c.lemma for c in parsed.children(head, "aux")} & {"to", *IMAGINED}:
            return asserted(sentence, head, depth + 1)
    elif verb.dep == "advcl" and head.lemma == "experiment":
        return False  # "we experimented with improving A"
    elif verb.dep in ("ccomp", "xcomp") and head.pos in ("VERB", "AUX"):
        return head.lemma not in WONDERING and asserted(sentence, head, depth + 1)
    return True


def _is_question(sentence: Sentence, verb: Token) -> bool:
    """Return True for a clause that asks or names a condition: "if …", "when …", "which method is best"."""
    parsed = sentence.parsed
    marks = {c.lemma for c in parsed.children(verb, "mark", "advmod") if c.index < verb.index}
    if parsed.head(verb).lemma in ("show", "demonstrate", "illustrate") and verb.dep == "ccomp":
        marks -= {"how"}  # "we show how A improves B" says that it does
    if marks & OPEN or (verb.dep == "ccomp" and "when" in marks) or (verb.dep == "advcl" and marks & CONDITIONS):
        return True
    for subject in parsed.children(verb, *SUBJECTS):
        if subject.lemma == "what" or any(t.lemma in ASKING for t in parsed.children(subject, "det", "poss", "amod")):
            return True
    return False


def _of_result(sentence: Sentence, noun: Token) -> bool:
    """Return False for an object of what the authors did: "we model the punchline disrupting expectations"."""
    above = next((a for a in sentence.parsed.ancestors(noun) if a.pos in ("VERB", "AUX")), None)
    if above is None or above.lemma in INTRODUCING | FINDING:
        return True
    subject = sentence.subjects(above)[0]
    return subject is None or subject.lemma not in ("we", "i")


def _is_informative(sentence: Sentence, verb: Token) -> bool:
    """Return True for a relative clause that tells something and does not only pick out what it hangs on.

    "We present a model that improves …", "our model, which improves …"; not "methods that improve … fail", and not
    "…, which improves …" behind an object, where it is open what "which" stands for.
    """
    parsed = sentence.parsed
    noun, first = parsed.head(verb), sentence.first(verb).index
    if first and sentence.tokens[first - 1].text == ",":
        if verb.tag == "VBZ" and noun.tag in ("NNS", "NNPS") and noun.dep == "dobj":
            return True  # "introduces biases, which reduces": that it does so
        above = next((a for a in parsed.ancestors(noun) if a.pos in ("VERB", "AUX")), None)
        presented = noun.dep in ("dobj", "appos") and above is not None and above.lemma in PRESENTING
        if presented and verb.tag in ("VBZ", "VBP", "VBD"):
            return True  # "we present A, a data set of B, which is larger than C"
        return noun.dep in SUBJECTS or (noun.dep == "attr" and parsed.head(noun).lemma == "be")
    if noun.dep not in ("dobj", "attr", "appos"):
        return False
    above = next((a for a in parsed.ancestors(noun) if a.pos in ("VERB", "AUX")), None)
    subject = sentence.subjects(above)[0] if above is not None else None
    if noun.dep == "attr" and above is not None and above.lemma == "be":
        return subject is not None and subject.lemma not in ("there", "it")
    return above is not None and above.lemma in INTRODUCING and subject is not None and subject.lemma in OWNERS
