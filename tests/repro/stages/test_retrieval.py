import ast
import json
from pathlib import Path

import pytest

import repro
from repro.data.library import Library
from repro.errors import LabError
from repro.languages import typology
from repro.stages import PARAMETERS, Job, fusion, reading, retrieval, vectors

PARAMS = {"target": "heldout", "layer": 1, "pooling": "mean-without-specials", "neighbours": 5}


@pytest.fixture
def job(tmp_path, model, tokenizer, realm):
    from repro.languages.grammar import ENGLISH, distance, sentence
    from repro.models.xlmr import save_model

    save_model(model, tmp_path / "parent" / "model")
    tokenizer.save_pretrained(tmp_path / "parent" / "model")
    folder = tmp_path / "languages"
    (folder / "heldout").mkdir(parents=True)
    for language in realm.languages:
        tests = [sentence(scene, language, realm.lexicons[language.code]) for scene in realm.heldout(30)]
        (folder / "heldout" / f"{language.code}.txt").write_text("\n".join(tests) + "\n", encoding="utf-8")
    facts = {lang.code: {"distance": distance(ENGLISH, lang), "text": 7} for lang in realm.languages}
    (folder / "languages.json").write_text(json.dumps(facts))
    inputs = {"model": tmp_path / "parent", "languages": folder}
    (tmp_path / "out").mkdir()

    def make(params):
        steps: list[float] = []
        made = Job(
            params, 1, inputs, tmp_path / "out", tmp_path, lambda share, what: steps.append(share), Library(None, None)
        )
        return made, steps

    return make


def test_rows_of_a_small_laboratory(job, tmp_path):
    made, steps = job(PARAMS)
    retrieval.run(made)
    rows = json.loads((tmp_path / "out" / "measurements.json").read_text())
    assert {row["language"] for row in rows} == {"aa", "dd"}
    assert {row["metric"] for row in rows} == {f"accuracy_{rule}" for rule in ("cosine", "centred", "csls", "margin")}
    assert all(0 <= row["value"] <= 100 and row["n"] == 30 and row["distance"] >= 0 for row in rows)
    assert all(row["text"] == 7 for row in rows)
    assert steps == sorted(steps)
    assert steps[-1] == pytest.approx(1.0)


def test_what_is_missing_is_said(job):
    for params, what in (
        ({**PARAMS, "target": "tatoeba"}, "tatoeba"),
        ({**PARAMS, "target": "mewsli"}, "no target 'mewsli'"),
        ({**PARAMS, "layer": 9}, "no layer 9"),
        ({**PARAMS, "pooling": "max"}, "no pooling 'max'"),
    ):
        with pytest.raises(LabError, match=what):
            retrieval.run(job(params)[0])


# What finds and moves files, whose checksums are in a stage's key, what only raises, and what parameters are called.
OUTSIDE = (
    "errors.py", "hashing.py", "schema.py", "parameters.py", "models/shape.py",
    "data/catalogue.py", "data/library.py", "stages/__init__.py",
)  # fmt: skip


def imported(file):
    """The package's files that `file` imports, anywhere in it."""
    root = Path(repro.__file__).parent
    for node in ast.walk(ast.parse((root / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "repro":
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                path = name.replace(".", "/").removeprefix("repro").removeprefix("/")
                yield from (f for f in (f"{path}.py", f"{path}/__init__.py") if has_code(root / f))


def has_code(file):
    """Return True for a file of more than a docstring."""
    return file.is_file() and len(ast.parse(file.read_text(encoding="utf-8")).body) > 1


@pytest.mark.parametrize("module", [retrieval, fusion, vectors, reading])
def test_whatever_makes_the_result_is_a_source(module):
    own = f"stages/{module.__name__.rpartition('.')[2]}.py"
    targets = [
        file.relative_to(Path(repro.__file__).parent).as_posix()
        for file in Path(repro.__file__).parent.glob("targets/*.py")
    ]
    seen, waiting = set(), [own, *targets]
    while waiting:
        file = waiting.pop()
        if file not in seen and file not in OUTSIDE:
            seen.add(file)
            # Tables of all kinds of stage: what they are made of is no part of this one.
            waiting += imported(file) if file != PARAMETERS else ()
    by_itself = {own, *(file for file in targets if file != "targets/__init__.py")}
    assert seen - by_itself == set(module.SOURCES)


def test_real_languages_have_every_measure_that_is_known(make_job, monkeypatch):
    known = {"deu": {"distance": 0.1, "syntactic": 0.1, "wals": 0.3}, "eus": {"wals": 0.5}}
    monkeypatch.setattr(typology, "measures", lambda library, kind: known if kind == "syntactic" else {})
    rows = [{"language": code, "metric": "accuracy_csls", "value": 1.0, "n": 9} for code in ("deu", "eus", "ber")]
    assert retrieval.described(make_job({**PARAMS, "distance": "syntactic"}), rows) == [
        {**rows[0], "distance": 0.1, "syntactic": 0.1, "wals": 0.3},
        {**rows[1], "distance": None, "wals": 0.5},
        {**rows[2], "distance": None},
    ]


def test_generated_languages_have_their_own_distance_alone(job, tmp_path):
    made, _ = job(PARAMS)
    rows = retrieval.described(made, [{"language": "dd", "metric": "x", "value": 1.0, "n": 9}])
    assert set(rows[0]) == {"language", "metric", "value", "n", "distance", "text"}
    assert rows[0]["distance"] > 0
