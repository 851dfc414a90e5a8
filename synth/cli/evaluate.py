"""`synth evaluate`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from synth.cli.terminal.output import number, print_json, print_table, progress_shown, say, starting

CLAIMS = "Claims in the SciFact format, one JSON object a line; .gz and .xz are read as they are."
CORPUS = "Documents in the SciFact format, one JSON object a line."
CITED = "Judge the documents that a claim cites; without it documents are retrieved."
OUT = "File to write: one prediction a line, in the order of the claims."
DOCUMENTS = "Documents retrieved for a claim, when not --cited."
SHOWN = {
    "abstract_label_only": "abstract F1, label only",
    "abstract_rationalized": "abstract F1, label and rationale",
    "sentence_selection": "sentence F1, selection",
    "sentence_label": "sentence F1, selection and label",
}


def add_to(app: typer.Typer) -> None:
    app.command()(evaluate)


def evaluate(
    claims: Annotated[Path, typer.Option("--claims", help=CLAIMS)],
    corpus: Annotated[Path, typer.Option("--corpus", help=CORPUS)],
    out: Annotated[Path, typer.Option("--out", help=OUT)],
    cited: Annotated[bool, typer.Option("--cited", help=CITED)] = False,
    documents: Annotated[int, typer.Option("--documents", min=1, max=1000, help=DOCUMENTS)] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: what was judged, notes, scores.")] = False,
) -> None:
    """Judge claims by a corpus, both in the SciFact format, and score the predictions where the claims have labels."""
    starting("evaluate")
    from synth.core.settings import load
    from synth.core.workspace import find_workspace
    from synth.eval.evaluate import Request
    from synth.eval.evaluate import evaluate as run

    workspace = find_workspace()
    request = Request(claims, corpus, out, cited, documents)
    with progress_shown() as progress:
        result = run(workspace, load(workspace.root), request, progress)
    for note in result["notes"]:
        say(note)
    if as_json:
        print_json(result)
    else:
        _show(result)


def _show(result: Mapping[str, Any]) -> None:
    from synth.report.plots.reliability import MEASURES

    scores = result["scores"]
    if scores:
        rows = [(words, scores[name]["f1"], scores[name]["ci"]) for name, words in SHOWN.items()]
        rows += [(words, scores[name]["value"], scores[name]["ci"]) for name, words in MEASURES.items()]
        print_table(
            f"{scores['claims']} labelled claims in {scores['groups']} groups, {scores['pairs']} pairs "
            f"with {scores['candidate_recall']:.1%} of the evidence documents",
            ["measure", "value", f"{scores['level']:.0%} interval"],
            [(words, number(value, 3), f"{number(low, 3)} to {number(high, 3)}") for words, value, (low, high) in rows],
        )
    else:
        say("The claims carry no labels, so there are no scores.")
    print(
        f"{result['out']}: {result['claims']} claims, {result['candidates']} documents judged, "
        f"{result['supported']} support, {result['contradicted']} contradict ({result['seconds']} s)"
    )
