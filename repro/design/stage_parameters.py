"""Parameters of the stages, as recipes state them and the modules of `repro.stages` read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repro.languages.realm import RealmParameters
from repro.models.shape import ModelShape
from repro.parameters import Number, Table
from repro.targets import TargetOptions
from repro.tasks import TaskParameters
from repro.tasks.common.loading import Telling
from repro.training.schedule import Schedule


class NamedModules(Table):
    """The tasks and the target that the parameters of any stage name."""

    tasks: Mapping[str, object] = {}
    target: str | None = None


class ReadingPlace(Table):
    """Place at which a model is read: hidden state of a layer (0: the embeddings), and how its tokens are pooled."""

    layer: int
    pooling: str


class PretrainParameters(Table):
    """Masked language modelling from scratch.

    Attributes:
        masked: share of the tokens.
        cut: texts longer than the model takes are cut (real text); otherwise they are an error.
        only: languages whose text is read; all of them where it is not given.
    """

    shape: ModelShape
    masked: Number
    schedule: Schedule
    cut: bool = False
    only: Sequence[str] | None = None


class LanguageModelling(Table):
    """Masked language modelling beside a task: its share of the steps, and the share of tokens masked."""

    share: Number
    masked: Number


class TuneParameters(Table):
    """Training on tasks.

    Attributes:
        tasks: by name.
        length: tokens of an example.
        languages, sources: what generated tasks are told in; each source gives as many examples as asked for.
        frozen: the encoder stays as it is.
        mlm: masked language modelling that goes on beside the tasks.
    """

    tasks: Mapping[str, TaskParameters]
    schedule: Schedule
    length: int
    languages: RealmParameters | None = None
    sources: Sequence[Telling] = ()
    frozen: bool = False
    mlm: LanguageModelling | None = None


class AccuracyParameters(Table):
    """The test of a tuned model in the generated languages `targets`; of a task, `dev` counts the test examples."""

    tasks: Mapping[str, TaskParameters]
    length: int
    languages: RealmParameters
    targets: Sequence[str]


class CountParameters(Table):
    """Tasks whose training examples are counted, and the languages of those that are generated."""

    tasks: Mapping[str, TaskParameters]
    languages: RealmParameters | None = None


class RetrievalParameters(TargetOptions):
    """Retrieval by one reading of a model.

    Attributes:
        target: a module of `repro.targets`.
        layer, pooling, precision: as in `repro.models.encoder`.
        distance: which of `repro.languages.typology.measures` is the languages' distance, where they are real ones.
    """

    target: str
    layer: int
    pooling: str = "mean"
    precision: str = "float32"
    distance: str | None = None


class FusionParameters(RetrievalParameters):
    """Retrieval by several models, made one as `fuse` says (`repro.stages.fusion.WAYS`)."""

    fuse: str


class VectorParameters(TargetOptions):
    """Vectors of a target's sentences in several readings of a model, by name; `prefix`: put before every sentence."""

    target: str
    readings: Mapping[str, ReadingPlace]
    prefix: str
    precision: str = "float32"


class ScoringParameters(TargetOptions):
    """Retrieval from vectors that are there.

    Attributes:
        reading: the name of the vectors.
        isotropy: one of `repro.retrieval.isotropy.WAYS`.
        rule, asks: one of RULES and of ASKING in `repro.stages.reading`.
        pool: how many candidates there are (0: all).
        lengths: which sentences ask: all, or those whose English is shorter or longer than the language's median.
    """

    target: str
    reading: str
    isotropy: str
    rule: str
    asks: str
    pool: int
    lengths: str
    distance: str | None = None


class CommandLine(Table):
    """Call of a command of one's own, the files that count as its code, and those of its output that are kept."""

    run: Sequence[str]
    directory: str
    code: Sequence[str]
    keep: Sequence[str]
    resumes: bool


class CommandCode(Table):
    """Checksums of a command's code."""

    files: Any


class CommandParameters(Table):
    """A command for one arm, with all that its result depends on (`repro.commands.definition`).

    Attributes:
        checksums: of `data`, by name.
        offline: the machine can cut the command off from the network.
    """

    command: CommandLine
    environment: Mapping[str, Any]
    limits: Mapping[str, Any]
    metrics: Mapping[str, Mapping[str, Any]]
    data: Mapping[str, str]
    code: CommandCode
    checksums: Mapping[str, str]
    offline: bool


class ImportedParameters(Table):
    """Rows of a table for one seed of one arm, or why there are none."""

    rows: Sequence[Any]
    failure: str
