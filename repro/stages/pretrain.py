"""Pre-train a small XLM-R from scratch with masked language modelling on the text of all languages."""

from __future__ import annotations

from repro.design.stage_parameters import PretrainParameters
from repro.stages import PARAMETERS, Job, write_json

SOURCES = (
    PARAMETERS,
    "models/xlmr.py",
    "training/masking.py",
    "training/loop.py",
    "training/schedule.py",
    "models/tokenizer.py",
)


def run(job: Job) -> None:
    """Write `model/` in hub format, tokenizer included, and `training.json`. With 0 steps: a random model.

    Lines of `text/` are read one by one; the pairs of `pairs.tsv`, where there are any, two texts at a time
    (translation language modelling, Conneau & Lample 2019, §3.3). `params.only`: languages whose text is read; without
    it, all.
    """
    from repro.models.tokenizer import encode, load_tokenizer
    from repro.models.xlmr import check_lengths, new_model, positions, save_model
    from repro.training.loop import Batches, fit
    from repro.training.masking import mlm_loss

    params, corpus = PretrainParameters.read(job.params), job.inputs["languages"]
    tokenizer = load_tokenizer(corpus / "tokenizer")
    files, only = sorted((corpus / "text").glob("*.txt")), params.only
    texts = [file.read_text(encoding="utf-8") for file in files if only is None or file.stem in only]
    lines = [line for text in texts for line in text.split("\n") if line]
    aligned = corpus / "pairs.tsv"
    pairs = [row.split("\t") for row in aligned.read_text(encoding="utf-8").splitlines()] if aligned.is_file() else []
    model = new_model(params.shape, len(tokenizer), job.seed)
    schedule = params.schedule
    losses: list[float] = []
    if schedule.steps or schedule.epochs:
        limit = positions(model) if params.cut else None
        rows = encode(tokenizer, lines, limit=limit)
        rows += encode(tokenizer, [first for _, first, _ in pairs], [second for *_, second in pairs], limit)
        check_lengths(model, rows)
        batches = Batches([len(row) for row in rows], schedule.batch, job.seed, schedule.tokens)
        loss_at = mlm_loss(model, rows, batches, params.masked, tokenizer.mask_token_id)
        steps = schedule.length(batches.steps)
        checkpoint = job.partial / "checkpoint.safetensors"
        losses = fit(model, loss_at, schedule, job.seed, checkpoint, job.progress, steps)
    save_model(model, job.out / "model")
    tokenizer.save_pretrained(job.out / "model")
    write_json(
        job.out / "training.json",
        {
            "losses": losses,
            "sentences": len(lines),
            "pairs": len(pairs),
            "parameters": sum(p.numel() for p in model.parameters()),
        },
    )
