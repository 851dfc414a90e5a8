"""A bundle made of a real search and a judged run: it checks elsewhere, and every kind of damage is found."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import socket
import sqlite3
import zipfile
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from repro.run.gate import Gate, GateOutcome
from repro.run.outcome import Outcome
from synth.bundle import archive, manifest, places
from synth.bundle.check import check
from synth.bundle.write import PaperCount, bundle
from synth.cli import app
from synth.core.errors import SynthError, UsageError
from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.store.database import Store, reading
from synth.verify import run as verification
from synth.verify.statistics.measurement import measured
from tests.search.searched import original  # noqa: F401

SETTINGS = Settings(jobs=1)
MACHINE = re.compile(rb"/(?:tmp|home|root|work|mnt|Users)/[\w.-]")


def judged(workspace):
    """A run of the first claim that an experiment tests, with a laboratory's answer that is made up."""
    with reading(workspace.database) as connection:
        claim = connection.execute(
            "SELECT claim_id FROM link WHERE experiment = 'model-size' ORDER BY strength DESC, id LIMIT 1"
        ).fetchone()[0]
    test = verification.prepare(workspace, claim, "synthetic")
    rule = test.rule
    rows = tuple(
        {"arm": arm, "seed": seed, "language": language, "metric": metric, "n": 500, "distance": place / 4}
        | {"value": 20.0 + seed / 8 + place + (6.5 if arm == rule.treatment else 0.0)}
        for arm in dict.fromkeys((rule.treatment, rule.baseline))
        for seed in test.plan.seeds
        for place, language in enumerate(("aa", "bb", "cc", "dd"))
        for metric in dict.fromkeys((rule.metric, rule.control_metric))
        if metric
    )
    provenance = {
        "commit": "c" * 40,
        "modified": False,
        "python": "3.11.7",
        "versions": {"torch": "2.0", "numpy": None},
        "command": ["synth", "verify", f"--model={workspace.root}/model"],
        "seeds": list(test.plan.seeds),
        "data": {"languages, seed 1": "d" * 64, "mnli": "e" * 64},
    }
    gate = Gate(True, "untuned, above chance", {"chance": 0.2}, (GateOutcome.PASSED,))
    lab = Outcome(rows, gate, (), {}, ({"name": "s", "key": "k", "cached": False, "seconds": 1.0},), provenance)
    outcome = verification.judge(measured(rows), rule, "synthetic", asdict(gate), {}, False, {})
    judged = verification.Judged(lab, measured(rows), outcome, {})
    store = Store(workspace.database)
    verification._record(store, test, verification._register(store, test), judged, 12.5)
    store.close()


@pytest.fixture(scope="module")
def made(original, tmp_path_factory):  # noqa: F811
    """(workspace, bundle): the user's own PDFs are not passed on."""
    root = tmp_path_factory.mktemp("made") / "workspace"
    shutil.copytree(original, root)
    workspace = Workspace(root)
    judged(workspace)
    out = root.parent / "bundle.zip"
    bundle(workspace, SETTINGS, out=out, agent="Ada Example <https://orcid.org/0000-0002-1825-0097>")
    return workspace, out


@pytest.fixture
def unpacked(made, tmp_path):
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(made[1]) as file:
        file.extractall(folder)
    return folder


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    def refuse(*_arguments, **_options):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def holds(result):
    return {one.check: one.holds for one in result.checks}


def problems(result, name):
    return "\n".join(p for one in result.checks if one.check == name for p in [one.detail, *one.problems])


def listed_anew(folder: Path):
    """Give the damaged bundle a list of checksums, and metadata, that fit: only what it says is wrong then."""
    graph = json.loads((folder / places.METADATA).read_text("utf-8"))
    for one in graph["@graph"]:
        if "File" in str(one["@type"]):
            content = (folder / one["@id"]).read_bytes()
            one |= {"sha256": hashlib.sha256(content).hexdigest(), "contentSize": str(len(content))}
    (folder / places.METADATA).write_text(json.dumps(graph), "utf-8")
    files = {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
    files.pop(places.MANIFEST)
    (folder / places.MANIFEST).write_bytes(manifest.written(files))


# ------------------------------------------------------------------------------------------------ as it was made


def test_it_holds_elsewhere_as_far_as_papers_are_there(made):
    result = check(made[1], SETTINGS)
    assert result.ok
    assert not result.complete
    assert holds(result) == {
        "files": True,
        "metadata": True,
        "database": True,
        "specifications": True,
        "quotes": None,
        "verdicts": True,
        "report": True,
    }


def test_own_copies_of_the_papers_are_known_by_their_content(made, tmp_path):
    for number, file in enumerate(sorted((made[0].root / "papers").glob("*.pdf"))):
        shutil.copy(file, tmp_path / f"other name {number}.pdf")
    result = check(made[1], SETTINGS, tmp_path)
    assert result.ok
    assert result.complete


def test_the_same_database_gives_the_same_bytes(made, tmp_path):
    agent = "Ada Example <https://orcid.org/0000-0002-1825-0097>"
    bundle(made[0], SETTINGS, out=tmp_path / "again.zip", agent=agent)
    assert (tmp_path / "again.zip").read_bytes() == made[1].read_bytes()


def test_a_moved_workspace_gives_the_same_database(made, tmp_path):
    shutil.copytree(made[0].root, tmp_path / "moved")
    bundle(Workspace(tmp_path / "moved"), SETTINGS, out=tmp_path / "one.zip", agent="A")
    bundle(made[0], SETTINGS, out=tmp_path / "two.zip", agent="A")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_it_names_no_folder_of_the_machine(unpacked, made):
    for file in unpacked.rglob("*"):
        if file.is_file():
            assert not MACHINE.search(file.read_bytes()), file.name
    assert str(made[0].root) in str(list(sqlite3.connect(made[0].database).execute("SELECT provenance FROM run")))


def test_only_quoted_passages_and_no_papers_go_along(made, unpacked):
    count = "SELECT (SELECT count(*) FROM passage), (SELECT count(*) FROM claim), (SELECT count(*) FROM evidence)"
    before = sqlite3.connect(made[0].database).execute(count).fetchone()
    after = sqlite3.connect(unpacked / places.DATABASE).execute(count).fetchone()
    assert 0 < after[0] < before[0]
    assert after[1:] == before[1:]
    assert [path.name for path in unpacked.rglob("*.pdf")] == ["report.pdf"]
    about = json.loads((unpacked / "bundle.json").read_text("utf-8"))
    assert len(about["papers"]) == 4
    assert all(len(one["sha256"]) == 64 and one["file"] == "" for one in about["papers"])


def test_private_bundles_have_the_papers(made, tmp_path):
    written = bundle(made[0], SETTINGS, out=tmp_path / "private", with_pdfs=True)
    assert written.papers == PaperCount(4, 4)
    result = check(tmp_path / "private", SETTINGS)
    assert result.complete
    assert "do not pass this bundle on" in (tmp_path / "private" / "LICENSE.md").read_text("utf-8")
    with pytest.raises(UsageError, match="exists already"):
        bundle(made[0], SETTINGS, out=tmp_path / "private")


def test_the_hash_of_the_specification_is_that_of_its_file(unpacked):
    run = json.loads((unpacked / "runs/run-1/run.json").read_text("utf-8"))
    assert hashlib.sha256((unpacked / "runs/run-1/spec.json").read_bytes()).hexdigest() == run["spec_hash"]


def test_a_run_is_told_as_an_action(unpacked):
    graph = {one["@id"]: one for one in json.loads((unpacked / places.METADATA).read_text("utf-8"))["@graph"]}
    action = graph["#run-1"]
    assert action["@type"] == "CreateAction"
    assert graph[action["instrument"]["@id"]]["softwareVersion"] == "commit " + "c" * 40
    assert graph[action["agent"]["@id"]] == {
        "@id": "https://orcid.org/0000-0002-1825-0097",
        "@type": "Person",
        "name": "Ada Example",
    }
    objects = [graph[one["@id"]] for one in action["object"]]
    [mnli] = [one for one in objects if one.get("sha256") == "e" * 64]
    assert graph[mnli["license"]["@id"]]["url"].startswith("http")
    assert {one["@id"] for one in action["result"]} == {"runs/run-1/measurements.csv", "runs/run-1/verdicts.json"}
    assert "#run-1" in str(graph["./"]["mentions"])


def test_a_workspace_without_runs_or_claims_can_be_bundled(workspace, tmp_path):
    from tests.report.made_up import add_search

    store = Store(workspace.database)
    with store.session() as s:
        add_search(s)
    store.close()
    bundle(workspace, SETTINGS, out=tmp_path / "b.zip")
    assert check(tmp_path / "b.zip", SETTINGS).ok


def test_another_search_stays_behind(workspace, tmp_path):
    from tests.report.made_up import add_search

    store = Store(workspace.database)
    with store.session() as s:
        add_search(s)
        add_search(s, question="Another question?", papers=False)
    store.close()
    bundle(workspace, SETTINGS, 1, tmp_path / "b")
    database = sqlite3.connect(tmp_path / "b" / places.DATABASE)
    assert database.execute("SELECT id FROM search").fetchall() == [(1,)]
    assert b"Another question" not in (tmp_path / "b" / places.DATABASE).read_bytes()
    triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
    assert database.execute(triggers).fetchone() == sqlite3.connect(workspace.database).execute(triggers).fetchone()


def test_two_files_of_one_name_stay_two_records(workspace, tmp_path):
    from tests.report.made_up import add_search

    store = Store(workspace.database)
    with store.session() as s:
        add_search(s)
    with sqlite3.connect(workspace.database) as db:
        for number, folder in ((1, "one"), (2, "two")):
            path = f"/home/somebody/{folder}/paper.pdf"
            db.execute("UPDATE paper_record SET source_id = ?, source = 'local' WHERE id = ?", (path, number))
    db.close()
    store.close()
    bundle(workspace, SETTINGS, 1, tmp_path / "b")
    database = sqlite3.connect(tmp_path / "b" / places.DATABASE)
    found = [row[0] for row in database.execute("SELECT source_id FROM paper_record WHERE id < 3 ORDER BY id")]
    assert found == ["…/paper.pdf", "…/paper.pdf (2)"]


# ------------------------------------------------------------------------------------------------ damage


def test_changed_missing_and_added_files_are_named(unpacked):
    (unpacked / "README.md").write_text("changed")
    (unpacked / "references/references.bib").unlink()
    (unpacked / "added.txt").write_text("x")
    result = check(unpacked, SETTINGS)
    assert not result.ok
    found = problems(result, "files")
    assert "README.md: changed" in found
    assert "references/references.bib: missing" in found
    assert "added.txt: added" in found


def change(folder, *statements):
    """Change the database behind the back of its triggers."""
    with sqlite3.connect(folder / places.DATABASE) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        for one in statements:
            assert db.execute(one).rowcount > 0, one
        for _, sql in triggers:
            db.execute(sql)
    db.close()


def copied(folder, verdict):
    """The run's file says what the damaged database says."""
    file = folder / "runs/run-1/verdicts.json"
    row = json.loads(file.read_text("utf-8"))
    row[0]["verdict"] = verdict
    file.write_bytes((json.dumps(row, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode())


@pytest.mark.parametrize(
    ("statement", "checks"),
    [
        ("UPDATE verdict SET verdict = 'reproduced'", {"specifications", "verdicts", "report"}),
        ("UPDATE verdict SET ci_low = ci_low + 0.01", {"specifications", "verdicts"}),
        ("UPDATE measurement SET value = value + 5 WHERE seed = 1 AND arm = 'large'", {"specifications", "verdicts"}),
        ("UPDATE run SET spec = replace(spec, '\"sesoi\": 1.0', '\"sesoi\": 0.1')", {"specifications"}),
        ("UPDATE run SET registered = '2999-01-01T00:00:00Z'", {"specifications"}),
        ("UPDATE claim SET text = text || ' indeed'", {"report"}),
        ("DELETE FROM measurement WHERE seed = 3", {"verdicts"}),
    ],
)
def test_a_lie_in_the_database_is_found_though_every_checksum_fits(unpacked, statement, checks):
    change(unpacked, statement)
    listed_anew(unpacked)
    result = check(unpacked, SETTINGS)
    found = holds(result)
    assert found["files"]
    assert found["metadata"]
    assert checks <= {name for name, one in found.items() if one is False}


def test_a_verdict_that_is_changed_everywhere_does_not_follow(unpacked):
    change(unpacked, "UPDATE verdict SET verdict = 'direction contradicted'")
    copied(unpacked, "direction contradicted")
    listed_anew(unpacked)
    result = check(unpacked, SETTINGS)
    assert holds(result)["specifications"]
    assert "verdict “direction contradicted” is now “direction supported”" in problems(result, "verdicts")


def test_an_altered_quote_is_not_in_the_paper(unpacked, made):
    change(unpacked, "UPDATE passage SET quote = 'Teapots help.' WHERE id = (SELECT min(passage_id) FROM claim_source)")
    listed_anew(unpacked)
    result = check(unpacked, SETTINGS, made[0].root / "papers")
    assert holds(result)["quotes"] is False
    assert "Teapots help." in problems(result, "quotes")


def test_a_report_with_another_number_is_found(unpacked):
    file = unpacked / "reports/search-1/report.md"
    file.write_text(file.read_text("utf-8").replace("+6.50", "+9.50"), "utf-8")
    listed_anew(unpacked)
    result = check(unpacked, SETTINGS)
    assert holds(result)["report"] is False
    assert "report.md: is not what the database gives" in problems(result, "report")


def test_a_report_of_another_program_is_not_judged(unpacked):
    about = json.loads((unpacked / "bundle.json").read_text("utf-8"))
    (unpacked / "bundle.json").write_text(json.dumps(about | {"renderer": "0"}), "utf-8")
    listed_anew(unpacked)
    result = check(unpacked, SETTINGS)
    assert holds(result)["report"] is None
    assert result.ok


HOSTILE_SQL = {
    "a view": "CREATE VIEW v AS SELECT 1",
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON paper BEGIN DELETE FROM claim; END",
    "a table": "CREATE TABLE more (x)",
    "a missing index": "DROP INDEX ix_paper_doi",
}


@pytest.mark.parametrize("name", HOSTILE_SQL)
def test_a_database_has_the_schema_of_synth_or_is_not_used(unpacked, name):
    with sqlite3.connect(unpacked / places.DATABASE) as db:
        db.execute(HOSTILE_SQL[name])
    db.close()
    listed_anew(unpacked)
    result = check(unpacked, SETTINGS)
    assert holds(result)["database"] is False
    assert "a schema that synth does not make" in problems(result, "database")
    assert holds(result)["verdicts"] is None


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda file: file.write_bytes(b"no database" * 999), "not a usable SQLite database"),
        (lambda file: file.write_bytes(b""), "empty"),
        (lambda file: file.write_bytes(file.read_bytes()[:40_000]), "not a usable SQLite database"),
    ],
)
def test_what_is_no_database_is_not_used(unpacked, damage, said):
    damage(unpacked / places.DATABASE)
    listed_anew(unpacked)
    result = check(unpacked, SETTINGS)
    assert holds(result)["database"] is False
    assert said in problems(result, "database")


def test_a_newer_schema_asks_for_a_newer_synth(unpacked):
    change(unpacked, "UPDATE alembic_version SET version_num = '9999'")
    listed_anew(unpacked)
    assert "which this synth does not know" in problems(check(unpacked, SETTINGS), "database")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"@graph": [1]}', b"[" * 200_000, b'{"@graph": [{"@id": "./"}]}', b"\xff\xfe"]
)
def test_metadata_that_is_none(unpacked, content):
    (unpacked / places.METADATA).write_bytes(content)
    result = check(unpacked, SETTINGS)
    assert holds(result)["metadata"] is False
    assert holds(result)["verdicts"]


def test_huge_metadata_is_not_read(unpacked, monkeypatch):
    monkeypatch.setattr("synth.bundle.check.MAX_TEXT", 1000)
    assert "more than 1,000 bytes" in problems(check(unpacked, SETTINGS), "metadata")


@pytest.mark.parametrize("spec", ["{}", "[]", "null", '{"rule": 3}', '{"rule": {"treatment": []}}'])
def test_specifications_that_are_none(unpacked, spec):
    change(unpacked, f"UPDATE run SET spec = '{spec}'")
    listed_anew(unpacked)
    result = check(unpacked, SETTINGS)
    assert holds(result)["specifications"] is False
    assert holds(result)["verdicts"] is not True


def test_a_cut_file_and_one_with_a_wrong_byte(made, tmp_path):
    content = made[1].read_bytes()
    (tmp_path / "cut.zip").write_bytes(content[: len(content) // 2])
    with pytest.raises(SynthError, match="no ZIP file, or a cut one"):
        check(tmp_path / "cut.zip", SETTINGS)
    wrong = bytearray(content)
    at = content.index(b"db/synth.db") + 5000
    wrong[at] ^= 0xFF
    (tmp_path / "wrong.zip").write_bytes(wrong)
    result = check(tmp_path / "wrong.zip", SETTINGS)
    assert not result.ok
    assert "db/synth.db: cannot be read" in problems(result, "files")


def test_a_link_to_a_file_of_the_machine_is_not_followed(unpacked):
    (unpacked / places.DATABASE).unlink()
    (unpacked / places.DATABASE).symlink_to("/etc/passwd")
    result = check(unpacked, SETTINGS)
    assert "refused: 'db/synth.db' is a link or a device" in problems(result, "files")
    assert holds(result)["database"] is False


def test_what_is_no_bundle_is_said_to_be_none(tmp_path):
    with pytest.raises(SynthError, match="it is no bundle of synth"):
        check(tmp_path, SETTINGS)
    with pytest.raises(UsageError, match="There is no"):
        check(tmp_path / "nothing.zip", SETTINGS)


def test_an_interrupted_folder_does_not_appear(tmp_path, monkeypatch):
    def stop(_self, _content):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", stop)
    with pytest.raises(KeyboardInterrupt):
        archive.write_folder(tmp_path / "b", {"a": b"1"})
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------------ the profile


def test_the_crate_passes_its_validator(made, tmp_path):
    """At REQUIRED, offline: of the network it wants one JSON-LD context, which it finds in its cache.

    That is the context which the library `rocrate` has with it. It is a newer one than the crate names, 1.1's own being
    in no package; every term that the crate uses is the same in both but sha256, which the crate defines itself.
    """
    services = pytest.importorskip("rocrate_validator.services")
    from rocrate_validator.models import Severity

    cached(tmp_path / "cache", "https://w3id.org/ro/crate/1.1/context")
    result = services.validate(
        services.ValidationSettings(
            rocrate_uri=made[1],
            profile_identifier="process-run-crate-0.5",
            requirement_severity=Severity.REQUIRED,
            offline=True,
            cache_path=tmp_path / "cache",
        )
    )
    assert result.passed(), [issue.message for issue in result.get_issues()]
    assert len(result.executed_checks) > 20


def cached(cache, address):
    """Put the library's own context into the validator's cache under `address`."""
    import rocrate
    from requests.adapters import HTTPAdapter
    from requests_cache import CachedSession
    from urllib3.response import HTTPResponse

    content = (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes()

    class Served(HTTPAdapter):
        def send(self, request, **_options):
            headers = {"Content-Type": "application/ld+json"}
            return self.build_response(request, HTTPResponse(io.BytesIO(content), headers, 200, preload_content=False))

    session = CachedSession(cache_name=str(cache), expire_after=-1, backend="sqlite")
    session.mount("https://", Served())
    assert session.get(address).status_code == 200
    session.close()


# ------------------------------------------------------------------------------------------------ command line


def run(*arguments):
    return CliRunner().invoke(app, ["bundle", *map(str, arguments)])


def test_the_command_line_ends_by_what_it_found(made, unpacked, tmp_path, monkeypatch):
    monkeypatch.setenv("SYNTH_HOME", str(tmp_path / "empty"))
    good = run("--check", made[1], "--json")
    assert good.exit_code == 0
    assert json.loads(good.stdout)["ok"]
    shown = run("--check", made[1])
    assert "✓ verdicts: 1 verdicts follow from their measurements." in shown.stdout
    (unpacked / "README.md").write_text("changed")
    bad = run("--check", unpacked)
    assert isinstance(bad.exception, SynthError)
    assert "does not hold: files, metadata" in bad.exception.what
    assert "README.md: changed" in bad.stdout
    assert isinstance(run("--papers", tmp_path).exception, UsageError)
    assert isinstance(run("--license", "none of yours").exception, UsageError)
    assert not (tmp_path / "empty").exists()
