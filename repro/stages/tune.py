"""Train a model on one task or several: generated ones, in English or (machine-)translated, or real ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from repro.design.stage_parameters import LanguageModelling, TuneParameters
from repro.errors import LabError
from repro.schema import JsonObject
from repro.stages import ENCODING, GENERATED, PARAMETERS, Job, write_json
from repro.tasks import Example, TaskParameters

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast, XLMRobertaForMaskedLM

    from repro.training.heads import Data, Heads, Layout
    from repro.training.loop import LossAt

HEADS = (
    "training/mixture.py",
    *(f"training/heads/{name}.py" for name in ("__init__", "choice", "pair", "span", "tagging")),
)
COMMON = tuple(
    f"tasks/common/{name}.py"
    for name in ("answers", "entailment", "formats", "loading", "questions", "shortcuts", "teller", "trees")
)
EXAMPLES = (*GENERATED, "data/catalogue.py", "data/library.py", "data/rows.py", "tasks/__init__.py", *COMMON)
SOURCES = (PARAMETERS, *EXAMPLES, *HEADS, *ENCODING, "training/loop.py", "training/masking.py", "training/schedule.py")


def run(job: Job) -> None:
    """Write `model/`, `heads.safetensors`, `heads.json` (kinds and labels) and `training.json`.

    `params.tasks`: name → {source, examples, dev}; 0 examples: all there are. `params.sources` says what to learn
    generated tasks from: a list of {language, dropped, confused}; each source gives as many examples as asked for, and
    the number of steps does not depend on how many sources there are. Dev examples are clean and of the first source's
    language. `params.frozen`: the encoder stays as it is. `params.mlm`: {share of the steps, share of tokens masked} of
    masked language modelling on the text of all languages in the input "corpus".
    """
    from safetensors.torch import save_file

    from repro.models.tokenizer import load_tokenizer
    from repro.models.xlmr import folder_of, load_model, positions, save_model
    from repro.tasks import task
    from repro.training.heads import Heads, kind
    from repro.training.loop import fit
    from repro.training.mixture import Mixture

    params = TuneParameters.read(job.params)
    if params.frozen and params.mlm:
        raise LabError("a frozen encoder cannot learn masked language modelling", "use `frozen` or `mlm`, not both")
    folder = folder_of(job.inputs["model"])
    tokenizer, model = load_tokenizer(folder), load_model(folder)
    train, dev = examples(job, params, "train"), examples(job, params, "dev")
    layouts, data, judged = _encoded(train, dev, tokenizer, min(params.length, positions(model)))
    heads = Heads(model, layouts, job.seed, params.frozen, params.mlm is not None)
    schedule = params.schedule
    text = _language_modelling(job, params, params.mlm, model, tokenizer) if params.mlm else None
    mixture = Mixture(heads, layouts, data, schedule, job.seed, text, params.mlm.share if params.mlm else 0.0)

    def score() -> float:
        scores = [kind(layouts[name].kind).measure(heads, name, judged[name])[task(name).METRIC] for name in layouts]
        return float(sum(scores) / len(scores))

    steps = schedule.length(mixture.steps)
    checkpoint = job.partial / "checkpoint.safetensors"
    losses = fit(heads, mixture, schedule, job.seed, checkpoint, job.progress, steps, score)
    summary = {
        name: _judged(name, params.tasks[name], layout, train[name], dev[name], data[name], judged[name], heads)
        for name, layout in layouts.items()
    }
    model.cpu()
    save_model(model, job.out / "model")
    tokenizer.save_pretrained(job.out / "model")
    save_file(heads.layers.cpu().state_dict(), job.out / "heads.safetensors")
    kinds = {name: {"kind": layout.kind, "labels": layout.labels} for name, layout in layouts.items()}
    write_json(job.out / "heads.json", kinds)
    write_json(job.out / "training.json", {"tasks": summary, "losses": losses})


def _encoded(
    train: Mapping[str, Sequence[Example]],
    dev: Mapping[str, Sequence[Example]],
    tokenizer: PreTrainedTokenizerFast,
    limit: int,
) -> tuple[dict[str, Layout], dict[str, Data], dict[str, Data]]:
    """Return by task its layout, its encoded training examples and its encoded dev examples."""
    from repro.tasks import task
    from repro.tasks.common.loading import labels
    from repro.training.heads import Layout, kind

    layouts = {name: Layout(task(name).KIND, labels(task(name), of_task)) for name, of_task in train.items()}
    data, judged = (
        {
            name: kind(layout.kind).encode(of_task[name], tokenizer, limit, layout.labels, training=training)
            for name, layout in layouts.items()
        }
        for of_task, training in ((train, True), (dev, False))
    )
    return layouts, data, judged


def examples(job: Job, params: TuneParameters, part: str) -> dict[str, list[Example]]:
    """Return the examples of every task of the stage."""
    from repro.languages.realm import Realm
    from repro.tasks import source
    from repro.tasks.common.loading import generated, real

    by_task = {}
    realm = Realm.of(params.languages, job.seed) if params.languages else None
    for i, (name, own) in enumerate(params.tasks.items()):
        if realm and params.languages and source(name, own.source).make:
            by_task[name] = generated(name, own, params.sources, params.languages.heldout, realm, part)
        else:
            by_task[name] = real(name, own, job.library, part, job.seed)
        job.progress(0.0, f"{part} examples of {i + 1}/{len(params.tasks)} tasks read")
    return by_task


def _language_modelling(
    job: Job,
    params: TuneParameters,
    beside: LanguageModelling,
    model: XLMRobertaForMaskedLM,
    tokenizer: PreTrainedTokenizerFast,
) -> LossAt:
    """Return the loss of masked language modelling on the text of all languages."""
    from repro.models.tokenizer import encode
    from repro.models.xlmr import positions
    from repro.training.loop import Batches
    from repro.training.masking import mlm_loss

    lines = [
        line
        for file in sorted((job.inputs["corpus"] / "text").glob("*.txt"))
        for line in file.read_text(encoding="utf-8").split("\n")
        if line
    ]
    if not lines:
        raise LabError("there is no text for masked language modelling", "give the fidelity `languages` or `corpus`")
    rows = encode(tokenizer, lines, limit=min(params.length, positions(model)))
    batches = Batches([len(row) for row in rows], params.schedule.batch, job.seed, params.schedule.tokens)
    return mlm_loss(model, rows, batches, beside.masked, tokenizer.mask_token_id)


def _judged(
    name: str,
    own: TaskParameters,
    layout: Layout,
    train: Sequence[Example],
    dev: Sequence[Example],
    data: Data,
    judged: Data,
    heads: Heads,
) -> JsonObject:
    """Describe the result of one task: its score on dev, and what that has to be compared with."""
    from repro.tasks import learnt, source, task
    from repro.tasks.common.loading import chance
    from repro.training.heads import kind

    module = task(name)
    metrics = kind(layout.kind).measure(heads, name, judged)
    score, shortcut = metrics[module.METRIC], module.shortcut(train, dev)
    return {
        "accuracy": score,
        "metric": module.METRIC,
        "metrics": metrics,
        "shortcut": shortcut,
        "chance": chance(layout.kind, layout.labels, dev),
        "decisions": judged.decisions,
        "learnt": learnt(score, shortcut, judged.decisions),
        "labels": list(layout.labels),
        "source": own.source,
        "deviation": source(name, own.source).deviation,
        "examples": len(train),
        "published": module.PUBLISHED.examples,
        "dropped": data.dropped,
        "dev": len(dev),
        "cut": judged.cut,
    }
