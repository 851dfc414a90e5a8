"""A tuned model's score on clean examples of its tasks in the generated languages."""

from __future__ import annotations

from repro.design.stage_parameters import AccuracyParameters
from repro.stages import PARAMETERS, Job, read_json, write_json
from repro.stages.tune import EXAMPLES, HEADS

SOURCES = (PARAMETERS, *EXAMPLES, *HEADS, "stages/tune.py", "models/xlmr.py", "models/tokenizer.py")


def run(job: Job) -> None:
    """Write `measurements.json`: a row per language of `params.targets`, task and metric, in percent over `n`.

    `params.tasks` as in a tune stage (`dev` is the number of test examples), and `params.length`.
    """
    from safetensors.torch import load_file

    from repro.languages.grammar import ENGLISH, distance
    from repro.languages.realm import Realm
    from repro.models.tokenizer import load_tokenizer
    from repro.models.xlmr import load_model, positions
    from repro.tasks.common.loading import Telling, generated
    from repro.training.heads import Heads, Layout, kind

    params, folder = AccuracyParameters.read(job.params), job.inputs["model"]
    realm = Realm.of(params.languages, job.seed)
    tokenizer, model = load_tokenizer(folder / "model"), load_model(folder / "model")
    limit = min(params.length, positions(model))
    layouts = {
        name: Layout(own["kind"], tuple(own["labels"])) for name, own in read_json(folder / "heads.json").items()
    }
    heads = Heads(model, layouts, job.seed)
    heads.layers.load_state_dict(load_file(folder / "heads.safetensors"))
    rows = []
    for code in params.targets:
        telling = Telling(language=code, dropped=0.0, confused=0.0)
        for name, counts in params.tasks.items():
            language, own = realm.language(code), kind(layouts[name].kind)
            examples = generated(name, counts, [telling], params.languages.heldout, realm, "test")
            data = own.encode(examples, tokenizer, limit, layouts[name].labels)
            for metric, value in own.measure(heads, name, data).items():
                rows.append(
                    {
                        "language": code,
                        "metric": f"{metric}_{name}",
                        "value": 100 * value,
                        "n": data.decisions,
                        "distance": distance(ENGLISH, language),
                    }
                )
    write_json(job.out / "measurements.json", rows)
