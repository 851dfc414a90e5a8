"""Pre-train a small XLM-R from scratch with masked language modelling on the text of all languages."""

from __future__ import annotations

from repro.stages import Job, write_json

SOURCES = ("model.py", "masking.py", "training.py", "tokenizer.py")


def run(job: Job) -> None:
    """Writes `model/` in hub format, tokenizer included, and `training.json`. With 0 steps: a random model."""
    from repro.masking import mlm_loss
    from repro.model import check_lengths, new_model, save_model
    from repro.tokenizer import encode, load_tokenizer
    from repro.training import Batches, Schedule, fit

    tokenizer = load_tokenizer(job.inputs["languages"] / "tokenizer")
    lines = [
        line
        for file in sorted((job.inputs["languages"] / "text").glob("*.txt"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    model = new_model(job.params["shape"], len(tokenizer), job.seed)
    schedule = Schedule(**job.params["schedule"])
    losses: list[float] = []
    if schedule.steps:
        rows = encode(tokenizer, lines)
        check_lengths(model, rows)
        batches = Batches([len(row) for row in rows], schedule.batch, job.seed)
        loss_at = mlm_loss(model, rows, batches, job.params["masked"], tokenizer.mask_token_id)
        losses = fit(model, loss_at, schedule, job.seed, job.partial / "checkpoint.safetensors", job.progress)
    save_model(model, job.out / "model")
    tokenizer.save_pretrained(job.out / "model")
    write_json(
        job.out / "training.json",
        {"losses": losses, "sentences": len(lines), "parameters": sum(p.numel() for p in model.parameters())},
    )
