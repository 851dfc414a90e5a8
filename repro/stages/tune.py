"""Train a model on one task or several, in English or in a (machine-translated) generated language."""

from __future__ import annotations

from repro.stages import Job, write_json

SOURCES = ("languages.py", "words.toml", "tasks/__init__.py", "heads.py", "model.py", "training.py", "tokenizer.py")


def run(job: Job) -> None:
    """Writes `model/`, `heads.safetensors` and `training.json` with every task's own accuracy on dev examples.

    `params.sources` says what to learn from: a list of {language, dropped, confused}. Each source gives as many
    examples as `params.examples` says; the number of steps does not depend on how many sources there are. Dev examples
    are clean and of the first source's language.
    """
    from safetensors.torch import save_file

    from repro.heads import Heads, accuracy, encode_examples, task_examples, task_loss
    from repro.languages import Realm
    from repro.model import load_model, save_model
    from repro.tasks import learnt, task
    from repro.tokenizer import load_tokenizer
    from repro.training import Schedule, fit

    params = job.params
    realm = Realm.of(params["languages"], job.seed)
    tokenizer = load_tokenizer(job.inputs["model"] / "model")
    model = load_model(job.inputs["model"] / "model")
    examples = {name: task_examples(name, realm, params, "train") for name in params["tasks"]}
    train = {name: encode_examples(found, tokenizer) for name, found in examples.items()}
    heads = Heads(model, params["tasks"], job.seed)
    schedule = Schedule(**params["schedule"])
    losses = fit(
        heads,
        task_loss(heads, train, schedule.batch, job.seed),
        schedule,
        job.seed,
        job.partial / "checkpoint.safetensors",
        job.progress,
    )
    summary = {}
    for name in params["tasks"]:
        dev_examples = task_examples(name, realm, params, "dev")
        dev = encode_examples(dev_examples, tokenizer)
        score, shortcut = accuracy(heads, name, dev), task(name).shortcut(examples[name], dev_examples)
        summary[name] = {
            "accuracy": score,
            "shortcut": shortcut,
            "chance": 1 / len(task(name).LABELS),
            "decisions": dev.decisions,
            "learnt": learnt(score, shortcut, dev.decisions),
            "labels": list(task(name).LABELS),
        }
    save_model(model, job.out / "model")
    tokenizer.save_pretrained(job.out / "model")
    save_file(heads.layers.state_dict(), job.out / "heads.safetensors")
    write_json(job.out / "training.json", {"tasks": summary, "losses": losses})
