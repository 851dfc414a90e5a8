"""Retrieval accuracy of one model on the held-out sentences: English asks, each other language answers."""

from __future__ import annotations

from repro.stages import Job, read_json, write_json

SOURCES = ("model.py", "retrieval.py", "tokenizer.py")


def run(job: Job) -> None:
    """Writes `measurements.json`: a row per language and scoring rule, accuracy in percent over `n` queries."""
    from repro.model import embed, load_model
    from repro.retrieval import accuracy, cosine_scores, csls_scores
    from repro.tokenizer import encode, load_tokenizer

    tokenizer = load_tokenizer(job.inputs["model"] / "model")
    model = load_model(job.inputs["model"] / "model")
    languages = read_json(job.inputs["languages"] / "languages.json")
    vectors = {}
    for i, code in enumerate(languages):
        lines = (job.inputs["languages"] / "heldout" / f"{code}.txt").read_text(encoding="utf-8").splitlines()
        vectors[code] = embed(model, encode(tokenizer, lines), job.params["layer"]).numpy()
        job.progress((i + 1) / len(languages), f"language {code} encoded")
    rows = []
    for code, facts in languages.items():
        if code == "en":
            continue
        for metric, scores in (
            ("accuracy_cosine", cosine_scores(vectors["en"], vectors[code])),
            ("accuracy_csls", csls_scores(vectors["en"], vectors[code], job.params["neighbours"])),
        ):
            rows.append(
                {
                    "language": code,
                    "metric": metric,
                    "value": 100 * accuracy(scores),
                    "n": len(scores),
                    "distance": facts["distance"],
                }
            )
    write_json(job.out / "measurements.json", rows)
