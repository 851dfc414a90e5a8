"""A tuned model's accuracy on clean examples of its task in the generated languages."""

from __future__ import annotations

from repro.stages import Job, write_json

SOURCES = ("languages.py", "words.toml", "tasks/__init__.py", "heads.py", "model.py", "tokenizer.py")


def run(job: Job) -> None:
    """Writes `measurements.json`: a row per language of `params.targets`, accuracy in percent over `n` decisions."""
    from safetensors.torch import load_file

    from repro.heads import Heads, accuracy, encode_examples
    from repro.languages import ENGLISH, Realm, distance
    from repro.model import load_model
    from repro.tasks import Noise, task
    from repro.tokenizer import load_tokenizer

    params = job.params
    realm = Realm.of(params["languages"], job.seed)
    tokenizer = load_tokenizer(job.inputs["model"] / "model")
    heads = Heads(load_model(job.inputs["model"] / "model"), params["tasks"], job.seed)
    heads.layers.load_state_dict(load_file(job.inputs["model"] / "heads.safetensors"))
    rows = []
    for code in params["targets"]:
        for name in params["tasks"]:
            language = realm.language(code)
            examples = task(name).examples(realm, language, params["dev"][name], "test", Noise())
            data = encode_examples(examples, tokenizer)
            rows.append(
                {
                    "language": code,
                    "metric": f"accuracy_{name}",
                    "value": 100 * accuracy(heads, name, data),
                    "n": data.decisions,
                    "distance": distance(ENGLISH, language),
                }
            )
    write_json(job.out / "measurements.json", rows)
