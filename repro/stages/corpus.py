"""Gather real text in many languages to pre-train on, and train the tokenizer on it."""

from __future__ import annotations

from repro.stages import Job, write_json

# How rows are read is not among them: the same rows come out, or an error.
SOURCES = ("data/corpora.py", "models/tokenizer.py")


def run(job: Job) -> None:
    """Write the text, its translations, the tokenizer and the facts of each language.

    `text/<code>.txt`, `pairs.tsv` (language, text, text: translations of each other), `tokenizer/` and `languages.json`
    (see `repro.data.corpora.facts`).
    """
    from repro.data.corpora import ENGLISH, CorpusParameters, facts, monolingual, parallel, read, sampled
    from repro.models.tokenizer import encode, train_tokenizer

    params = CorpusParameters.read(job.params)
    lines, keyed = read(job.library.locate("multilingual-raw"), [ENGLISH, *params.languages], params.longest)
    job.progress(0.3, "text read")
    (job.out / "text").mkdir()
    chosen = monolingual(lines, params.lines, params.alpha, job.seed)
    for language, own in chosen.items():
        (job.out / "text" / f"{language}.txt").write_text("\n".join(map(_flat, own)) + "\n", encoding="utf-8")
    pairs = parallel(keyed, params.pairs, params.alpha, job.seed)
    rows = ["\t".join(map(_flat, pair)) + "\n" for pair in pairs]
    (job.out / "pairs.tsv").write_text("".join(rows), encoding="utf-8")
    job.progress(0.5, "text sampled")
    tokenizer = train_tokenizer((line for own in chosen.values() for line in own), params.vocabulary, params.alphabet)
    tokenizer.save_pretrained(job.out / "tokenizer")
    job.progress(0.8, "tokenizer trained")
    tokens = {code: sum(map(len, encode(tokenizer, own))) for code, own in sampled(chosen, pairs).items()}
    write_json(job.out / "languages.json", facts(lines, keyed, tokens))


def _flat(text: str) -> str:
    return " ".join(text.split())
