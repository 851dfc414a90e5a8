"""Write the tables of `repro/published`: published scores, the models and the languages that they are of.

    python -m training.published --mteb CHECKOUT

Scores come from the data set `mteb-results` and distances, families and scripts from `uriel`, `wals` and `tatoeba`, all
as `synth data list` finds them. CHECKOUT is a git repository of embeddings-benchmark/mteb: from its `ModelMeta` entries
(read as syntax, never imported) come sizes, languages and training sets as the models' makers declared them.

Models are taken in by what was declared, never by what they reached: MINIMUM_LANGUAGES languages or more.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from repro.data.library import Library
from repro.data.rows import table_rows
from repro.languages import typology
from repro.published.results import SAME
from repro.published.tables import DISTANCES, FOLDER, SERIES
from repro.targets.tatoeba import XTREME
from repro.targets.tatoeba import read as read_tatoeba
from synth.core.types import JsonValue

MINIMUM_LANGUAGES = 20
TASKS = {"Tatoeba": "tatoeba", "BibleNLPBitextMining": "bible", "BUCC.v2": "bucc"}  # task → table
OBSERVED = 0.1  # share of syntactic features that is observed, of languages that only BibleNLP has
SCRIPT_SUFFIX = re.compile(r"_([A-Z][a-z]{3})$")
RENAMED = {"zho_Hans": "cmn", "arb_Arab": "ara"}  # as Tatoeba calls them
OTHERS = {"ckb"}  # not what CC-100 means by the code of their macrolanguage
MODELS = "mteb/models/model_implementations/"  # where mteb keeps its ModelMeta entries
DEPTH = 6  # names that refer to names that refer to …
# Sizes of the files of CC-100, the text that XLM-R was pre-trained on, rebuilt (https://data.statmt.org/cc-100/):
# compressed, as listed there. A language that is not listed has none.
CC_100 = """
af 305M am 133M ar 5.4G as 7.6M az 1.3G be 692M bg 9.3G bn 860M br 21M bs 18M ca 2.4G cs 4.4G cy 179M da 12G de 18G
el 7.4G en 82G eo 250M es 14G et 1.7G eu 488M fa 20G ff 3.1M fi 15G fr 14G fy 38M ga 108M gd 22M gl 708M gn 1.5M gu 242M
ha 61M he 6.1G hi 2.5G hr 5.7G ht 9.1M hu 15G hy 776M id 36G ig 6.6M is 779M it 7.8G ja 15G jv 37M ka 1.1G kk 889M
km 153M kn 360M ko 14G ku 90M ky 173M la 609M lg 7.3M li 2.2M ln 2.3M lo 63M lt 3.4G lv 2.1G mg 29M mk 706M ml 831M
mn 397M mr 334M ms 2.1G my 46M ne 393M nl 7.9G no 13G ns 1.8M om 11M or 56M pa 90M pl 12G ps 107M pt 13G qu 1.5M rm 4.8M
ro 16G ru 46G sa 44M si 452M sc 143K sd 67M sk 6.1G sl 2.8G so 78M sq 1.3G sr 1.5G ss 86K su 15M sv 21G sw 332M ta 1.3G
te 536M th 8.7G tl 701M tn 8.0M tr 5.4G ug 46M uk 14G ur 884M uz 155M vi 28G wo 3.6M xh 25M yi 51M yo 1.1M zh-Hans 14G
zh-Hant 5.3G zu 4.3M
"""
# CC-100's codes of the languages of Tatoeba.
CODES = """
af afr am amh ar ara az aze be bel bg bul bn ben br bre bs bos ca cat cs ces cy cym da dan de deu el ell eo epo es spa
et est eu eus fa pes fi fin fr fra fy fry ga gle gd gla gl glg he heb hi hin hr hrv hu hun hy hye id ind is isl it ita
ja jpn jv jav ka kat kk kaz km khm ko kor ku kur la lat lt lit lv lvs mk mkd ml mal mn mon mr mar ms zsm nl nld no nob
pl pol pt por ro ron ru rus sk slk sl slv sq sqi sr srp sv swe sw swh ta tam te tel th tha tl tgl tr tur ug uig uk ukr
ur urd uz uzb vi vie xh xho yi yid zh-Hans cmn zh-Hant cmn
"""
MEGABYTES = {"G": 1000.0, "M": 1.0, "K": 0.001}
# Languages that WALS has without their ISO code, or not at all: family and genus.
GENEALOGY = {"aze": ("Altaic", "Turkic"), "lat": ("Indo-European", "Italic")}
# A word of the Unicode name of a letter → ISO 15924, for the scripts of Tatoeba.
SCRIPTS = {
    "LATIN": "Latn", "CYRILLIC": "Cyrl", "GREEK": "Grek", "ARABIC": "Arab", "HEBREW": "Hebr", "DEVANAGARI": "Deva",
    "BENGALI": "Beng", "TAMIL": "Taml", "TELUGU": "Telu", "MALAYALAM": "Mlym", "GEORGIAN": "Geor", "ARMENIAN": "Armn",
    "THAI": "Thai", "KHMER": "Khmr", "ETHIOPIC": "Ethi", "HANGUL": "Hang", "CJK": "Hani", "HIRAGANA": "Jpan",
    "KATAKANA": "Jpan", "TIFINAGH": "Tfng",
}  # fmt: skip


@dataclass(frozen=True)
class Declared:
    """Declarations of a `ModelMeta`; None where it says nothing that can be read."""

    name: str
    languages: int | None
    parameters: int | None
    adapted_from: str
    trained_on: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mteb", type=Path, required=True, help="git repository of embeddings-benchmark/mteb")
    options = parser.parse_args()
    library = Library.default()
    commit = _git(options.mteb, "rev-parse", "HEAD").strip()
    declared = {one.name: one for one in declarations(options.mteb)}
    scores = _scores(library)
    facts = {row["model"]: row for row in table_rows(library.locate("mteb-results").file("models.tsv"))}
    chosen = [
        m for m in sorted(scores["Tatoeba"]) if m in declared and (declared[m].languages or 0) >= MINIMUM_LANGUAGES
    ]
    source = (
        f"# Source: github.com/embeddings-benchmark/results, {_revision()}, licence CC0 1.0; facts of the models: "
        f"ModelMeta of github.com/embeddings-benchmark/mteb, commit {commit}, licence Apache-2.0.\n"
        f"# Models that declare {MINIMUM_LANGUAGES} languages or more. Written by training/published.py.\n"
    )
    scripts = _scripts(library)
    in_bible, table_text = _language_table(library, set(scripts), scripts)
    for task, table in TASKS.items():
        only = in_bible if table == "bible" else None
        (FOLDER / f"{table}.tsv").write_text(source + _score_table(scores[task], chosen, only), encoding="utf-8")
    (FOLDER / "models.tsv").write_text(source + _model_table(chosen, declared, facts, scores), encoding="utf-8")
    (FOLDER / "languages.tsv").write_text(table_text, encoding="utf-8")
    sys.stdout.write(f"{len(chosen)} models\n")


def _revision() -> str:
    from repro.data.catalogue import dataset

    return dataset("mteb-results").revision


# ------------------------------------------------------------------------------------------------ what was declared


def declarations(checkout: Path) -> list[Declared]:
    """Read every `ModelMeta(…)` with a name that stands in the checkout's model files."""
    names = [n for n in _git(checkout, "ls-tree", "-r", "--name-only", "HEAD", MODELS).split() if n.endswith(".py")]
    trees = {Path(name).stem: ast.parse(_git(checkout, "show", f"HEAD:{name}")) for name in names}
    found = []
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "ModelMeta":
                own = {k.arg: _value(trees, module, k.value) for k in node.keywords if k.arg}
                if isinstance(name := own.get("name"), str):
                    found.append(_declared(name, own))
    return found


def _declared(name: str, own: Mapping[str, JsonValue]) -> Declared:
    languages, size, origin = own.get("languages"), own.get("n_parameters"), own.get("adapted_from")
    trained = own.get("training_datasets")
    return Declared(
        name,
        len(languages) if isinstance(languages, list) else None,
        int(size) if isinstance(size, int | float) else None,
        origin if isinstance(origin, str) else "",
        tuple(str(one) for one in trained) if isinstance(trained, list) else (),
    )


def _value(trees: Mapping[str, ast.Module], module: str, node: ast.expr, depth: int = 0) -> JsonValue:
    """Evaluate an expression as far as it can be read without running it; a dictionary as the list of its keys."""
    if depth > DEPTH:
        return None
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str | int | float) else None
    if isinstance(node, ast.Name):
        return _named(trees, module, node.id, depth + 1)
    if isinstance(node, ast.List | ast.Set | ast.Tuple | ast.Dict):
        parts = [key for key in node.keys if key] if isinstance(node, ast.Dict) else node.elts
        found: list[JsonValue] = []
        for part in parts:
            inner = part.value if isinstance(part, ast.Starred) else part
            value = _value(trees, module, inner, depth + 1)
            found += value if isinstance(part, ast.Starred) and isinstance(value, list) else [value]
        return found
    if isinstance(node, ast.BinOp):
        left, right = (_value(trees, module, one, depth + 1) for one in (node.left, node.right))
        joins = isinstance(node.op, ast.Add | ast.BitOr)
        if isinstance(left, list) and isinstance(right, list):
            return left + right if joins else None
        if isinstance(left, int | float) and isinstance(right, int | float):
            return left * right if isinstance(node.op, ast.Mult) else left + right if joins else None
        return None
    if isinstance(node, ast.Call):
        return _called(trees, module, node, depth + 1)
    return None


def _called(trees: Mapping[str, ast.Module], module: str, node: ast.Call, depth: int) -> JsonValue:
    """Evaluate a call: `int(x)`, `set(x)`, … are `x`, and `x.union(y)` is both."""
    if isinstance(node.func, ast.Name) and node.func.id in ("int", "float", "set", "list", "sorted") and node.args:
        return _value(trees, module, node.args[0], depth)
    if isinstance(node.func, ast.Attribute) and node.func.attr == "union":
        parts = [_value(trees, module, one, depth) for one in (node.func.value, *node.args)]
        return [one for part in parts if isinstance(part, list) for one in part]
    return None


def _named(trees: Mapping[str, ast.Module], module: str, name: str, depth: int) -> JsonValue:
    """Return the value that `name` has in a module, or in the one it is imported from."""
    for node in trees[module].body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            return _value(trees, module, node.value, depth)
        if isinstance(node, ast.AnnAssign) and node.value and ast.unparse(node.target) == name:
            return _value(trees, module, node.value, depth)
        if isinstance(node, ast.ImportFrom) and node.module:
            origin = node.module.rsplit(".", 1)[-1]
            for alias in node.names:
                if (alias.asname or alias.name) == name and origin in trees:
                    return _named(trees, origin, alias.name, depth + 1)
    return None


def _git(checkout: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", checkout, *arguments], capture_output=True, text=True, check=True).stdout


# ------------------------------------------------------------------------------------------------ tables

Scores = dict[str, dict[str, dict[str, tuple[str, str]]]]  # task → model → language → (accuracy, f1)


def _scores(library: Library) -> Scores:
    found: Scores = {task: {} for task in TASKS}
    for row in table_rows(library.locate("mteb-results").file("bitext_scores.tsv.xz")):
        if row["task"] in TASKS and (language := _asking(row["task"], row["subset"])):
            figures = tuple(f"{float(row[name]):.4f}" if row[name] else "" for name in ("accuracy", "f1"))
            found[row["task"]].setdefault(row["model"], {})[language] = (figures[0], figures[1])
    return found


def _asking(task: str, subset: str) -> str:
    """Return the language that asks, English being the pool; "" for other directions and pairs without English."""
    if task != "BibleNLPBitextMining":
        return next(code for code in subset.split("-") if code not in ("eng", "en"))
    one, _, other = subset.partition("-")
    if other != "eng_Latn" or one in ("eng_Latn", "zho_Hant"):
        return ""
    return RENAMED.get(one, SCRIPT_SUFFIX.sub("", one))


def _scripts(library: Library) -> dict[str, str]:
    """Return the languages of BibleNLP and the scripts that they are written in there."""
    found = {}
    for row in table_rows(library.locate("mteb-results").file("bitext_scores.tsv.xz")):
        one = row["subset"].partition("-")[0]
        if row["task"] == "BibleNLPBitextMining" and (code := _asking(row["task"], row["subset"])):
            found[code] = one.rpartition("_")[2]
    return found


def _score_table(
    scores: Mapping[str, Mapping[str, tuple[str, str]]], models: Iterable[str], only: Set[str] | None
) -> str:
    """Write one row a model and metric, one column a language; of BibleNLP's many languages accuracy alone."""
    present = [model for model in models if model in scores]
    languages = sorted(
        {language for model in present for language in scores[model] if only is None or language in only}
    )
    metrics = ("accuracy",) if len(languages) > 200 else ("accuracy", "f1")
    lines = ["\t".join(["model", "metric", *languages])]
    for model in present:
        for i, metric in enumerate(metrics):
            lines.append("\t".join([model, metric, *(scores[model].get(one, ("", ""))[i] for one in languages)]))
    return "\n".join(lines) + "\n"


def _model_table(
    models: Iterable[str], declared: Mapping[str, Declared], facts: Mapping[str, Mapping[str, str]], scores: Scores
) -> str:
    evaluated = _evaluations(Library.default())
    lines = ["\t".join("model revision parameters series languages adapted_from tatoeba mteb_version release".split())]
    for model in models:
        own = declared[model]
        trained = "trained" if any("tatoeba" in name.lower() for name in own.trained_on) else ""
        revision, version = evaluated[model]
        release = facts.get(model, {}).get("release", "")
        cells = [model, revision, str(own.parameters or ""), _series(model), str(own.languages), own.adapted_from]
        lines.append("\t".join([*cells, trained, version, release]))
    return "\n".join(lines) + "\n"


def _series(model: str) -> str:
    """Return the series of which the model is one size, else its own name."""
    return next((name for name, members in SERIES.items() if model in members), model)


def _evaluations(library: Library) -> dict[str, tuple[str, str]]:
    """Return model → revision and version of mteb with which Tatoeba was measured."""
    found = {}
    for row in table_rows(library.locate("mteb-results").file("bitext_scores.tsv.xz")):
        if row["task"] == "Tatoeba":
            found[row["model"]] = row["revision"], row["mteb_version"]
    return found


def _language_table(library: Library, bible: Set[str], scripts: Mapping[str, str]) -> tuple[set[str], str]:
    """Return the languages of BibleNLP that can be placed, and the table of these and of Tatoeba's."""
    pairs = read_tatoeba(library.locate("tatoeba"))
    measures = typology.measures(library, "syntactic")
    origins = typology.origins(library)
    derived = {row["iso639_3"]: row for row in table_rows(library.locate("uriel").file("english_distances.tsv.gz"))}
    text = _text()
    lines = [
        "# Distances from English: derived from URIEL (github.com/antonisa/lang2vec, licence CC BY-SA 4.0, Littell et",
        "# al. 2017) as repro/languages/typology.py does; wals, families and places: WALS Online v2020.4 (CC BY 4.0,",
        "# Dryer and Haspelmath 2013), two families added by hand. This table is therefore under CC BY-SA 4.0. pool:",
        f"# pairs in Tatoeba; bible: in BibleNLP, where WALS has a family and {OBSERVED:.0%} of URIEL's syntactic",
        "# features are observed and not predicted; script: of most letters; text: megabytes of the compressed file in",
        "# CC-100 (https://data.statmt.org/cc-100/), 0 where it has none. observed: share of syntactic features that",
        "# are observed. Written by training/published.py.",
        "\t".join([*"language pool bible script family genus text observed xtreme".split(), *DISTANCES]),
    ]
    placed = set()
    for code in sorted({*pairs, *bible}):
        origin = origins.get(code)
        family, genus = (origin.family, origin.genus) if origin else GENEALOGY.get(code, ("", ""))
        given = derived.get(typology.MEANT.get(code, code), {})
        observed = given.get("observed_syntax", "")
        in_bible = code in bible and bool(family) and bool(observed) and float(observed) >= OBSERVED
        if code not in pairs and not in_bible:
            continue
        placed |= {code} if in_bible else set()
        own = {kind: float(given[kind]) for kind in DISTANCES if given.get(kind)} | measures.get(code, {})
        far = [f"{own[kind]:.4f}" if kind in own else "" for kind in DISTANCES]
        amount = text.get(code, text.get(SAME.get(code, ""), 0.0)) if code not in OTHERS else 0.0
        written = script(other for other, _ in pairs[code]) if code in pairs else scripts[code]
        pool = str(len(pairs[code])) if code in pairs else ""
        cells = [pool, "yes" if in_bible else "", written, family, genus, f"{amount:g}", observed]
        lines.append("\t".join([code, *cells, "yes" if code in XTREME else "", *far]))
    return placed, "\n".join(lines) + "\n"


def _text() -> dict[str, float]:
    """Return megabytes of compressed text in CC-100 by Tatoeba's code."""
    words = CC_100.split()
    sizes = {code: float(size[:-1]) * MEGABYTES[size[-1]] for code, size in zip(words[::2], words[1::2], strict=True)}
    found: dict[str, float] = {}
    codes = CODES.split()
    for code, ours in zip(codes[::2], codes[1::2], strict=True):
        found[ours] = found.get(ours, 0.0) + sizes[code]
    return found


def script(sentences: Iterable[str]) -> str:
    """Return the ISO 15924 code of the script of most letters by Unicode name; Japanese where there is any kana."""
    counted: Counter[str] = Counter()
    for sentence in sentences:
        for letter in sentence:
            if letter.isalpha():
                counted[SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0], "Zyyy")] += 1
    if counted["Jpan"] > 0.1 * counted.total():
        return "Jpan"
    return counted.most_common(1)[0][0] if counted else "Zyyy"


if __name__ == "__main__":
    main()
