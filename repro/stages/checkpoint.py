"""A published (or any other) XLM-R checkpoint: found, checked, and referred to; it is too large to be copied.

One that is XLM-R's in all but its names, or packed in few bits, is written out as an XLM-R checkpoint.
"""

from __future__ import annotations

from repro.models.checkpoints import CheckpointParameters
from repro.stages import Job, write_json

SOURCES = ("models/xlmr.py", "models/checkpoints.py", "models/conversion.py", "models/e5file.py", "models/charsmap.py")


def run(job: Job) -> None:
    """Write `reference.json`: folder, name, revision, and the checksum of every file that decides what it computes.

    Of a converted checkpoint: `model/`, and the same without folder in `source.json`.
    """
    from repro.models.checkpoints import find, fingerprint, is_converted
    from repro.models.conversion import from_bert, unpack
    from repro.models.e5file import E5File
    from repro.models.xlmr import REFERENCE, check_checkpoint

    place, stated = find(job.params), CheckpointParameters.read(job.params)
    converted = is_converted(place)
    if converted:
        if place.is_file():
            unpack(E5File(place), job.out / "model")
        else:
            from_bert(place, job.out / "model")
    config = check_checkpoint(job.out / "model" if converted else place)
    facts = {
        # A folder that was given is what it is, whatever the fidelity's own model is called.
        "name": "" if stated.path else stated.name,
        "revision": "" if stated.path else stated.revision,
        "fingerprint": fingerprint(place),
        "layers": config["num_hidden_layers"],
        "hidden": config["hidden_size"],
    }
    if converted:
        write_json(job.out / "source.json", {"file": place.name, **facts})
    else:
        write_json(job.out / REFERENCE, {"folder": str(place), **facts})
