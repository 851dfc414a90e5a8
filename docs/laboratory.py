"""Run an experiment of the laboratory and write its tables as Markdown.

    python docs/laboratory.py EXPERIMENT [--fidelity F] [--seeds N] [--jobs N] [--set KEY=VALUE ...] [--arms A B ...]
                              [--out FILE]

Finished stages are kept in the folder given by `--store` and used again. Without `--out` the tables are printed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from repro.artifacts import Store  # noqa: E402
from repro.data.library import Library  # noqa: E402
from repro.design.experiment import Contrast  # noqa: E402
from repro.design.nodes import needed  # noqa: E402
from repro.errors import LabError  # noqa: E402
from repro.experiments import experiment  # noqa: E402
from repro.plan.plan import Plan  # noqa: E402
from repro.plan.planner import make_plan  # noqa: E402
from repro.run.lab import default_jobs, run  # noqa: E402
from repro.run.outcome import Outcome  # noqa: E402
from repro.run.pool import Event  # noqa: E402
from synth.core.errors import SynthError  # noqa: E402
from synth.core.estimate import Estimate  # noqa: E402
from synth.core.reasons.verdicts import sentences, shared_models  # noqa: E402
from synth.verify.judge.coefficient import read  # noqa: E402
from synth.verify.judge.rule import Rule  # noqa: E402
from synth.verify.judge.verdict import judge  # noqa: E402
from synth.verify.overrides import overrides  # noqa: E402
from synth.verify.run import families  # noqa: E402
from synth.verify.statistics.estimates import Comparison, per_seed  # noqa: E402
from synth.verify.statistics.measurement import measured  # noqa: E402
from synth.verify.statistics.replication import estimate_over  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("experiment")
    parser.add_argument("--fidelity", default="synthetic")
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--arms", nargs="+", help="only these, and those that the gate needs")
    parser.add_argument("--store", type=Path, default=Path("db") / "artifacts")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    try:
        store = Store(options.store)
        changes = overrides(options.set, options.model)
        chosen = experiment(options.experiment)
        plan = make_plan(chosen, options.fidelity, store, options.seeds, changes, Library.default(Path("db") / "data"))
        if options.arms:
            plan = only(plan, options.arms)
        jobs = options.jobs or default_jobs(plan)
        print(f"{len(plan.stages)} stages, expected {plan.wall_seconds(jobs)} s with {jobs} processes", file=sys.stderr)
        begin = time.monotonic()
        outcome = run(plan, store, report, jobs)
    except (LabError, SynthError) as error:
        sys.exit(f"{error.what}\n{error.do}")
    command = f"{chosen.id} --fidelity {plan.fidelity.name}" + (
        f" --arms {' '.join(options.arms)}" if options.arms else ""
    )
    text = page(plan, outcome, time.monotonic() - begin, command)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text, encoding="utf-8")
    else:
        print(text)


def only(plan: Plan, names: Sequence[str]) -> Plan:
    """Return the plan of some arms, and of those that the gate needs; the others are listed as left out."""
    known = [arm.name for arm in plan.arms]
    for name in names:
        if name not in known:
            raise LabError(f"{plan.experiment.id} has no arm {name!r}", f"it has {', '.join(known)}")
    wanted = {*names, plan.spec["gate"]["arm"], plan.spec["gate"]["control"]}
    needed_names = {node.name for node in needed({stage.name: stage.node for stage in plan.stages}, wanted)}
    others = [name for name in known if name not in wanted]
    return replace(
        plan,
        stages=tuple(stage for stage in plan.stages if stage.name in needed_names),
        contrasts=tuple(c for c in plan.contrasts if {c.treatment, c.baseline} <= {*wanted, ""}),
        deviations=(*plan.deviations, *(f"Arm {name} is left out: it was not run for this table." for name in others)),
    )


def report(event: Event) -> None:
    if event.kind in ("started", "finished", "reused"):
        print(f"{event.kind:9} {event.stage} {event.seconds or ''}", file=sys.stderr, flush=True)


def page(plan: Plan, outcome: Outcome, seconds: float, command: str) -> str:
    subject, facts = plan.experiment, outcome.provenance
    computed = [s["seconds"] for s in outcome.stages if not s["cached"]]
    lines = [
        f"# {subject.title}, at fidelity `{plan.fidelity.name}`",
        f"\n{subject.question}",
        f"\n`python docs/laboratory.py {command}`: seeds "
        f"{', '.join(map(str, plan.seeds))}; {facts['device']}, {facts['processes']} processes of one thread; "
        f"{len(outcome.stages)} stages, of which {len(computed)} were computed in this run of {seconds:.0f} s; "
        f"all stages together took {sum(s['seconds'] for s in outcome.stages):.0f} s when they were made.",
        f"\nCommit {(facts['commit'] or 'unknown')[:12]}{' with changes' if facts['modified'] else ''}; specification "
        f"{plan.spec_hash[:16]}.",
    ]
    if subject.power:
        lines.append(f"\nDesign: {subject.power}")
    lines.append(f"\nGate {'passed' if outcome.gate.passed else 'failed'}: {outcome.gate.reason}.")
    lines += ["\n## Contrasts\n", *contrasts(plan, outcome)]
    if all(contrast.statistic == "count" for contrast in plan.contrasts):
        lines += ["\n## What was counted\n", *counted(outcome)]
        return "\n".join([*lines, *deviations(plan)]) + "\n"
    lines += ["\n## Arms\n", *arms(plan, outcome)]
    if outcome.training:
        lines += ["\n## What the intermediate tasks reached\n", *training(outcome)]
    lines += [f"\nArm {arm} is invalid: {why}." for arm, why in outcome.invalid.items()]
    lines += ["\n## By language, mean over seeds\n", *languages(plan, outcome)]
    return "\n".join([*lines, *deviations(plan)]) + "\n"


def deviations(plan: Plan) -> list[str]:
    return ["\n## Deviations from the published setting\n", *(f"- {text}" for text in plan.deviations)]


def counted(outcome: Outcome) -> list[str]:
    lines = ["| arm | counted | the paper says | the published set |", "|---|---|---|---|"]
    for m in outcome.measurements:
        lines.append(f"| {m['arm']} | {m['value']:,.0f} | {m['stated']:,} | {'yes' if m['published'] else 'no'} |")
    return lines


def contrasts(plan: Plan, outcome: Outcome) -> list[str]:
    """Return a row per contrast and metric; what it decides by the rule of docs/verdicts.md; then what its design can
    tell.
    """
    lines = [
        "| contrast | of | over | metric | estimate [95 %] | by seed | decides |",
        "|---|---|---|---|---|---|---|",
    ]
    known = families(plan.library, measured(outcome.measurements))
    for contrast in plan.contrasts:
        compared = comparison(plan, contrast)
        of = str(compared)
        if contrast.statistic != "mean":
            of += f", {contrast.statistic}"
            of += f" against {contrast.covariate}" if contrast.statistic != "count" else ""
        if contrast.statistic == "coefficient":
            term = coefficient(plan, contrast, outcome)
            lines.append(
                f"| {contrast.id} | {of} | {contrast.unit_of_replication} | logit of {contrast.metric} | {term} | – |"
            )
            continue
        decides = decided(plan, outcome, contrast, compared, known)
        for metric in filter(None, (contrast.metric, contrast.control)):
            seed_values = per_seed(measured(outcome.measurements), compared, metric)
            shown = shown_estimate(plan, outcome, contrast, compared, metric, known)
            digits = 0 if contrast.statistic == "count" else 2
            estimate = (
                f"{shown.value:,.0f}" if contrast.statistic == "count" and shown.value is not None else str(shown)
            )
            lines.append(
                f"| {contrast.id} | {of} | {contrast.unit_of_replication} | {metric} | {estimate} | "
                f"{numbers(list(seed_values.values.values()), digits)} | {decides} |"
            )
    shared = {
        contrast.id: sentences(shared_models(comparison(plan, contrast).repeats))
        for contrast in plan.contrasts
        if contrast.unit_of_replication == "seeds"
    }
    lines += [f"\nContrast {name}: {why}" for name, why in shared.items() if why]
    able = {contrast.id: plan.power[contrast.id] for contrast in plan.contrasts if contrast.id in plan.power}
    return [*lines, *(f"\nContrast {name}. {power}" for name, power in able.items())]


def shown_estimate(
    plan: Plan, outcome: Outcome, contrast: Contrast, compared: Comparison, metric: str, known: dict[str, str]
) -> Estimate:
    unit, alpha = contrast.unit_of_replication, plan.experiment.alpha
    return estimate_over(measured(outcome.measurements), compared, metric, unit, alpha, known)


def decided(plan: Plan, outcome: Outcome, contrast: Contrast, compared: Comparison, known: dict[str, str]) -> str:
    """Decide on an effect by its numbers: "above 0", "below 0", "equivalent" or "inconclusive"; "–" for a count."""
    if contrast.statistic == "count":
        return "–"
    rule = Rule(
        compared.treatment,
        compared.baseline,
        contrast.metric,
        contrast.control,
        "increase",
        None,
        contrast.sesoi,
        plan.experiment.alpha,
        plan.experiment.minimum_seeds,
        contrast.unit,
        contrast.statistic,
        contrast.covariate,
        contrast.languages,
        compared.repeats,
        baseline_metric=contrast.baseline_metric,
        unit_of_replication=contrast.unit_of_replication,
    )
    gate = {"passed": outcome.gate.passed, "reason": outcome.gate.reason}
    verdict = judge(
        measured(outcome.measurements), rule, "synthetic", gate, outcome.invalid, plan.altered, known
    ).verdict
    return {"direction supported": "above 0", "direction contradicted": "below 0"}.get(verdict, verdict)


def coefficient(plan: Plan, contrast: Contrast, outcome: Outcome) -> str:
    """Return the term as the mixed model has it, and as families and series resampled have it."""
    rule = Rule(
        contrast.treatment, "", contrast.metric, "", "no effect", None, contrast.sesoi, plan.experiment.alpha, 1
    )
    term = read(measured(outcome.measurements), replace(rule, covariate=contrast.covariate))
    shown = [
        f"{value:+.3f} [{value - error.half(rule.alpha):+.3f}, {value + error.half(rule.alpha):+.3f}]"
        for value, error in filter(None, (term.mixed, term.resampled))
    ]
    estimate = f"{shown[0]} {contrast.unit}" if shown else "not estimable"
    return f"{estimate}; resampled {shown[1]} | –" if len(shown) > 1 else f"{estimate} | –"


def comparison(plan: Plan, contrast: Contrast) -> Comparison:
    names = ("treatment", "baseline", "statistic", "covariate", "languages", "baseline_metric")
    repeats = plan.repeats(contrast.treatment, contrast.baseline)
    return Comparison(**{name: getattr(contrast, name) for name in names}, repeats=repeats)


def metrics(plan: Plan, outcome: Outcome) -> list[str]:
    """Return the metrics that contrasts compare, and what other targets measured."""
    used = [metric for c in plan.contrasts for metric in (c.metric, c.control) if metric]
    others = [m["metric"] for m in outcome.measurements if m["metric"].startswith(("f1_", "map"))]
    return list(dict.fromkeys([*used, *others]))


def arms(plan: Plan, outcome: Outcome) -> list[str]:
    """Return per arm and metric the mean over languages, by seed."""
    lines = ["| arm | metric | mean | by seed | languages |", "|---|---|---|---|---|"]
    for arm in plan.arms:
        for metric in metrics(plan, outcome):
            rows = [m for m in outcome.measurements if (m["arm"], m["metric"]) == (arm.name, metric)]
            if not rows:
                continue
            seeds = sorted({m["seed"] for m in rows})
            means = [fmean(m["value"] for m in rows if m["seed"] == seed) for seed in seeds]
            count = len({m["language"] for m in rows})
            lines.append(f"| {arm.name} | {metric} | {fmean(means):.1f} | {numbers(means)} | {count} |")
    return lines


def training(outcome: Outcome) -> list[str]:
    lines = [
        "| arm | task | examples | metric | reached by seed | a shortcut alone | learnt |",
        "|---|---|---|---|---|---|---|",
    ]
    for arm, task in dict.fromkeys((row["arm"], row["task"]) for row in outcome.training):
        rows = [row for row in outcome.training if (row["arm"], row["task"]) == (arm, task)]
        reached, shortcut = ([100 * row[name] for row in rows] for name in ("accuracy", "shortcut"))
        learnt = sum(row["learnt"] for row in rows)
        lines.append(
            f"| {arm} | {task} | {rows[0]['examples']:,} | {rows[0]['metric']} | {numbers(reached)} | "
            f"{numbers(shortcut)} | {learnt} of {len(rows)} |"
        )
    return lines


def languages(plan: Plan, outcome: Outcome) -> list[str]:
    shown = metrics(plan, outcome)[:2]
    cells: dict[tuple[str, str, str], list[float]] = {}
    distances: dict[str, Any] = {}
    for m in outcome.measurements:
        if m["metric"] in shown:
            cells.setdefault((m["language"], m["metric"], m["arm"]), []).append(m["value"])
            distances[m["language"]] = m["distance"]
    order = sorted(distances, key=lambda code: (distances[code] is None, distances[code] or 0, code))
    measured = {arm for _, _, arm in cells}
    names = [arm.name for arm in plan.arms if arm.name in measured]
    lines = [f"| language | distance | metric | {' | '.join(names)} |", "|---" * (3 + len(names)) + "|"]
    for code in order:
        distance = "" if distances[code] is None else f"{distances[code]:.2f}"
        for metric in shown:
            values = [cells.get((code, metric, name)) for name in names]
            lines.append(
                f"| {code} | {distance} | {metric} | {' | '.join(f'{fmean(v):.1f}' if v else '–' for v in values)} |"
            )
    return lines


def numbers(values: Sequence[float], digits: int = 1) -> str:
    return ", ".join(f"{value:.{digits}f}" for value in values)


if __name__ == "__main__":
    main()
