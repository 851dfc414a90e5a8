"""The text of a new experiment file: what is known filled in, the rest as comments that say what goes there. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from repro.commands.placeholders import placeholders


@dataclass(frozen=True)
class Draft:
    """Draft of a new experiment, as a person or a claim gives it.

    Attributes:
        run: argument list of the command.
        directory: where it runs, relative to the file.
        arms: name → values of `{arm.KEY}`; the first is the baseline.
        terms: slot → phrases that the claim uses.
        claims: numbers of claims that it tests.
    """

    title: str
    hypothesis: str
    question: str = ""
    run: Sequence[str] = ("python", "program.py", "--variant", "{arm.variant}", "--seed", "{seed}", "--out", "{out}")
    directory: str = "."
    arms: Mapping[str, Mapping[str, str | int | float | bool]] = field(
        default_factory=lambda: {"baseline": {"variant": "baseline"}, "treatment": {"variant": "treatment"}}
    )
    metric: str = "accuracy"
    file: str = "result.json"
    at: str = "/accuracy"
    unit: str = "points"
    sesoi: float = 1.0
    direction: str = "increase"
    value: float | None = None
    claims: Sequence[int] = ()
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)


def text_of(draft: Draft) -> str:
    """Return the file: TOML that is valid as it stands."""
    baseline, treatment = list(draft.arms)[:2]
    question = draft.question or f"Is it so? {draft.hypothesis}"
    points = draft.unit == "points"
    lines = [
        f"title = {_text(draft.title)}",
        f"question = {_text(question)}",
        "# How close it is to the original setting: paper, base, small, synthetic; at paper sizes are compared too.",
        'fidelity = "small"',
        "# Every difference from the original setting, a sentence each.",
        "deviations = []",
        "",
        "[command]",
        "# No shell sees it. {seed}, {out} (an empty folder), {arm.KEY} and {data.NAME} are filled in.",
        f"run = {_list(draft.run)}",
        "# Where it runs, relative to this file, and the files that its result depends on (all, without `code`).",
        f"directory = {_text(draft.directory)}",
        *([f"code = {_list(files)}"] if (files := program_files(draft.run)) else []),
        "",
        "# [environment]              # else the one of synth: a venv folder, a conda name or a container image",
        '# venv = "../.venv"',
        "# [limits]",
        "# seconds = 3600",
        "# memory_mb = 8000",
        "# [data]                     # {data.NAME}, checksums are registered",
        '# test = "data/test.csv"',
        "",
        f"[metrics.{_key(draft.metric)}]",
        "# A file below {out}, or stdout; json, jsonl, csv, a log, or a tensorboard, mlflow or wandb folder.",
        f"file = {_text(draft.file)}",
        f"at = {_text(draft.at)}",
        f"unit = {_text(draft.unit)}",
        *(
            ["scale = 100                 # of a share, as 0.87; leave it out where percentages are written"]
            if points
            else []
        ),
        "",
        "[rule]",
        "alpha = 0.05",
        "seeds = 5                   # at least so many",
        "up_to = 15                  # one by one until it is decided",
        "may_fail = 0",
        "",
    ]
    for name, params in draft.arms.items():
        values = ", ".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in params.items())
        lines += ["[[arms]]", f"name = {_text(name)}", f"params = {{ {values} }}", ""]
    lines += [
        "[[contrasts]]",
        'id = "main"',
        f"hypothesis = {_text(draft.hypothesis)}",
        f"treatment = {_text(treatment)}",
        f"baseline = {_text(baseline)}",
        f"metric = {_text(draft.metric)}",
        "# Of treatment − baseline, as it is claimed: increase, decrease, no effect.",
        f"direction = {_text(draft.direction)}",
        *([f"value = {draft.value:g}"] if draft.value is not None else []),
        f"sesoi = {draft.sesoi:g}                 # smallest difference that matters, in {draft.unit}: yours to set",
        *([f"claims = [{', '.join(map(str, draft.claims))}]"] if draft.claims else []),
    ]
    if any(draft.terms.values()):
        lines += ["", "[contrasts.terms]            # by these other claims are linked to it"]
        lines += [f"{slot} = {_list(phrases)}" for slot, phrases in draft.terms.items() if phrases]
    return "\n".join(lines) + "\n"


def program_files(run: Sequence[str]) -> list[str]:
    """Name the program's own files, where the command has some."""
    return [part for part in run[1:] if part.endswith((".py", ".R", ".jl", ".sh")) and not placeholders([part])]


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _text(value: str) -> str:
    """Return a basic string of TOML, which escapes as JSON does (DEL beside)."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"
