"""From the file of one's own experiment to an `Experiment`, with all faults of the file at once. Reads no disk."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

from pydantic import TypeAdapter

from repro.commands.definition import Metric, OwnArm, OwnContrast, OwnExperiment
from repro.commands.placeholders import filled, placeholders
from repro.design.deviations import Deviation
from repro.design.experiment import Arm, Contrast, DecisionRule, Declared, Experiment, Fidelity, GateRule
from repro.design.faults import Fault, raise_faults, validated
from repro.errors import LabError
from repro.hashing import digest

FORMS = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".log": "log"}
SHELL = frozenset({"|", "||", "&&", "&", ";", ">", ">>", "<", "2>", "2>&1"})
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")  # of an experiment: the name of its file
PRINTED = ("stdout", "stderr")
FOLDERS = ("tensorboard", "mlflow", "wandb")  # forms that are read from a folder, {out} itself by default
_DEFINITION: TypeAdapter[OwnExperiment] = TypeAdapter(OwnExperiment)


def parse(text: str, file: Path) -> Experiment:
    """Build the experiment that the file's text defines; its id is the file's name.

    Raises:
        LabError: the file is not TOML, or has faults: keys and values first, all at once, then what does not fit
            together, all at once.
    """
    return build(defined(text, file), file)


def defined(text: str, file: Path) -> OwnExperiment:
    """Read the definition alone. LabError with every key and value that is wrong."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise LabError(f"{file.name} is not TOML: {error}", "mend the file") from error
    return validated(_DEFINITION, data, file.name)


def build(own: OwnExperiment, file: Path) -> Experiment:
    """Turn a definition into an experiment. LabError with everything that does not fit together."""
    own_faults = [*_id_faults(file), *faults(own)]
    raise_faults(own_faults, file.name)
    params: dict[str, object] = {
        "metrics": {name: asdict(_completed(metric)) for name, metric in own.metrics.items()},
        "data": dict(own.data),
        "first_seed": own.rule.first_seed,
    }
    if own.command is not None:
        params |= {
            "command": _jsonable(asdict(own.command)),
            "environment": _jsonable(asdict(own.environment)),
            "limits": asdict(own.limits),
        }
    if own.runs is not None:
        params["table"] = own.runs.table
    fidelity = Fidelity(
        available=True,
        needs="what its command needs" if own.command else "nothing: its numbers are there",
        deviations=tuple(Deviation(text) for text in own.deviations),
        params=params,
        seeds=own.rule.up_to or own.rule.seeds,
        name=own.fidelity,
    )
    return Experiment(
        id=file.stem,
        title=own.title,
        question=own.question,
        recipe="command" if own.command else "imported",
        rule=DecisionRule(own.rule.alpha, own.rule.seeds),
        arms=tuple(_arm(arm, own.contrasts) for arm in own.arms),
        contrasts=tuple(_contrast(contrast, own.metrics) for contrast in own.contrasts),
        gate=_gate(own),
        fidelities={own.fidelity: fidelity},
        hash=digest(_jsonable(asdict(own))),
        declared={each.id: Declared(each.direction, each.value, each.claims) for each in own.contrasts},
        source={**asdict(own.source), "authors": list(own.source.authors)} if own.source else {},
        up_to=own.rule.up_to,
        may_fail=own.rule.may_fail,
        folder=str(file.parent.absolute()),
    )


def _jsonable(value: object) -> object:
    """Return the value as JSON would give it back, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    return [_jsonable(item) for item in value] if isinstance(value, list | tuple) else value


def _completed(metric: Metric) -> Metric:
    """Return the metric with its form and file stated."""
    form = metric.form or FORMS.get(Path(metric.file).suffix.lower(), "log" if metric.file in PRINTED else "")
    return Metric(**{**asdict(metric), "form": form, "file": metric.file or ("." if form in FOLDERS else "")})


def _arm(arm: OwnArm, contrasts: Iterable[OwnContrast]) -> Arm:
    baseline = any(contrast.baseline == arm.name for contrast in contrasts)
    return Arm(arm.name, arm.description or arm.name, "baseline" if baseline else "treatment", dict(arm.params))


def _contrast(contrast: OwnContrast, metrics: Mapping[str, Metric]) -> Contrast:
    terms = {slot: phrases for slot, phrases in asdict(contrast.terms).items() if phrases}
    return Contrast(
        id=contrast.id,
        treatment=contrast.treatment,
        baseline=contrast.baseline,
        metric=contrast.metric,
        sesoi=contrast.sesoi,
        unit=metrics[contrast.metric].unit,
        terms=terms,
        published_baseline=contrast.published_baseline,
        unit_of_replication=contrast.over,
        hypothesis=contrast.hypothesis,
    )


def _gate(own: OwnExperiment) -> GateRule:
    gate = GateRule(arm="", control="", metric="", times_chance=0.0, languages="bound", target="")
    if own.bound is None:
        return gate
    gate |= {"arm": own.bound.arm, "metric": own.bound.metric}
    if own.bound.at_least is not None:
        gate["at_least"] = own.bound.at_least
    if own.bound.at_most is not None:
        gate["at_most"] = own.bound.at_most
    return gate


# ------------------------------------------------------------------------------------------- faults


def faults(own: OwnExperiment) -> list[Fault]:
    """Return everything in a definition that does not fit together."""
    found = [*_command_faults(own), *_arm_faults(own), *_contrast_faults(own), *_rule_faults(own)]
    for name, metric in own.metrics.items():
        found += _metric_faults(name, metric, bool(own.runs))
    return found


def _id_faults(file: Path) -> Iterator[Fault]:
    if not ID.fullmatch(file.stem):
        yield Fault(f"the name {file.stem!r} is no id", "name the file with small letters, digits and hyphens")


def _command_faults(own: OwnExperiment) -> Iterator[Fault]:
    if (own.command is None) == (own.runs is None):
        what = "neither a [command] nor [runs]" if own.command is None else "both a [command] and [runs]"
        yield Fault(f"there is {what}", "give one: what is run, or the table of numbers that exist")
        return
    if own.command is None:
        return
    chosen = [name for name in ("venv", "conda", "container") if getattr(own.environment, name)]
    if len(chosen) > 1:
        yield Fault(f"[environment] names {' and '.join(chosen)}", "name one")
    names = placeholders(own.command.run)
    keys = {key for arm in own.arms for key in arm.params}
    known = ["seed", "out", *sorted(f"arm.{key}" for key in keys), *sorted(f"data.{name}" for name in own.data)]
    for name in names:
        if name not in known:
            yield Fault(f"[command] run has the placeholder {{{name}}}, which nothing fills", _nearest(name, known))
    yield from _shell_faults(own.command.run)
    if "seed" not in names:
        yield Fault("[command] run has no {seed}", "hand the seed to the program, or every seed measures the same")
    files = [metric.file for metric in own.metrics.values()]
    if "out" not in names and any(file not in PRINTED for file in files):
        yield Fault("[command] run has no {out}, where its metrics are read", "hand the folder to the program")
    for key in sorted(keys):
        if f"arm.{key}" not in names:
            yield Fault(f"the arms have {key}, which [command] run does not take", f"put {{arm.{key}}} there")
    for file in (own.command.directory, *own.command.code, *own.command.keep):
        if "\0" in file:
            yield Fault(f"[command] has the path {file!r}", "leave the NUL out")
    for file in own.command.keep:
        if leads_out(file):
            yield Fault(f"[command] keep names {file!r}, which is not below {{out}}", "name files below it")


def _shell_faults(run: Sequence[str]) -> Iterator[Fault]:
    """Name parts that only a shell obeys; behind an option, as in `--separator |`, they are a value."""
    for before, part in pairwise(run):
        if part in SHELL and not before.startswith("-"):
            yield Fault(
                f"[command] run has {part!r}, and no shell reads it",
                'put the line into a script: run = ["sh", "it.sh", …]',
            )


def leads_out(file: str) -> bool:
    """Return True for a path that is absolute or goes up."""
    return Path(file).is_absolute() or ".." in Path(file).parts


def _arm_faults(own: OwnExperiment) -> Iterator[Fault]:
    names = [arm.name for arm in own.arms]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault(f"two arms have the name {name!r}", "give every arm a name of its own")
    if own.command is None:
        return
    wanted = [name.removeprefix("arm.") for name in placeholders(own.command.run) if name.startswith("arm.")]
    commands: dict[tuple[str, ...], str] = {}
    for arm in own.arms:
        for key in wanted:
            if key not in arm.params and any(key in other.params for other in own.arms):
                yield Fault(f"arm {arm.name} has no {key}", f"give it one: [command] run takes {{arm.{key}}}")
        command = tuple(filled(own.command.run, {f"arm.{key}": value for key, value in arm.params.items()}))
        if command in commands:
            yield Fault(f"arms {commands[command]} and {arm.name} run the very same command", "tell them apart")
        commands.setdefault(command, arm.name)


def _contrast_faults(own: OwnExperiment) -> Iterator[Fault]:
    arms, ids = [arm.name for arm in own.arms], [contrast.id for contrast in own.contrasts]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield Fault(f"two contrasts have the id {name!r}", "give every contrast an id of its own")
    for contrast in own.contrasts:
        where = f"contrast {contrast.id}"
        for arm in (contrast.treatment, contrast.baseline):
            if arm not in arms:
                yield Fault(f"{where} names the arm {arm!r}, which is not there", _nearest(arm, arms))
        if contrast.treatment == contrast.baseline:
            yield Fault(f"{where} compares {contrast.treatment} with itself", "name two arms")
        if contrast.metric not in own.metrics:
            yield Fault(
                f"{where} names the metric {contrast.metric!r}, which is not there",
                _nearest(contrast.metric, own.metrics),
            )
        elif contrast.over != "seeds" and not own.metrics[contrast.metric].per:
            yield Fault(
                f"{where} is over {contrast.over}, and metrics.{contrast.metric} has no `per`",
                f"name there the column or key with the label of the {contrast.over}",
            )
    if own.bound is not None:
        if own.bound.arm not in arms:
            yield Fault(f"[bound] names the arm {own.bound.arm!r}, which is not there", _nearest(own.bound.arm, arms))
        if own.bound.metric not in own.metrics:
            yield Fault(
                f"[bound] names the metric {own.bound.metric!r}, which is not there",
                _nearest(own.bound.metric, own.metrics),
            )
        if own.bound.at_least is None and own.bound.at_most is None:
            yield Fault("[bound] has no bound", "give at_least or at_most")


def _rule_faults(own: OwnExperiment) -> Iterator[Fault]:
    rule, over_seeds = own.rule, any(contrast.over == "seeds" for contrast in own.contrasts)
    if over_seeds and rule.seeds < 2:
        yield Fault(
            f"[rule] seeds is {rule.seeds}", "how much seeds differ takes two at least; five or more are better"
        )
    if rule.up_to and rule.up_to < max(2, rule.seeds):
        yield Fault(f"[rule] up_to {rule.up_to} is below seeds {rule.seeds}", "give more, or leave it out")
    most = rule.up_to or rule.seeds
    if rule.may_fail and most - rule.may_fail < (rule.seeds if rule.up_to else 2 if over_seeds else 1):
        yield Fault(f"[rule] may_fail {rule.may_fail} of {most} seeds leaves too few", "let fewer fail, or run more")


def _metric_faults(name: str, metric: Metric, imported: bool) -> Iterator[Fault]:
    where = f"metrics.{name}"
    if metric.scale == 0:
        yield Fault(f"{where}: the scale is 0", "leave it out, or use 100 for a share")
    if imported:
        for key in ("file", "form"):
            if getattr(metric, key):
                yield Fault(f"{where} has {key}, and its numbers stand in [runs] table", f"leave {key} out")
        return
    form = _completed(metric).form
    if not form:
        yield Fault(f"{where}: nothing says how {metric.file or 'its file'} is written", "give form and file")
        return
    if not metric.file and form not in FOLDERS:
        yield Fault(f"{where} has no file", "name the file below {out}, or stdout")
    if metric.file not in PRINTED and leads_out(metric.file):
        yield Fault(f"{where}: the file {metric.file!r} is not below {{out}}", "name a file below it")
    if metric.file in PRINTED and form in FOLDERS:
        yield Fault(f"{where}: {form} is no form of {metric.file}", "name a folder below {out}")
    if not metric.at and not (form == "csv" or form == "jsonl"):
        yield Fault(f"{where} has no `at`", _AT[form])
    if form == "json" and metric.at and not metric.at.startswith("/"):
        yield Fault(f"{where}: {metric.at!r} is no JSON pointer", f"write it with a slash, as /{metric.at}")
    if form == "log" and metric.at:
        yield from _pattern_faults(where, metric.at)
    if metric.per and form not in ("jsonl", "csv", "json"):
        yield Fault(f"{where}: `per` is no part of the form {form}", "use jsonl or csv, a row for each label")


_AT = {
    "json": "give a JSON pointer, as /test/accuracy",
    "log": "give a regular expression with one group around the number",
    "tensorboard": "give the tag of the scalar",
    "mlflow": "give the metric's key",
    "wandb": "give the metric's key",
}


def _pattern_faults(where: str, pattern: str) -> Iterator[Fault]:
    try:
        groups = re.compile(pattern).groups
    except (re.error, RecursionError, OverflowError) as error:
        yield Fault(f"{where}: {pattern!r} is no regular expression ({error})", "mend it")
        return
    if groups != 1:
        yield Fault(f"{where}: {pattern!r} has {groups} groups", "put one group, in parentheses, around the number")


def _nearest(name: str, known: Iterable[str]) -> str:
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names)}"
