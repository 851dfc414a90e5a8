"""The file of one's own experiment, `experiments/NAME.toml`: its keys, types and allowed values.

The fields of these classes are the keys of the file; a field with a default may be left out.

    title = "A radial kernel beats a linear one on digits"
    question = "Does a radial kernel classify handwritten digits better than a linear one?"

    [command]
    run = ["python", "digits.py", "--kernel", "{arm.kernel}", "--seed", "{seed}", "--out", "{out}"]

    [metrics.accuracy]
    file = "result.json"
    at = "/accuracy"
    unit = "points"

    [[arms]]
    name = "linear"
    params = { kernel = "linear" }

    [[arms]]
    name = "radial"
    params = { kernel = "rbf" }

    [[contrasts]]
    id = "kernel"
    hypothesis = "A radial kernel classifies digits better than a linear one."
    treatment = "radial"
    baseline = "linear"
    metric = "accuracy"
    sesoi = 0.5
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

FidelityName = Literal["synthetic", "small", "base", "paper", "published"]

Form = Literal["json", "jsonl", "csv", "log", "tensorboard", "mlflow", "wandb"]
Direction = Literal["increase", "decrease", "no effect", "greater", "less", "equal"]
# What is drawn at random, and so what the interval is over.
Unit = Literal["seeds", "languages", "data sets", "folds", "items"]
Value = str | int | float | bool


def _number(value: object) -> object:
    """Refuse True and "3", which Python and pydantic take for numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    return value


Number = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
Count = Annotated[int, BeforeValidator(_number)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Text = Annotated[str, Field(min_length=1, max_length=2000)]


@dataclass(frozen=True)
class Source:
    """Source of a claim that no search found, as its author names it; nothing of it is checked.

    Attributes:
        title: of the paper.
        authors: their names, a list.
        year: of publication.
        url: where it can be read.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    title: Text
    authors: tuple[str, ...] = ()
    year: Annotated[int, Field(ge=1500, le=2200)] | None = None
    url: str = ""


@dataclass(frozen=True)
class Environment:
    """Environment of the command: at most one of the three, else the environment of synth itself.

    Attributes:
        venv: folder of a virtual environment, relative to the file.
        conda: name or folder of a conda environment.
        container: image for podman or docker; a digest (`name@sha256:…`) keeps it the same.
        variables: names of environment variables that are handed on beside the usual ones. Values are never recorded.
        network: whether the command may use it.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    venv: str = ""
    conda: str = ""
    container: str = ""
    variables: tuple[str, ...] = ()
    network: bool = True


@dataclass(frozen=True)
class Limits:
    """Limits of one seed of one arm; more makes it a failed seed.

    Attributes:
        seconds: of time on the clock.
        memory_mb: of all its processes together, looked at four times a second; 0 for no limit.
        output_mb: written to `{out}` and printed.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    seconds: Annotated[Number, Field(gt=0, le=30 * 86400)] = 3600
    memory_mb: Annotated[Count, Field(ge=16)] = 0
    output_mb: Annotated[Count, Field(ge=1, le=100_000)] = 1000


@dataclass(frozen=True)
class Command:
    """Command that is run for each seed of each arm.

    Attributes:
        run: argument list, which no shell sees. `{seed}`, `{out}`, `{arm.KEY}` and `{data.NAME}` are filled in.
        directory: where it runs, relative to the file.
        code: files and folders of `directory` that the result depends on; where none are named, all that git does not
            ignore there, or all files.
        keep: files below `{out}` that are kept with the measurements.
        resumes: whether it goes on from what it finds in `{out}`; otherwise it finds an empty folder each time.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    run: Annotated[tuple[str, ...], Field(min_length=1, max_length=1000)]
    directory: str = "."
    code: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    resumes: bool = False


@dataclass(frozen=True)
class Runs:
    """Numbers that exist already, in the place of a command: a CSV file with a row for each measurement.

    Attributes:
        table: the file, relative to the experiment's. Columns `arm`, `seed`, one a metric, and the label of what the
            interval is over where that is no seed (`per` of the metric).
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    table: Text


@dataclass(frozen=True)
class Metric:
    """A number that a run writes, and where.

    Attributes:
        file: below `{out}`; `stdout` or `stderr` for what is printed; a folder for tensorboard, mlflow and wandb.
        form: how it is written; told from the file's name where it is left out.
        at: JSON pointer, column, tag, or a regular expression with one group; of several values the last counts.
        unit: of the value after `scale`; "points" are percentage points.
        better: whether higher or lower is better: no verdict depends on it, only words do.
        scale: the value is multiplied by it (100 turns a share into points).
        per: column or key with the label of the language, data set, fold or item that a row is about.
        n: pointer or column with the number of items behind the value.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    unit: Text
    file: str = ""
    form: Form | Literal[""] = ""
    at: str = ""
    better: Literal["higher", "lower"] = "higher"
    scale: Number = 1.0
    per: str = ""
    n: str = ""


@dataclass(frozen=True)
class OwnRule:
    """Number of seeds that decide, and at what risk of error.

    Attributes:
        alpha: two-sided level.
        seeds: least number that a verdict asks for.
        up_to: seeds are added one by one until the verdict is decided, up to so many; 0 for the fixed number `seeds`.
        may_fail: of the seeds that are run, how many may fail before there is no verdict.
        first_seed: the number that the first seed has.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    alpha: Annotated[Number, Field(gt=0, lt=0.5)] = 0.05
    seeds: Annotated[Count, Field(ge=1, le=1000)] = 5
    up_to: Annotated[Count, Field(ge=0, le=100)] = 0
    may_fail: Annotated[Count, Field(ge=0)] = 0
    first_seed: Annotated[Count, Field(ge=0)] = 1


@dataclass(frozen=True)
class OwnArm:
    """One condition.

    Attributes:
        name: letters, digits, points, hyphens and underlines.
        description: a phrase for reports; the name where it is left out.
        params: values of `{arm.KEY}`: texts, numbers, true or false.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: Name
    description: str = ""
    params: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class OwnTerms:
    """Phrases that claims use for the parts of the contrast, by which synth links claims to it.

    Attributes:
        treatment: of the treatment, a list.
        baseline: of the baseline.
        task: of what is measured on.
        metric: of the metric.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    treatment: tuple[str, ...] = ()
    baseline: tuple[str, ...] = ()
    task: tuple[str, ...] = ()
    metric: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnContrast:
    """Two arms to be compared on a metric.

    Attributes:
        id: its name in listings, and of `verify --contrast`.
        hypothesis: what is claimed, as a sentence of a paper would put it.
        treatment: name of an arm.
        baseline: name of the arm that it is compared with.
        metric: name of a metric.
        sesoi: smallest difference that matters, in the metric's unit.
        direction: of treatment − baseline, as it is claimed.
        value: magnitude that is claimed, in the metric's unit.
        claims: numbers of claims of this workspace that it tests, by the author's word.
        over: what is drawn at random, and so what the interval is over.
        published_baseline: score of the baseline as it was published.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: Name
    hypothesis: Text
    treatment: str
    baseline: str
    metric: str
    sesoi: Annotated[Number, Field(gt=0)]
    direction: Direction = "increase"
    value: Number | None = None
    claims: tuple[int, ...] = ()
    over: Unit = "seeds"
    terms: OwnTerms = field(default_factory=OwnTerms)
    published_baseline: Number | None = None


@dataclass(frozen=True)
class Bound:
    """Sanity check: there is no verdict unless the mean of this arm lies within the bounds.

    Attributes:
        arm: name of the arm.
        metric: name of the metric.
        at_least: in the metric's unit.
        at_most: in the metric's unit.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    arm: str
    metric: str
    at_least: Number | None = None
    at_most: Number | None = None


@dataclass(frozen=True)
class OwnExperiment:
    """One's own experiment.

    Attributes:
        title: a phrase.
        question: what the experiment asks; the question of its report.
        fidelity: how close it is to the original setting; at `paper` magnitudes are compared as well.
        deviations: every difference from the original setting, in the author's words.
        data: files and folders by name, relative to the file; their checksums are registered.
        bound: sanity check; if it fails there is no verdict.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    title: Text
    question: Text
    metrics: Annotated[Mapping[Name, Metric], Field(min_length=1)]
    arms: Annotated[tuple[OwnArm, ...], Field(min_length=2)]
    contrasts: Annotated[tuple[OwnContrast, ...], Field(min_length=1)]
    fidelity: FidelityName = "small"
    deviations: tuple[Text, ...] = ()
    source: Source | None = None
    command: Command | None = None
    runs: Runs | None = None
    environment: Environment = field(default_factory=Environment)
    limits: Limits = field(default_factory=Limits)
    data: Mapping[Name, str] = field(default_factory=dict)
    rule: OwnRule = field(default_factory=OwnRule)
    bound: Bound | None = None
