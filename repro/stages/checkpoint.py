"""A published (or any other) XLM-R checkpoint: found, checked, and referred to; it is too large to be copied."""

from __future__ import annotations

from repro.stages import Job, write_json

SOURCES = ("model.py", "checkpoints.py")


def run(job: Job) -> None:
    """Writes `reference.json`: folder, name, revision, and the checksum of every file that decides what it computes."""
    from repro.checkpoints import find, fingerprint
    from repro.model import REFERENCE, check_checkpoint

    folder = find(job.params)
    config = check_checkpoint(folder)
    write_json(
        job.out / REFERENCE,
        {
            "folder": str(folder),
            # A folder that was given is what it is, whatever the rung's own model is called.
            "name": "" if job.params.get("path") else job.params["name"],
            "revision": "" if job.params.get("path") else job.params["revision"],
            "fingerprint": fingerprint(folder),
            "layers": config["num_hidden_layers"],
            "hidden": config["hidden_size"],
        },
    )
