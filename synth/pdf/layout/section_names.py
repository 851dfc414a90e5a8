"""Names of sections, of the parts of structured abstracts and of reference lists, as patterns of lower-case text."""

from __future__ import annotations

import re


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


# In the languages in which papers with English text or abstracts appear.
REFERENCE_LIST = _any(
    r"(?:list of |cited |selected |key |main )?(?:references|bibliography|literature)(?: list| cited| and notes)?",
    r"references? (?:and|&) (?:notes?|links|further reading)",
    r"notes? (?:and|&) references",
    r"reference list",
    r"(?:works|sources) (?:cited|consulted)",
    r"cited works",
    r"references and recommended reading",
    r"bibliographical references",
    r"citations",
    r"literatur(?:verzeichnis|nachweise?|hinweise|angaben)?",
    r"quellen(?:verzeichnis|nachweise?)?",
    r"r[ée]f[ée]rences(?: bibliographiques)?",
    r"bibliographie",
    r"referencias(?: bibliogr[áa]ficas)?",
    r"bibliograf[íi]a",
    r"refer[êe]ncias(?: bibliogr[áa]ficas)?",
    r"riferimenti(?: bibliografici)?",
    r"literatuur(?:lijst)?",
    r"referense[rn]|referencer",
    r"litteratur(?:liste)?",
    r"литература|список литературы",
    r"参考文献|참고문헌",
)
_SUBJECTS = r"(?:materials?|patients|subjects|participants|animals|samples|data|study design|design)"
# A line that consists of one of these is a heading even in the text's own type.
ALONE = re.compile(
    _any(
        rf"(?:{_SUBJECTS}(?:,? and |/| & |, ))*methods?",
        rf"{_SUBJECTS} and procedures?",
        r"methodology",
        r"methods and materials",
        r"(?:main |key )?results?(?: and (?:discussion|analysis|conclusions?))?",
        r"findings",
        r"(?:general )?discussions?(?: and conclusions?)?",
        r"(?:summary and )?conclusions?",
        r"concluding remarks",
        r"introduction|background|abstract|summary",
        r"acknowledge?ments?|limitations|related works?|funding|declarations?",
        r"experiments?|experimental (?:section|procedures?|methods?|setup|results?|design)",
        r"(?:statistical|data) analys[ie]s",
        r"appendix|appendices",
        r"(?:conflicts? of|competing|declaration of competing) interests?",
        r"author contributions",
        r"data availability(?: statement)?",
        REFERENCE_LIST,
    )
)
_LABEL = _any(
    r"background|introduction|context|importance|motivation|rationale|relevance|scope|summary|what is known",
    r"aims?|objectives?|purpose|goals?|hypothesis|problem(?: statement)?|(?:research )?question",
    r"methods?|methodology|approach|experimental approach|(?:study )?design|setting|procedures?",
    rf"{_SUBJECTS} and methods?|methods and materials",
    r"data(?: sources?| extraction| synthesis| collection)?|study selection|evidence (?:acquisition|synthesis)",
    r"participants|patients|subjects|population|sample",
    r"interventions?|exposures?|comparators?|measurements?|measures",
    r"(?:main |primary )?outcomes?(?: and measures| measures?)?",
    r"(?:statistical )?analys[ie]s",
    r"(?:main |key )?results?|(?:main |key |principal )?findings|observations|discussion",
    r"conclusions?|interpretation|(?:conclusions? and |practical )?implications?|level of evidence",
    r"(?:clinical )?significance|impact|originality|novelty|value|limitations?|lay summary",
    r"funding|registration|(?:clinical )?trial registration(?: number)?|ethics(?: and dissemination)?|dissemination",
    r"availability(?: and implementation)?|contact|supplementary information",
    r"design/methodology/approach|originality/value|research limitations/implications",
)
# The parts of a structured abstract, one or two of them together.
LABEL = re.compile(rf"{_LABEL}(?:(?:,? and |, | ?/ ?| ?& ?){_LABEL})?")
