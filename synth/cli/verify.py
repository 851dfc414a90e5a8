"""`synth verify`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.terminal.output import deviating, number, print_json, print_table, progress_shown, say, starting
from synth.core.reasons.differences import told
from synth.core.reasons.verdicts import sentences, shared_models
from synth.store.rows.runs import VerdictView
from synth.store.rows.stored import StoredRule

if TYPE_CHECKING:
    from collections.abc import Callable

    from repro.plan.stages import Stage
    from synth.verify.campaign import Campaign, Result, Step
    from synth.verify.judge.rule import Rule
    from synth.verify.run import Test

FIDELITY = "paper, base, small, synthetic, or published (others' figures, re-analysed). [default: synthetic]"
SEEDS = "Repeats; `up-to:10` adds them one by one until the verdict is decided. [default: as the experiment says]"
EXPERIMENT = "Test it by this one: of the experiments linked to it, or one of your own in experiments/."
CONTRAST = "Which comparison of the experiment. [default: the one that fits best]"
ON = "local, or slurm: one array of jobs, which go on if this command ends."
SLURM = "What a job asks for: partition, account, time, gpus, cpus, memory, at_once. Repeatable."
TESTABLE = "All claims of a search that an experiment can test, what decides most per hour first; they share one error."
BUDGET = "With --testable: stop at this time (90s, 10m, 2h); the same command goes on from there."
ATTACH = "Go on with run N as it was started: wait for its jobs, judge, store the verdict."
MODEL = "Folder with a model in hub format, in the place of the fidelity's model."
CHANGES = "Change a parameter of the fidelity: dotted key, TOML value. Repeatable; listed as a deviation."
LABELS = ("data sets", "folds", "items")  # units of replication that label the measurements
MAX_ROWS = 120  # of the measured table
ALL_ARMS = "Run every arm of the experiment, not only those that the claim compares."


def add_to(app: typer.Typer) -> None:
    app.command()(verify)


def verify(
    claim: Annotated[int | None, typer.Option("--claim", help="Number of the claim.")] = None,
    fidelity: Annotated[str | None, typer.Option("--fidelity", help=FIDELITY)] = None,
    seeds: Annotated[str | None, typer.Option("--seeds", metavar="N|up-to:N", help=SEEDS)] = None,
    experiment: Annotated[str | None, typer.Option("--experiment", help=EXPERIMENT)] = None,
    contrast: Annotated[str | None, typer.Option("--contrast", metavar="ID", help=CONTRAST)] = None,
    model: Annotated[Path | None, typer.Option("--model", help=MODEL)] = None,
    changes: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help=CHANGES)] = None,
    every_arm: Annotated[bool, typer.Option("--all-arms", help=ALL_ARMS)] = False,
    search: Annotated[
        int | None, typer.Option("--search", metavar="N", help="With --testable: of this search.")
    ] = None,
    testable: Annotated[bool, typer.Option("--testable", help=TESTABLE)] = False,
    budget: Annotated[str | None, typer.Option("--budget", metavar="TIME", help=BUDGET)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and run nothing.")] = False,
    on: Annotated[str, typer.Option("--on", help=ON)] = "local",
    slurm: Annotated[list[str] | None, typer.Option("--slurm", metavar="KEY=VALUE", help=SLURM)] = None,
    attach: Annotated[int | None, typer.Option("--attach", metavar="RUN", help=ATTACH)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Test a claim by experiment: plan, run, measure, judge. Ends 0 whatever the verdict.

    Example: synth verify --claim 12 --dry-run

    An experiment of your own in experiments/ needs no claim: it states what it tests.
    """
    from synth.core.errors import UsageError

    if testable:
        if claim is not None or experiment is not None or attach is not None or seeds or changes or model:
            raise UsageError("`--testable` is about all claims of a search.", "Leave claim, experiment and seeds out.")
        verify_search(search, fidelity, budget, dry_run, on, pairs(slurm or []), as_json)
        return
    if budget is not None or search is not None:
        raise UsageError("`--search` and `--budget` go with `--testable`.", "As: synth verify --testable --budget 2h")
    if claim is None and experiment is None and attach is None:
        raise UsageError("There is nothing to verify.", "Name a claim, `--claim N`, or an experiment of your own.")
    starting("verify")
    from synth.core.settings import load
    from synth.core.workspace import find_workspace
    from synth.verify import run
    from synth.verify.overrides import overrides
    from synth.verify.request import Request

    workspace = find_workspace()
    settings = load(workspace.root)
    if attach is not None:
        request = Request.of_run(workspace, attach)
    else:
        count, one_by_one = seed_count(seeds)
        request = Request(
            claim=claim,
            experiment=experiment,
            contrast=contrast,
            fidelity=fidelity,
            default=settings.fidelity,
            seeds=count,
            one_by_one=one_by_one,
            overrides=overrides(changes or [], model),
            every_arm=every_arm,
            on=on,
            slurm=pairs(slurm or []),
        )
    test = request.test(workspace, online=not dry_run)
    if dry_run:
        print_json(run.plan_view(test)) if as_json else show_plan(test)
        return
    if not as_json:
        show_plan(test)
    with progress_shown() as progress:
        verdict = run.verify(workspace, settings, test, progress, request.cluster())
    print_json(verdict) if as_json else show_verdict(verdict)


def verify_search(
    search: int | None,
    fidelity: str | None,
    budget: str | None,
    dry_run: bool,
    on: str,
    slurm: dict[str, str],
    as_json: bool,
) -> None:
    """Test all testable claims of a search, what decides most per hour first, and print what became of each."""
    starting("verify")
    from synth.core.settings import load
    from synth.core.workspace import find_workspace
    from synth.verify import campaign as campaigns
    from synth.verify import run
    from synth.verify.request import Request

    seconds = campaigns.budget_of(budget) if budget is not None else None
    base = Request(on=on, slurm=slurm)
    cluster = base.cluster()
    workspace = find_workspace()
    settings = load(workspace.root)
    campaign = campaigns.planned(workspace, search, fidelity)
    if dry_run:
        _show_order(campaigns.order(campaign.candidates), campaign, as_json)
        return
    say(f"{campaign.family} claims of search {campaign.search} can be tested; they share one error of 5 % (Holm).")
    results: list[Result] = []
    with progress_shown() as progress:

        def test_one(test: Test, within: Callable[[], None]) -> VerdictView:
            def told(stage: str, done: float, total: float, note: str = "") -> None:
                within()
                progress(f"claim {test.claim_id}: {stage}", done, total, note)

            within()
            return run.verify(workspace, settings, test, told, cluster)

        for result in campaigns.carry_out(workspace, campaign, seconds, test_one, base):
            say(f"claim {result.claim}: {result.verdict}" + (f" ({result.why})" if result.why else ""))
            results = [other for other in results if other.claim != result.claim] + [result]
    if as_json:
        print_json({"search": campaign.search, "family": campaign.family, "claims": [asdict(r) for r in results]})
        return
    decided = sum(result.verdict not in ("not tested", "inconclusive") for result in results)
    print_table(
        f"Search {campaign.search}: {decided} of {campaign.family} testable claims decided",
        ["claim", "", "experiment", "fidelity", "seconds", "verdict"],
        [
            (r.claim, r.text[:70], r.experiment or None, r.fidelity or None, number(r.seconds, 0),
             r.verdict + (f": {r.why}" if r.why else ""))
            for r in results
        ],
    )  # fmt: skip


def _show_order(steps: list[Step], campaign: Campaign, as_json: bool) -> None:
    rows = [
        {
            "claim": step.candidate.claim,
            "experiment": step.candidate.experiment,
            "contrast": step.candidate.contrast,
            "fidelity": step.candidate.fidelity,
            "worth": round(step.candidate.worth, 3),
            "seconds": round(step.seconds, 1),
            "per_hour": round(step.per_hour, 2),
        }
        for step in steps
    ]
    if as_json:
        print_json({"search": campaign.search, "family": campaign.family, "order": rows, "refused": campaign.refused})
        return
    columns = ["claim", "experiment", "contrast", "fidelity", "chance to decide", "seconds", "decisions per hour"]
    print_table(f"Search {campaign.search}: order of tests", columns, [tuple(row.values()) for row in rows])
    for claim, why in campaign.refused.items():
        say(f"claim {claim} cannot be tested here: {why}")


def pairs(texts: list[str]) -> dict[str, str]:
    """Parse KEY=VALUE texts. UsageError for one without an equals sign, or a key twice."""
    from synth.core.errors import UsageError

    read: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or key in read:
            raise UsageError(
                f"--slurm {text!r} is no KEY=VALUE, or the second of its key.", "As: --slurm partition=gpu"
            )
        read[key.strip()] = value.strip()
    return read


def seed_count(text: str | None) -> tuple[int | None, bool]:
    """Parse a number of seeds: "3" → (3, False); "up-to:10" → (10, True). UsageError for anything else."""
    from synth.core.errors import UsageError

    if text is None:
        return None, False
    number = text.removeprefix("up-to:")
    if not (number.isascii() and number.isdigit() and 0 < int(number) <= 1000):
        raise UsageError(f"--seeds {text!r} is no number of seeds.", "Use a number, as 3, or `up-to:10`.")
    return int(number), number != text


def show_plan(test: Test) -> None:
    """Print what the design can decide, then stages, rule and deviations. `--json` has the whole rule."""
    from synth.report.wording import ranges

    plan = test.plan
    if power := str(plan.power.get(test.contrast.id, "")):
        say(power)
    todo = [stage for stage in plan.stages if not stage.cached]
    print_table(
        f"Plan: {plan.experiment.id} at {plan.fidelity.name}, seeds {ranges(plan.seeds)}, "
        f"arms {', '.join(arm.name for arm in plan.arms)}",
        ["stage", "runs", "cached", "seconds"],
        _by_stage(plan.stages),
    )
    most = ", at most: seeds are added until the verdict is decided" if test.rule.looks else ""
    say(f"{len(todo)} of {len(plan.stages)} stages to compute{most}.")
    say(f"rule: {_rule_in_words(test.rule)}")
    if test.rule.repeats and test.rule.unit_of_replication == "seeds":
        say(f"What is known before: {sentences(shared_models(test.rule.repeats))}")
    if plan.experiment.power:
        say(f"design: {plan.experiment.power}")
    for deviation in deviating(zip(test.deviations, test.deviating, strict=True)):
        say(deviation)


def _by_stage(stages: Sequence[Stage]) -> list[tuple[str, int, int, str]]:
    """Return a row for each stage: name, how often it runs, how many runs are cached, seconds of all together."""
    runs: dict[str, list[Stage]] = {}
    for stage in stages:
        runs.setdefault(stage.name.partition(", seed ")[0], []).append(stage)
    rows = []
    for name, same in runs.items():
        known = [stage.seconds for stage in same if stage.seconds is not None]
        seconds = number(sum(known), 0) if len(known) == len(same) else "–"
        rows.append((name, len(same), sum(stage.cached for stage in same), seconds))
    return rows


def _rule_in_words(rule: Rule) -> str:
    """Return the decision rule: what is compared on what, what is predicted, and when it is decided."""
    compared = f"{rule.treatment} − {rule.baseline}" if rule.baseline else rule.treatment
    predicted = rule.direction if rule.value is None else f"{rule.direction}, {rule.value:,.12g} {rule.unit}"
    against = f", {rule.statistic} against {rule.covariate}" if rule.statistic not in ("mean", "count") else ""
    parts = [f"{compared} on {rule.metric}{against}", f"predicted: {predicted}"]
    if rule.statistic != "count":
        parts += [f"SESOI {rule.sesoi:g} {rule.unit}", f"α {rule.alpha:.3g}", f"at least {rule.minimum_seeds} seeds"]
        parts.append(f"interval over {rule.unit_of_replication}")
    if rule.control_metric:
        parts.append(f"control: {rule.control_metric}")
    if rule.direction_only:
        parts.append(f"direction only: {rule.direction_only}")
    return "; ".join(parts)


def show_verdict(verdict: VerdictView) -> None:
    """Print the measured table (mean over seeds, with their range), then the verdict."""
    statistic = _rule(verdict).get("statistic")
    if statistic == "coefficient":
        _show_estimates(verdict)
    else:
        _show_measured(verdict)
    print(f"Verdict: {verdict.verdict} (fidelity {verdict.fidelity})")
    print(f"  {_estimate(verdict)}")
    print(f"  {verdict.reason}")
    if verdict.fidelity != "paper" and statistic != "count":
        print("  Below fidelity `paper` this speaks of the direction of the claim only, never of its magnitude.")
    for deviation in deviating(told(verdict.deviations, verdict.deviation_codes)):
        print(f"  {deviation}")


def _rule(verdict: VerdictView) -> StoredRule:
    return verdict.spec["rule"]


def _show_estimates(verdict: VerdictView) -> None:
    """Print estimates of the tested term, also by other ways of analysis; scores by language are in `--json`."""
    term = _rule(verdict)["covariate"]
    estimates = {}
    for m in verdict.measurements:
        name, _, what = m.metric.partition(" | ")
        if m.arm == _rule(verdict)["treatment"] and name == term:
            estimates[what] = m
    rows = [(what, f"{m.value:+.3f}", m.n) for what, m in estimates.items()]
    print_table(f"Estimates of {term}, {verdict.unit}", ["what", "value", "groups"], rows)
    languages = {m.language for m in verdict.measurements} - {"all"}
    print(f"Published scores of {len(languages)} languages: `--json` has them.")


def _show_measured(verdict: VerdictView) -> None:
    cells: dict[tuple[str, str], dict[str, list[float]]] = {}
    for m in verdict.measurements:
        cells.setdefault((m.metric, m.language), {}).setdefault(m.arm, []).append(m.value)
    arms = list(dict.fromkeys(m.arm for m in verdict.measurements))
    unit, labels = _rule(verdict).get("unit_of_replication", "seeds"), {label for _, label in cells}
    label = [] if labels == {"all"} else [unit.removesuffix("s") if unit in LABELS else "language"]
    rows = [
        (metric, *([name] if label else []), *(_range(by_arm.get(arm)) for arm in arms))
        for (metric, name), by_arm in cells.items()
    ]
    print_table(
        f"Measured, mean over {_seeds(len({m.seed for m in verdict.measurements}))} (lowest to highest)",
        ["metric", *label, *arms],
        rows[:MAX_ROWS],
    )
    if len(rows) > MAX_ROWS:
        say(f"{len(rows) - MAX_ROWS} more rows: `--json` has them.")


def _estimate(verdict: VerdictView) -> str:
    statistic, unit = _rule(verdict).get("statistic"), verdict.unit
    if statistic == "count":
        return f"counted: {number(verdict.estimate, 0)} {unit}"
    low, high = verdict.ci
    over = _rule(verdict).get("unit_of_replication", "seeds")
    value, seeds = number(verdict.estimate), _seeds(verdict.seeds)
    if statistic == "coefficient":
        if verdict.estimate is None or low is None or high is None:
            return "not estimable"
        drawn = "over families of languages and series of models"
        return f"{verdict.estimate:+.3f} [{low:+.3f}, {high:+.3f}] {unit}, {drawn}"
    if over != "seeds":
        seeds = f"over {over}, {seeds}"
    if low is None:
        return f"{value} {unit} without an interval, {seeds}"
    return f"{value} [{number(low)}, {number(high)}] {unit}, {seeds}"


def _seeds(count: int) -> str:
    return f"{count} seed" if count == 1 else f"{count} seeds"


def _range(values: list[float] | None) -> str:
    if not values:
        return "–"
    return f"{fmean(values):.1f} ({min(values):.1f} to {max(values):.1f})"
