"""Settings of the sources of a search: folders, files, keys, limits, and where their answers are kept."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from synth.core.errors import UsageError
from synth.core.settings import Settings
from synth.core.workspace import Workspace, place
from synth.models.encoder import Encoder
from synth.search.stored_answers import StoredAnswers
from synth.sources import SourceSettings, dump
from synth.sources.providers import local, references
from synth.store.search_options import SearchOptions
from synth.store.tables import Search

if TYPE_CHECKING:
    from synth.store.job import Job

ACL_DUMP = "acl-anthology/acl_anthology_abstracts.jsonl.xz"


def check_sources(names: Sequence[str], settings: SourceSettings) -> None:
    """Refuse with UsageError, before anything is stored, what could not be read: `local` without a folder of PDFs,
    `references` without a file, a dump that is not there.
    """
    if "local" in names:
        local.read_papers(settings.papers)
    if "references" in names:
        references.read_references(settings.references)
    if "acl" in names:
        dump.checked(settings.acl_dump, "acl", "SYNTH_ACL_DUMP", "a dump of the Anthology's metadata")
    if "arxivdump" in names:
        dump.checked(settings.arxiv_dump, "arxivdump", "SYNTH_ARXIV_DUMP", "a copy of arXiv's bulk metadata")
    if "library" in names and not (settings.library and settings.library.is_file()):
        raise UsageError("This workspace has no library.", "Import a dump first: `synth library import FILE`.")


def source_settings(job: Job, query_id: int | None = None) -> SourceSettings:
    """Build the source settings of `job`; with `query_id`, answers are kept for that query."""
    options = _options(job)
    encoder = Encoder(job.settings.encoder, cache=job.workspace.embeddings)
    settings = replace(settings_for(job.workspace, job.settings, options), encode=encoder.encode)
    replayed = options.replay_of
    if query_id is not None:
        others = (replayed,) if replayed else ()
        settings = replace(settings, answers=StoredAnswers(job.store, job.search_id, query_id, others))
    return replace(settings, offline=bool(replayed), cache_hours=0 if job.fresh or replayed else settings.cache_hours)


def settings_for(workspace: Workspace, settings: Settings, options: SearchOptions) -> SourceSettings:
    """Build the source settings of a search from settings and stored options."""
    return SourceSettings(
        papers=Path(options.papers) if options.papers else None,
        references=tuple(Path(file) for file in options.references),
        acl_dump=_dump(options.acl_dump or settings.acl_dump, workspace, ACL_DUMP),
        arxiv_dump=_dump(options.arxiv_dump or settings.arxiv_dump, workspace, ""),
        library=workspace.library,
        openalex_key=settings.openalex_api_key,
        s2_key=settings.s2_api_key,
        crossref_token=settings.crossref_plus_token,
        contact=settings.contact,
        cache_hours=settings.cache_hours,
        max_pdf_bytes=settings.max_pdf_mb * 2**20,
    )


def _dump(named: str, workspace: Workspace, usual: str) -> Path | None:
    """Return the file that is `named`, else the usual one among the data sets if it is there."""
    if named:
        return place(named)
    folders = [workspace.data, *([place(os.environ["SYNTH_DATA"])] if os.environ.get("SYNTH_DATA") else [])]
    return next((folder / usual for folder in folders if usual and (folder / usual).is_file()), None)


def _options(job: Job) -> SearchOptions:
    with job.store.session() as s:
        return s.get_one(Search, job.search_id).started_with
