"""Every parser of what strangers write, given noise and damaged examples: a value, or an error that says what to do.

PARSERS is the list. Parsers with tests of their own are named in docs/security.md.
"""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repro import experiments
from repro.data import catalogue
from repro.errors import LabError
from synth.bundle import archive
from synth.bundle import manifest as bundle_manifest
from synth.core.errors import SynthError, UnreadablePdf, UsageError
from synth.core.settings import load
from synth.library import file as library
from synth.library.imports import import_dump
from synth.pdf.guard import Limits, read_pdfs
from synth.screening import decision_file
from synth.screening.decision_store import ScreenedWork
from synth.sources import manifest
from synth.sources.http import atom, jsonapi
from synth.sources.http.answers import Response
from synth.sources.http.client import RetryableError
from synth.sources.providers.references import read_references as references
from synth.text.lexicon import load_lexicon
from tests.attack import mutations
from tests.attack.references import FORMS
from tests.library.records import ARXIV, acl_entry
from tests.pdf import hostile
from tests.sources import networks

HOST = "api.example.org"
WORK = ScreenedWork(
    1, "A study", ("Ada",), 2020, "", "https://example.org/1", ("local",), {"doi": "10.5555/1"}, 1, "", "", "", "", ""
)


def _atom(content: bytes, folder: Path) -> None:
    feed = atom.check(content, 200, HOST)
    assert 0 <= feed.total < 2**63
    assert 0 <= feed.start < 2**63


def _json(content: bytes, folder: Path) -> None:
    answer = jsonapi.read(Response(f"https://{HOST}/works", 200, content), "KEY")
    assert 0 <= jsonapi.count(answer.get("total", 0)) < 2**63


def _refusal(content: bytes, folder: Path) -> None:
    jsonapi.read(Response(f"https://{HOST}/works", 403, content), "KEY")


def _manifest(content: bytes, folder: Path) -> None:
    (folder / "papers.csv").write_bytes(content)
    (folder / "a.pdf").touch()
    entries, _ = manifest.read(folder / "papers.csv", inside=True)
    assert all(entry.real.is_relative_to(folder.resolve()) for entry in entries)


def _decisions(content: bytes, folder: Path) -> None:
    (folder / "decisions.csv").write_bytes(content)
    decision_file.decisions(decision_file.read(folder / "decisions.csv"), [WORK])


def _settings(content: bytes, folder: Path) -> None:
    (folder / "synth.toml").write_bytes(content)
    values = load(folder, {})
    assert isinstance(values.author, str)
    assert values.jobs >= 1


def _bundle(content: bytes, folder: Path) -> None:
    (folder / "bundle.zip").write_bytes(content)
    with archive.opened(folder / "bundle.zip") as contents:
        for name in contents.sizes:
            with suppress(SynthError):  # `synth bundle --check` names the file
                contents.read(name, 10_000)


def _checksums(content: bytes, folder: Path) -> None:
    try:
        bundle_manifest.parsed(content)
    except ValueError as error:
        raise SynthError(str(error), "The list is damaged.") from error


def _dump(content: bytes, folder: Path) -> None:
    (folder / "dump.jsonl").write_bytes(content)
    (folder / "library.db").unlink(missing_ok=True)
    with library.writing(folder / "library.db") as connection:
        job = import_dump(connection, folder / "dump.jsonl")
        assert library.records(connection) <= job.lines


def _references(suffix: str) -> Callable[[bytes, Path], None]:
    def read(content: bytes, folder: Path) -> None:
        file = folder / f"works{suffix}"
        file.write_bytes(content)
        assert all(record.title for record in references((file,))[0])

    return read


def _zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("bundle.json", "db/synth.db", "reports/search-1/report.html"):
            packed.writestr(name, f"{name} " * 50)
    return held.getvalue()


def _page(name: str) -> bytes:
    with networks.start(name) as server:
        return networks.page(server, 0, 3, 3)


LINES = "\n".join(json.dumps(entry) for entry in (acl_entry(1), acl_entry(2), ARXIV)).encode()
# name: parser, a proper example
PARSERS: dict[str, tuple[Callable[[bytes, Path], None], bytes]] = {
    "feed (Atom)": (_atom, _page("arxiv")),
    "answer (JSON)": (_json, json.dumps({"total": 2, "works": [{"title": "A study"}]}).encode()),
    "refusal (JSON)": (_refusal, json.dumps({"error": {"message": "Too many requests"}}).encode()),
    "manifest (CSV)": (
        _manifest,
        b"file_location,title,year,doi,arxiv_id,authors\na.pdf,A,2020,10.5555/1,2005.13013,B\n",
    ),
    "decisions (CSV)": (_decisions, b"paper,doi,title,decision,reason\n1,10.5555/1,A study,exclude,off topic\n"),
    "settings (TOML)": (_settings, b'author = "Ada"\njobs = 2\nmax_papers = 20\nparser = "en_core_web_sm"\n'),
    "bundle (ZIP)": (_bundle, _zip()),
    "checksums of a bundle": (_checksums, b"%s  db/synth.db\n%s  report.html\n" % (b"0" * 64, b"a" * 64)),
    "dump (JSON lines)": (_dump, LINES),
    "BibTeX": (_references(".bib"), FORMS[".bib"].encode()),
    "RIS": (_references(".ris"), FORMS[".ris"].encode()),
    "CSL-JSON": (_references(".json"), FORMS[".json"].encode()),
    "PubMed": (_references(".nbib"), b"PMID- 1\nTI  - A study\nAU  - Berg J\nDP  - 2020 May\n\n"),
    "EndNote XML": (
        _references(".xml"),
        b"<xml><records><record><titles><title>A study</title></titles></record></records></xml>",
    ),
}


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from([None, *mutations.TEXT.values()]), st.binary(max_size=200))
def test_a_parser_reads_or_refuses(tmp_path_factory, name, seed, mutation, noise):
    parse, example = PARSERS[name]
    content = noise if mutation is None else mutation(example, random.Random(seed))
    try:
        parse(content, tmp_path_factory.getbasetemp())
    except (SynthError, LabError) as error:
        assert error.do  # noqa: PT017
    except RetryableError as error:
        assert str(error)  # noqa: PT017


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_reads_its_example(tmp_path, name):
    parse, example = PARSERS[name]
    if name == "refusal (JSON)":
        with pytest.raises(SynthError, match="Too many requests"):
            parse(example, tmp_path)
    else:
        parse(example, tmp_path)


NUMBER = re.compile(rb"(?<![\w.-])\d+(?![\w.-])")
DEEP, LONG = b"[" * 100_000, b"9" * 5_000
HARD = {
    "feed (Atom)": PARSERS["feed (Atom)"][1].replace(b"totalResults>3<", b"totalResults>1" + b"0" * 30 + b"<"),
    "answer (JSON)": b'{"total": 1' + b"0" * 30 + b"}",
    "refusal (JSON)": DEEP,
    "settings (TOML)": b"jobs = " + LONG,
    "CSL-JSON": DEEP,
    "dump (JSON lines)": DEEP + b"\n" + LINES,
}


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("content", ["hard", "deep", "long", "long inside"])
def test_depth_and_long_numbers_are_borne(tmp_path, name, content):
    parse, _ = PARSERS[name]
    proper, toml = PARSERS[name][1], b"jobs = " if "TOML" in name else b""
    hard = {"hard": HARD[name], "deep": toml + DEEP, "long": LONG, "long inside": NUMBER.sub(LONG, proper)}[content]
    try:
        parse(hard, tmp_path)
    except (SynthError, RetryableError) as error:
        assert str(error)  # noqa: PT017


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.integers(0, 2**32), st.sampled_from(list(mutations.TEXT.values()))), min_size=6, max_size=6)
)
def test_pdfs_are_read_or_refused(tmp_path_factory, changes):
    folder = tmp_path_factory.mktemp("pdfs")
    for number, (seed, mutation) in enumerate(changes):
        (folder / f"{number}.pdf").write_bytes(mutation(hostile.one_page(), random.Random(seed)))
    files = sorted(folder.iterdir())
    outcomes = dict(read_pdfs(files, 1, Limits(cpu_seconds=5, wall_seconds=60.0)))
    assert list(outcomes) == files
    for outcome in outcomes.values():
        if isinstance(outcome, UnreadablePdf):
            assert outcome.reason not in ("", "crashed")
            assert outcome.do


@pytest.mark.parametrize("text", ["jobs = true", "jobs = 2.5", "jobs = [2]", 'author = ["Ada"]', "author = 2020-01-01"])
def test_a_setting_of_another_type_is_refused(tmp_path, text):
    with pytest.raises(UsageError, match="which is not"):
        _settings(text.encode(), tmp_path)


@pytest.mark.parametrize("text", ['s2_api_key = ["hidden"]', 's2_api_key = { a = "hidden" }', 's2_api_key = "hid den"'])
def test_a_key_that_is_none_is_not_shown(tmp_path, text):
    with pytest.raises(UsageError, match="is no key") as refused:
        _settings(text.encode(), tmp_path)
    assert "hid" not in str(refused.value)


@pytest.mark.parametrize("content", [b"x = " + DEEP, b"x = " + LONG, b"\xff"])
def test_toml_of_others_is_refused_however_deep_or_long(tmp_path, content):
    (tmp_path / "synth.toml").write_bytes(content)
    with pytest.raises(UsageError, match="is not valid TOML"):
        load(tmp_path, {})
    text = content.decode("latin-1")
    for read in (experiments.parse, catalogue.parse):
        with pytest.raises(LabError, match="is not TOML"):
            read(text, "strange.toml")
    (tmp_path / "lexicon.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SynthError, match="is not valid TOML"):
        load_lexicon(tmp_path / "lexicon.toml")
