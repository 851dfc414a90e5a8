"""The closed word lists behind claims: verbs with the direction they state, light verbs, nouns of change, hedges, …

Only words; what they mean in a sentence is decided in `events`. Verbs are listed as lemmas and inflected here.
"""

from __future__ import annotations

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
    """(base, third person, past forms, -ing form) of a verb."""
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
    """Inflected form -> (lemma, "base" | "third" | "past" | "ing")."""
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
        split("improve increase boost enhance raise benefit ameliorate strengthen rise accelerate"),
        "increase",
    ),
    **dict.fromkeys(
        split(
            "reduce decrease degrade hurt harm lower drop decline deteriorate worsen diminish impair fall "
            "shrink weaken mitigate alleviate"
        ),
        "decrease",
    ),
}
CHANGE_NOUNS = {
    **dict.fromkeys(
        split(
            "improvement improvements gain gains increase increases boost boosts benefit benefits speedup "
            "speed-up speedups speed-ups"
        ),
        "increase",
    ),
    **dict.fromkeys(
        split(
            "reduction reductions drop drops decrease decreases degradation degradations decline declines deterioration"
        ),
        "decrease",
    ),
}
# Forms that are as often nouns; whether they are verbs is decided by the word before.
NOUN_OR_VERB = bag(
    "lower increase increases boost boosts benefit benefits drop drops decrease decreases decline declines help result "
    "results yield yields gain gains rise rises fall falls harm score scores show shows match matches use uses "
    "test tests lead leads span spans total cover covers set sets rank ranks study train trains design process "
    "model models focus run runs number build work works report reports transfer transfers"
)
CHANGE_FORMS = forms_of(CHANGE_VERBS)
# After these a noun of change, a rank or a level is what was achieved.
LIGHT_FORMS = forms_of(
    split(
        "yield lead result provide bring give show see achieve obtain offer produce get observe gain cause have reach "
        "attain deliver find report exhibit demonstrate make establish set perform score receive experience enjoy "
        "push register"
    )
)
TAKERS = bag("show see gain enjoy experience receive have exhibit")  # verbs whose subject undergoes the change
ACHIEVERS = bag(
    "lead result achieve reach obtain attain get score yield give report have show produce deliver register"
)

# ------------------------------------------------------------------------------------------ comparison

COMPARE_VERBS = {
    **dict.fromkeys(split("outperform out-perform surpass exceed beat outscore outrank outdo"), "greater"),
    **dict.fromkeys(["underperform"], "less"),
    **dict.fromkeys(["match", "rival"], "equal"),
}
COMPARE_FORMS = forms_of(COMPARE_VERBS)
COMPARATIVES = {
    **dict.fromkeys(
        split("better higher greater larger faster stronger more superior richer broader wider longer easier"),
        "greater",
    ),
    **dict.fromkeys(
        split("worse lower smaller slower weaker less fewer inferior poorer shorter harder"),
        "less",
    ),
    **dict.fromkeys(split("comparable similar equivalent on-par equal"), "equal"),
    "competitive": "",
}
# Of these only the first two lists need "than" (or a verb of performing) to be a comparison.
WITH_TO = bag("superior inferior comparable similar equivalent equal competitive")
PERFORMING = forms_of(split("perform work be do transfer generalize generalise fare score"))

# ------------------------------------------------------------------------------------------ rank, correlation, count

RANKS = {
    **dict.fromkeys(["best", "strongest", "fastest"], "best"),
    **dict.fromkeys(["worst", "weakest", "poorest"], "worst"),
    **dict.fromkeys(split("highest greatest largest lowest smallest"), ""),  # good or bad, as the thing ranked
    **dict.fromkeys(["state-of-the-art", "state-of-art", "sota"], "best"),
}
HIGH_IS_GOOD = bag(
    "correlation correlations accuracy accuracies score scores performance results result gains gain improvement "
    "improvements f bleu quality"
)
RESULTS = bag("performance result results accuracy accuracies scores score quality")
MOST_OF = bag(
    "effective accurate robust successful helpful useful beneficial efficient promising competitive powerful "
    "important informative reliable"
)
HELPFUL = {"beneficial": "increase", "helpful": "increase", "detrimental": "decrease", "harmful": "decrease"}
CORRELATION_FORMS = forms_of(["correlate", "depend"])
CORRELATION_NOUNS = bag("correlation correlations")
CORRELATED = bag("correlated associated proportional predictive dependent")
POSITIVE = bag("positively positive")
NEGATIVE = bag("negatively negative inversely inverse")
COUNT_FORMS = forms_of(split("contain comprise consist include cover span total collect gather annotate have"))
# A small number of anything else ("two steps", "three parts") is how something is laid out, not a count worth checking.
COUNTABLES = bag(
    "languages language examples sentences datasets tasks documents tokens words hours speakers annotators "
    "parameters pairs papers instances samples articles questions tweets dialogues classes relations entries "
    "queries utterances types participants annotations pages images families scripts treebanks domains corpora "
    "labels sets passages paragraphs translations lemmas triples users posts comments books verses templates "
    "texts conversations systems"
)

# ------------------------------------------------------------------------------------------ method

METHOD_FORMS = forms_of(
    split(
        "propose present introduce develop design build create collect construct release use utilize utilise employ "
        "apply adopt train fine-tune finetune pre-train pretrain evaluate test compare follow extend combine "
        "initialize initialise compute measure extract translate sample select annotate conduct perform run "
        "experiment analyze analyse study examine explore investigate average implement optimize optimise leverage "
        "exploit augment adapt align map encode tokenize tokenise filter generate derive formulate incorporate "
        "integrate perform probe benchmark survey replace add remove split tune validate modify crawl compile set "
        "freeze mask feed concatenate normalize normalise restrict limit assess increase reduce decrease"
    )
)
PASSIVE_METHOD = bag(
    "conducted trained fine-tuned finetuned pre-trained pretrained evaluated initialized initialised computed "
    "extracted translated sampled selected annotated collected constructed tokenized tokenised optimized "
    "optimised implemented performed carried applied adopted aligned compiled created measured generated crawled "
    "obtained built tuned"
)

# ------------------------------------------------------------------------------------------ finding, hedging, negating

FINDING_FORMS = forms_of(
    split(
        "show find observe demonstrate indicate suggest reveal confirm conclude notice discover prove establish see "
        "highlight illustrate imply estimate report validate verify note"
    )
)
FINDERS = bag(
    "we results result experiments experiment evaluation evaluations analysis analyses findings finding study "
    "paper work evidence investigation observations comparison table figure ablation ablations it they i studies "
    "investigations tests measurements"
)
HEDGES = bag(
    "may might could seem seems appear appears suggest suggests possibly perhaps probably likely presumably "
    "potentially hypothesize hypothesise believe conjecture speculate expect would"
)
NEGATIONS = bag("not no never neither nor cannot hardly without fail fails failed unable barely little non")

BE = bag("is are was were be been being am")
AUXILIARIES = bag(
    "is are was were be been being am has have had does do did can could will would may might must should shall "
    "cannot can't don't doesn't didn't isn't aren't wasn't weren't won't"
)
MODALS = bag("can could will would may might must should shall cannot to do does did not always also never")
DETERMINERS = bag(
    "a an the this that these those our their its his her my your some any no each every all both several many "
    "such various different another other further significant substantial large small consistent considerable "
    "moderate dramatic marginal slight notable additional clear relative absolute average mean overall"
)
PREPOSITIONS = bag(
    "of in on for with by to from at over under across between among into through via within without against as "
    "than per during after before despite like unlike towards toward about"
)
