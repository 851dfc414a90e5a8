"""Texts of a bundle for people: README.md and LICENSE.md. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synth.bundle.runs import BundledRun
from synth.report.markdown import autolink, md
from synth.store.rows.searches import SearchView


@dataclass(frozen=True)
class BundledPaper:
    """A paper that was read: its checksum and address, and its file where it is in the bundle."""

    paper: int
    title: str
    address: str
    sha256: str
    file: str
    licence: str


def readme(
    search: SearchView, title: str, papers: Sequence[BundledPaper], runs: Sequence[BundledRun], private: bool
) -> str:
    """Describe what is in the bundle, how to check it, and what is not in it."""
    number = search.id
    missing = [row for row in papers if not row.file]
    lines = [
        f"# {md(title)}",
        "",
        f"A bundle of `synth`: what the literature says on “{md(search.question)}”, and what experiments measured.",
        "",
        "| file | what it is |",
        "|---|---|",
        f"| `reports/search-{number}/` | the report with its pictures |",
        "| `db/synth.db` | the database (SQLite) that the report is made of |",
        "| `db/pdfs/` | papers, as far as they may be passed on |",
        "| `runs/` | each run: registered specification, environment, measurements, verdicts |",
        "| `references/` | the papers as BibTeX, RIS and CSL-JSON |",
        "| `ro-crate-metadata.json` | the same for programs: a Process Run Crate |",
        "| `bundle.json` | what the papers are, by checksum and address |",
        "| `manifest-sha256.txt` | the checksum of every file |",
        "",
        "Check it with `synth bundle --check FOLDER-OR-ZIP`, or the checksums alone with "
        "`sha256sum --check manifest-sha256.txt`. The sha256 of `runs/run-N/spec.json` is the hash that was "
        "registered before run N.",
        "",
        f"Runs: {len(runs)}. Papers read: {len(papers)}, of which {len(missing)} are not in here.",
        "",
    ]
    if missing:
        lines += [
            "Quotes from these papers can be checked against your own copies (`--papers FOLDER`), which are known by "
            "their sha256:",
            "",
            *[
                f"- {md(row.title or 'without a title')}: {autolink(row.address) or 'no address known'}, `{row.sha256}`"
                for row in missing
            ],
            "",
        ]
    if private:
        lines += ["**For private use:** it has the papers and their full text, whatever their licences say.", ""]
    return "\n".join(lines).rstrip() + "\n"


def licence_text(papers: Sequence[BundledPaper], address: str, private: bool) -> str:
    """Say what may be done with which part."""
    own = (
        f"Report, measurements and database, as far as whoever made this bundle has rights in them: <{address}>."
        if address
        else "Whoever made this bundle named no licence for the report, the measurements and the database: ask them."
    )
    lines = [
        "# Licences",
        "",
        f"- {own}",
        "- Quotes from papers, titles and abstracts belong to their authors and publishers.",
        "- Data sets and models are not in here; `ro-crate-metadata.json` names each with its licence.",
    ]
    licensed = [row for row in papers if row.file and row.licence]
    lines += [f"- `{row.file}`: <{row.licence}>." for row in licensed]
    others = [row for row in papers if row.file and not row.licence]
    if private and others:
        lines.append(
            f"- {len(others)} more PDFs are in here for private use; their licences are not known, so do not pass this "
            "bundle on."
        )
    return "\n".join(lines) + "\n"
