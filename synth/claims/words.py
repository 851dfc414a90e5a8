"""Closed word lists behind claims: verbs with the direction they state, light verbs, nouns of change, hedges and more.

Only words; what they mean in a sentence is decided by the modules that read its parse. Verbs are lemmas, as a parser
gives them; for what looks at the surface alone (`text`, `dedupe`) they are inflected here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

IRREGULAR = {
    "be": ("is", "are", "was", "were", "been", "being"),
    "beat": ("beats", "beat", "beaten", "beating"),
    "bring": ("brings", "brought", "bringing"),
    "build": ("builds", "built", "building"),
    "come": ("comes", "came", "coming"),
    "do": ("does", "did", "done", "doing"),
    "drop": ("drops", "dropped", "dropping"),
    "fall": ("falls", "fell", "fallen", "falling"),
    "find": ("finds", "found", "finding"),
    "get": ("gets", "got", "getting"),
    "give": ("gives", "gave", "given", "giving"),
    "grow": ("grows", "grew", "grown", "growing"),
    "have": ("has", "had", "having"),
    "hurt": ("hurts", "hurt", "hurting"),
    "lead": ("leads", "led", "leading"),
    "make": ("makes", "made", "making"),
    "plan": ("plans", "planned", "planning"),
    "rise": ("rises", "rose", "risen", "rising"),
    "run": ("runs", "ran", "running"),
    "see": ("sees", "saw", "seen", "seeing"),
    "set": ("sets", "set", "setting"),
    "show": ("shows", "showed", "shown", "showing"),
    "transfer": ("transfers", "transferred", "transferring"),
}


def inflect(lemma: str) -> tuple[str, str, tuple[str, ...], str]:
    """Return (base, third person, past forms, -ing form) of a verb."""
    base = lemma.rsplit("-", 1)[-1]
    prefix = lemma[: len(lemma) - len(base)]
    if base in IRREGULAR:
        forms = IRREGULAR[base]
        third, past, ing = forms[0], forms[1:-1], forms[-1]
    else:
        third = base + ("es" if base.endswith(("s", "x", "z", "ch", "sh")) else "s")
        past, ing = (base + "ed",), base + "ing"
        if base.endswith("e"):
            past, ing = (base + "d",), base[:-1] + "ing"
        elif base.endswith("y") and base[-2] not in "aeiou":
            third, past = base[:-1] + "ies", (base[:-1] + "ied",)
    return lemma, prefix + third, tuple(prefix + p for p in past), prefix + ing


def forms_of(lemmas: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return inflected form → (lemma, "base" | "third" | "past" | "ing")."""
    table: dict[str, tuple[str, str]] = {}
    for lemma in lemmas:
        base, third, past, ing = inflect(lemma)
        for form, tag in [(ing, "ing"), *((p, "past") for p in past), (third, "third"), (base, "base")]:
            table.setdefault(form, (lemma, tag))
    return table


def split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def bag(text: str) -> frozenset[str]:
    return frozenset(text.split())


# ------------------------------------------------------------------------------------------ what changes

CHANGE_VERBS = {
    **dict.fromkeys(
        split("improve increase boost enhance widen raise benefit ameliorate strengthen rise accelerate"),
        "increase",
    ),
    **dict.fromkeys(
        split(
            "reduce decrease degrade hurt harm lower drop decline deteriorate worsen diminish impair fall shrink "
            "weaken mitigate alleviate"
        ),
        "decrease",
    ),
}
# Verbs that state a change only where somebody does it to something.
CHANGES = {
    **CHANGE_VERBS,
    **dict.fromkeys(
        split(
            "facilitate promote elevate upregulate augment stimulate speed double triple maximize maximise expedite "
            "advance"
        ),
        "increase",
    ),
    **dict.fromkeys(
        split(
            "suppress inhibit attenuate abrogate avoid eliminate disrupt minimize minimise downregulate deplete "
            "curb halve shorten narrow ease counteract cut sacrifice compromise"
        ),
        "decrease",
    ),
}
# Of these the subject changes by itself where no object follows.
INTRANSITIVE = bag(
    "increase decrease drop fall rise decline deteriorate degrade diminish shrink worsen grow improve weaken "
    "strengthen accelerate benefit narrow double triple shorten"
)
CHANGE_NOUNS = {
    **dict.fromkeys(
        split(
            "improvement improvements gain gains increase increases boost boosts benefit benefits speedup speed- "
            "up speedups speed-ups enhancement elevation"
        ),
        "increase",
    ),
    **dict.fromkeys(
        split(
            "reduction reductions drop drops decrease decreases degradation degradations decline declines "
            "deterioration suppression inhibition attenuation"
        ),
        "decrease",
    ),
}
# "A allows B to improve C" says that it comes about.
ENABLING = bag("allow enable permit help let cause lead")
HELPFUL = {"beneficial": "increase", "helpful": "increase", "detrimental": "decrease", "harmful": "decrease"}
# After these a noun of change, a rank or a level is what was achieved.
LIGHT = bag(
    "yield lead result provide bring give show see achieve obtain offer produce get observe gain cause have reach "
    "attain deliver find report exhibit demonstrate make establish set perform score receive experience enjoy "
    "push register confer contribute translate display reveal detect record note notice attribute come suffer "
    "undergo present indicate"
)
TAKERS = bag(
    "show see gain enjoy experience receive have exhibit suffer undergo display report present"
)  # the subject undergoes it
REACHERS = bag(
    "achieve obtain reach attain get score yield give report have show produce deliver register display exhibit "
    "reveal demonstrate plateau provide record hit"
)
# Nouns of what is measured, and those that say nothing of what it is.
MEASURES = bag(
    "performance accuracy score f1 bleu quality perplexity recall precision rate error gap loss number amount "
    "level size cost time result ratio capacity average rouge ppl wer likelihood probability memory speed"
)
GENERIC = bag("performance accuracy score quality result")
LOWER_IS_BETTER = re.compile(
    r"\b(?:errors?|perplexity|loss|wer|cer|ter|latency|cost|time|distance|ppl|mae|rmse)\b", re.IGNORECASE
)

# Nouns of what a system is tried on.
TESTED = bag(
    "dataset datasets benchmark corpus corpora task set domain test testset collection track question sentence "
    "document query pair problem target genre suite data datum text image subtask track subset group competition "
    "treebank portion sample variety range subtype item instance entity"
)
# Nouns of circumstances: "in both settings".
SETTINGS = bag(
    "setting setup set-up scenario condition case regime situation circumstance environment evaluation judgment "
    "judgement assessment mode presence absence direction"
)

# ------------------------------------------------------------------------------------------ comparison

COMPARE_VERBS = {
    **dict.fromkeys(split("outperform surpass exceed beat outscore outrank outdo"), "greater"),
    **dict.fromkeys(["underperform", "lag", "trail"], "less"),
    **dict.fromkeys(["match", "rival"], "equal"),
}
COMPARATIVES = {
    **dict.fromkeys(
        split(
            "better higher greater larger faster stronger more superior richer broader wider longer easier bigger "
            "deeper"
        ),
        "greater",
    ),
    **dict.fromkeys(
        split(
            "worse lower lesser smaller slower weaker less fewer inferior poorer shorter harder narrower "
            "cheaper lighter"
        ),
        "less",
    ),
}
EQUAL = bag("comparable similar equivalent equal identical competitive par")
PERFORM = bag("perform work do transfer generalize generalise fare score behave operate scale run")

# ------------------------------------------------------------------------------------------ rank, correlation, count

# "Highest" is the best or the worst as what is ranked is good or bad.
SUPERLATIVES = {
    **dict.fromkeys(split("best strongest fastest top top-performing"), "best"),
    **dict.fromkeys(split("worst weakest poorest"), "worst"),
    **dict.fromkeys(split("highest greatest largest broadest"), "high"),
    **dict.fromkeys(split("lowest smallest"), "low"),
}
RATED = bag(
    "effective accurate robust successful helpful useful beneficial efficient promising competitive powerful "
    "important informative reliable relevant stable common frequent significant difficult"
)
CORRELATES = bag("correlate depend covary scale")
CORRELATED = bag("correlated associated proportional predictive dependent related linked predictable")
CORRELATION_NOUNS = bag("correlation association relationship relation")
COUNTS = bag("contain comprise consist incorporate include cover span total have encompass hold feature number provide")
COLLECTIONS = bag(
    "corpus dataset benchmark set collection suite version data lexicon treebank database resource test inventory"
)
# A small number of anything else ("two steps", "three parts") is how something is laid out, not a count worth checking.
COUNTABLES = bag(
    "languages language examples sentences datasets tasks documents tokens words hours speakers annotators "
    "parameters pairs papers instances samples articles questions tweets dialogues classes relations entries "
    "queries utterances types participants annotations pages images families scripts treebanks domains corpora "
    "labels sets passages paragraphs translations lemmas triples users posts comments books verses templates "
    "texts conversations systems patients genera species combinations"
)

# ------------------------------------------------------------------------------------------ finding, method, hedging

FINDING = bag(
    "show find observe demonstrate indicate suggest reveal confirm conclude notice discover prove establish see "
    "highlight illustrate imply estimate report validate verify note"
)
METHOD = bag(
    "propose present introduce develop design build create collect construct release use utilize utilise employ "
    "apply adopt train pretrain finetune tune evaluate test compare follow extend combine initialize initialise "
    "compute measure extract translate sample select annotate conduct perform run experiment analyze analyse "
    "study examine explore investigate average implement optimize optimise leverage exploit augment adapt align "
    "map encode tokenize tokenise filter generate derive formulate incorporate integrate probe benchmark survey "
    "replace add remove split validate modify crawl compile set freeze mask feed concatenate normalize normalise "
    "restrict limit assess increase reduce decrease discard choose consider focus treat keep divide stack append "
    "preserve require quantify ask recruit include assign"
)
PASSIVE_METHOD = bag(
    "conduct train finetune tune pretrain evaluate initialize initialise compute extract translate sample select "
    "annotate collect construct tokenize tokenise optimize optimise implement perform carry apply adopt align "
    "compile create measure generate crawl obtain build use employ feed assign divide split choose randomize "
    "randomise quantify recruit analyze analyse assess test validate record set add remove replace combine retain "
    "calculate determine administer treat"
)
OWN_HEADS = bag("paper work study article method approach model system methodology framework author network algorithm")
# What follows the "that" of these is left open.
DOUBTFUL = bag("suggest hypothesize hypothesise believe conjecture speculate suspect expect presume")
HEDGES = bag(
    "may might could seem seems appear appears suggest suggests possibly perhaps probably likely presumably "
    "potentially hypothesize hypothesise believe conjecture speculate expect would"
)
NEGATIONS = bag("not no never neither nor cannot hardly without fail fails failed unable barely little non")

# ------------------------------------------------------------------------------------------ forms on the surface

BE = bag("is are was were be been being am")
AUXILIARIES = bag(
    "is are was were be been being am has have had does do did can could will would may might must should shall "
    "cannot can't don't doesn't didn't isn't aren't wasn't weren't won't"
)
PREPOSITIONS = bag(
    "of in on for with by to from at over under across between among into through via within without against as "
    "than per during after before despite like unlike towards toward about"
)
FINDING_FORMS = forms_of(sorted(FINDING))
# Forms that are as often nouns.
NOUN_OR_VERB = bag(
    "lower increase increases boost boosts benefit benefits drop drops decrease decreases decline declines help "
    "result results yield yields gain gains rise rises fall falls harm score scores show shows match matches use "
    "uses test tests lead leads span spans total cover covers set sets rank ranks study train trains design "
    "process model models focus run runs number build work works report reports transfer transfers note notes "
    "estimate estimates feature features mask hold offer cause causes push display displays record records "
    "register hit limit measure measures sample samples map maps survey average experiment experiments benchmark "
    "probe extract ease speed"
)
