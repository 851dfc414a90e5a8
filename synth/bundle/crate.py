"""The bundle's metadata: a Process Run Crate 0.5 (https://w3id.org/ro/wfrun/process/0.5), which extends RO-Crate 1.1.

Every verification run is a CreateAction: the program that ran, when, on what (the registered specification, data sets,
models), and what came of it (measurements, verdicts). Made by the library `rocrate`; pure.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from synth.bundle.places import DATABASE
from synth.bundle.runs import BundledRun, RunInput, folder
from synth.store.rows.runs import StoredRunView
from synth.store.rows.searches import SearchView
from synth.store.rows.stored import StoredProvenance

if TYPE_CHECKING:
    from rocrate.model import Entity
    from rocrate.rocrate import ROCrate

VERSION = "1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
# RO-Crate 1.1 has no term for a checksum; this is the profile's own.
TERMS = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
TYPES = {
    ".md": "text/markdown",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".csv": "text/csv",
    ".bib": "application/x-bibtex",
    ".ris": "application/x-research-info-systems",
    ".db": "application/vnd.sqlite3",
    ".txt": "text/plain",
    ".png": "image/png",
}


@dataclass(frozen=True)
class Subject:
    """Search and runs that a crate describes.

    `moment`: the newest
    time in the database; `agent`: who ran it, or ""; `papers`: those with a licence.
    """

    search: SearchView
    title: str
    description: str
    moment: str
    version: str
    agent: str
    licence: str
    runs: Sequence[BundledRun] = ()
    licences: Mapping[str, str] = field(default_factory=dict)  # path of a PDF → address of its licence


def metadata(subject: Subject, files: Mapping[str, bytes]) -> bytes:
    """Return ro-crate-metadata.json for `files` (path → content)."""
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version=VERSION)
    crate.metadata.extra_terms = dict(TERMS)
    _root(crate, subject)
    _files(crate, subject, files)
    agent = _agent(crate, subject.agent)
    if agent is not None:
        crate.root_dataset["author"] = agent
    actions = [_search(crate, subject, agent)]
    actions += [_run(crate, run, files, agent) for run in subject.runs]
    created = [action for action in actions if action is not None]
    if created:
        crate.root_dataset["mentions"] = created if len(created) > 1 else created[0]
    return (json.dumps(crate.metadata.generate(), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _add(crate: ROCrate, identity: str, kind: str, **properties: object) -> Entity:
    """Add a contextual entity, unless it is there already, and return it. What is empty stays out."""
    from rocrate.model import ContextEntity

    known = crate.get(identity)
    if known is not None:
        return known
    filled = {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in properties.items()
        if value not in ("", None, [])
    }
    return crate.add(ContextEntity(crate, identity, properties={"@type": kind, **filled}))


def _root(crate: ROCrate, subject: Subject) -> None:
    root = crate.root_dataset
    root["name"] = subject.title
    root["description"] = subject.description
    root["datePublished"] = moment(subject.moment)
    root["conformsTo"] = _add(crate, PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    if subject.licence.startswith("http"):
        root["license"] = _add(crate, subject.licence, "CreativeWork", name=subject.licence, url=subject.licence)


def _files(crate: ROCrate, subject: Subject, files: Mapping[str, bytes]) -> None:
    for path, content in sorted(files.items()):
        properties: dict[str, object] = {
            "name": path,
            "contentSize": str(len(content)),
            "encodingFormat": TYPES.get(PurePosixPath(path).suffix, "application/octet-stream"),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        if path == "LICENSE.md":
            properties |= {"@type": ["File", "CreativeWork"], "description": "What may be done with which part."}
        if address := subject.licences.get(path):
            properties["license"] = {"@id": _add(crate, address, "CreativeWork", name=address, url=address).id}
        crate.add_file(dest_path=path, properties=properties)
    if not subject.licence.startswith("http"):
        crate.root_dataset["license"] = crate.get("LICENSE.md")


def _agent(crate: ROCrate, agent: str) -> Entity | None:
    """Describe a person by name, with an ORCID where one is given: "Ada Lovelace <https://orcid.org/…>"."""
    match = re.fullmatch(r"\s*([^<>]+?)\s*(?:<(https://orcid\.org/[\dX-]{19})>)?\s*", agent)
    if not match:
        return None
    return _add(crate, match[2] or "#agent", "Person", name=match[1])


def _search(crate: ROCrate, subject: Subject, agent: Entity | None) -> Entity | None:
    """Add the search itself; left out while it is not done."""
    search = subject.search
    if not search.finished:
        return None
    instrument = _add(
        crate, f"#synth-{subject.version}", "SoftwareApplication", name="synth", softwareVersion=subject.version
    )
    question = _add(crate, "#question", "PropertyValue", name="question", value=search.question)
    queries = [
        _add(crate, f"#query-{row.id}", "PropertyValue", name=f"query to {row.source}", value=row.query)
        for row in search.sources
    ]
    return _add(
        crate,
        f"#search-{search.id}",
        "CreateAction",
        name=f"Search {search.id}",
        description="Papers found, read and turned into claims with evidence. The instrument is the program that made "
        "this bundle; which version searched is not recorded.",
        instrument=instrument,
        agent=agent,
        startTime=moment(search.created),
        endTime=moment(search.finished),
        object=[question, *queries],
        result=[crate.get(DATABASE)],
    )


# ------------------------------------------------------------------------------------------------ runs


def _run(crate: ROCrate, bundled: BundledRun, files: Mapping[str, bytes], agent: Entity | None) -> Entity:
    run, place = bundled.run, folder(bundled.run)
    failed = run.state == "failed"
    results = [crate.get(f"{place}/{name}") for name in ("measurements.csv", "verdicts.json")]
    inputs = [_input(crate, result) for result in bundled.inputs]
    settings = [
        _add(
            crate,
            f"#run-{run.id}-{name}",
            "PropertyValue",
            name=name,
            value=value if isinstance(value, str) else json.dumps(value, sort_keys=True),
        )
        for name, value in _configuration(run).items()
    ]
    return _add(
        crate,
        f"#run-{run.id}",
        "CreateAction",
        name=f"Run {run.id}: {run.experiment}, {run.contrast}, at fidelity {run.fidelity}",
        description=f"Test of claim {run.claim_id} by experiment; registered {run.registered}, specification "
        f"{run.spec_hash}.",
        instrument=_instrument(crate, run.provenance),
        agent=agent,
        startTime=moment(run.started),
        endTime=moment(run.finished),
        actionStatus=f"http://schema.org/{'Failed' if failed else 'Completed'}ActionStatus",
        error=run.error if failed else "",
        object=[crate.get(f"{place}/spec.json"), crate.get(f"{place}/run.json"), *inputs, *settings],
        result=[result for result in results if result is not None],
    )


def _configuration(run: StoredRunView) -> dict[str, object]:
    """List the settings that a reader asks for first; the whole stands in the specification."""
    recorded: Mapping[str, object] = run.provenance
    names = ("seeds", "command", "device", "platform", "python", "cores", "processes")
    return {name: recorded[name] for name in names if recorded.get(name)}


def _instrument(crate: ROCrate, provenance: StoredProvenance) -> Entity:
    """Describe the laboratory at its commit, with the libraries that numbers depend on."""
    commit = provenance.get("commit") or ""
    version = (f"commit {commit}" + (", modified" if provenance.get("modified") else "")) if commit else "not recorded"
    needs = [
        _add(
            crate,
            f"https://pypi.org/project/{name}/#{release}",
            "SoftwareApplication",
            name=name,
            softwareVersion=release,
            url=f"https://pypi.org/project/{name}/",
        )
        for name, release in sorted(provenance.get("versions", {}).items())
        if release
    ]
    digest = hashlib.sha256(json.dumps([version, provenance.get("versions")], sort_keys=True).encode()).hexdigest()[:12]
    return _add(
        crate,
        f"#laboratory-{digest}",
        "SoftwareApplication",
        name="the laboratory of synth (repro)",
        softwareVersion=version,
        softwareRequirements=needs,
    )


def _input(crate: ROCrate, source: RunInput) -> Entity:
    """Describe a data set or model, with its address and licence where the catalogue has them."""
    # By its checksum: two runs may have used two states of one data set.
    name = re.sub(r"[^a-z0-9]+", "-", source.name.lower())
    identity = f"#data-{name}-{source.sha256[:12]}" if source.sha256 else f"#model-{name}"
    licence = source.licence_url
    return _add(
        crate,
        identity,
        "CreativeWork",
        name=source.name,
        description=source.description,
        url=source.homepage,
        sha256=source.sha256,
        license=_add(crate, licence, "CreativeWork", name=source.licence, url=licence) if licence else "",
    )


def moment(time: str | None) -> str:
    """Format an ISO 8601 time as the profile's validator wants it: with its offset in numbers. "" for none."""
    return (time or "").replace("Z", "+00:00")
