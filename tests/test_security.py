"""What docs/security.md says is shut: addresses, documents of strangers, paths, code, texts on their way out."""

from __future__ import annotations

import ast
import csv
import importlib
import io
import json
import re
import socket
import sys
import threading
from functools import reduce
from pathlib import Path

import pytest

from synth.bundle import runs
from synth.cli.terminal.visible import Visible, escaped, shown
from synth.core.errors import SourceError, SynthError
from synth.core.workspace import Workspace
from synth.export import references
from synth.sources import SourceSettings
from synth.sources.http.client import Web
from synth.sources.http.guard import _private, check_address
from synth.store.rows.runs import MeasurementView
from synth.store.rows.searches import ReferenceView
from tests import forked
from tests.blank import blank
from tests.servers.file_server import FileServer

ROOT = Path(__file__).parent.parent
NOBODY: frozenset = frozenset()

# ------------------------------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    "host",
    (
        "127.0.0.1 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 255.255.255.255 "
        "::1 :: fe80::1 fc00::1 ff02::1 fec0::1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::127.0.0.1 64:ff9b::7f00:1 "
        "64:ff9b::a9fe:a9fe 2002:7f00:1:: 2002:c0a8:101::1 2001:0:7f00:1:: 2001:db8::1 fe80::1%eth0"
    ).split(),
)
def test_addresses_inside_are_private_however_they_are_wrapped(host):
    assert _private(host)
    with pytest.raises(SourceError, match="private network|no address"):
        check_address(f"http://[{host}]/x" if ":" in host else f"http://{host}/x", NOBODY)


@pytest.mark.parametrize("host", "8.8.8.8 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1".split())
def test_addresses_outside_are_not(host):
    assert not _private(host)


@pytest.mark.parametrize("url", "file:///etc/passwd ftp://x.example/a gopher://x/1 //x/y http:// data:,x".split())
def test_no_other_scheme_is_asked(url):
    with pytest.raises(SourceError):
        check_address(url, NOBODY)


@pytest.fixture
def listener():
    """A socket on this machine that notes every byte it is sent."""
    heard: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            peer.settimeout(0.5)
            try:
                heard.append(peer.recv(4096))
            except OSError:
                heard.append(b"")
            peer.close()

    threading.Thread(target=listen, daemon=True).start()
    yield server.getsockname()[1], heard
    server.close()


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "localtest.example"])
def test_a_name_or_number_that_leads_inside_is_told_nothing(scheme, host, listener, monkeypatch):
    """Decimal, hexadecimal and octal forms, and a name that the resolver takes to this machine."""
    port, heard = listener
    known = socket.getaddrinfo

    def resolver(name, *rest, **more):
        return known("127.0.0.1" if name == "localtest.example" else name, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    monkeypatch.setenv("no_proxy", "*")
    web = Web((), 0.0, SourceSettings(attempts=1), host="x.example")
    with pytest.raises(SourceError) as failure:
        web.ask(f"{scheme}://{host}:{port}/x", lambda head, chunks: b"".join(chunks), seconds=5, max_bytes=99)
    assert "private network" in failure.value.what or "resolved" in failure.value.what
    assert not any(heard)  # not even the greeting of TLS


def test_a_name_that_changes_between_check_and_use_is_seen_where_it_leads(listener, monkeypatch):
    """DNS rebinding: it is not the answer of the resolver that is believed but the peer that was connected."""
    port, heard = listener
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1", "127.0.0.1"])
    known = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda name, *r, **m: known(next(answers), *r, **m))
    socket.getaddrinfo("rebinding.example", port)  # whoever checks the name beforehand is shown a public address
    monkeypatch.setenv("no_proxy", "*")
    web = Web((), 0.0, SourceSettings(attempts=1), host="x.example")
    with pytest.raises(SourceError, match="private network"):
        web.ask(f"http://rebinding.example:{port}/x", lambda head, chunks: b"", seconds=5, max_bytes=99)
    assert not any(heard)


# ------------------------------------------------------------------------------------------ documents of strangers

BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file://{secret}">]>'


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "secret.txt"
    file.write_text("the word nobody knows")
    return file


def test_entities_of_a_feed_are_refused(secret):
    from synth.sources.http.atom import check

    feed = f'<?xml version="1.0"?>{BOMB.format(secret=secret)}<feed xmlns="http://www.w3.org/2005/Atom">&b;&c;</feed>'
    with pytest.raises(SourceError, match="document type declaration"):
        check(feed.encode(), 200, "export.arxiv.org")


def test_entities_of_reference_files_and_of_markup_in_titles_read_no_file(secret):
    from synth.sources import fields
    from synth.sources.formats import endnotexml

    record = "<record><titles><title>A title of sorts &c; &b;</title></titles></record>"
    told = endnotexml.read(f"{BOMB.format(secret=secret)}<xml><records>{record}</records></xml>")
    assert "nobody knows" not in repr(told)
    assert "haha" not in repr(told)
    assert "nobody knows" not in fields.unmarked(f"{BOMB.format(secret=secret)}<i>A title</i> &c;")


# ------------------------------------------------------------------------------------------ paths and links


@pytest.mark.parametrize("name", ["../outside.pdf", "db/../../outside.pdf", "db/pdfs/link.pdf"])
def test_a_name_in_a_database_does_not_lead_out_of_the_workspace(tmp_path, name):
    workspace = Workspace(tmp_path / "workspace")
    workspace.pdfs.mkdir(parents=True)
    (tmp_path / "outside.pdf").write_bytes(b"%PDF-")
    (workspace.pdfs / "link.pdf").symlink_to(tmp_path / "outside.pdf")
    with pytest.raises(SynthError, match="leads out of the workspace"):
        workspace.absolute(name)
    assert workspace.absolute("db/pdfs/a.pdf") == workspace.pdfs / "a.pdf"
    assert workspace.absolute(str(tmp_path / "outside.pdf")) == tmp_path / "outside.pdf"  # the user's own


# ------------------------------------------------------------------------------------------ code

FILES = [file for package in ("synth", "repro") for file in sorted((ROOT / package).rglob("*.py"))]
UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "yaml", "xmlrpc"}


def test_nothing_that_strangers_write_is_run_as_code():
    """No pickles, no eval, no shell, no code of a model's repository; templates come from the package alone."""
    wrong = []
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            wrong += [f"{file.name}: {name}" for name in names if name.split(".")[0] in UNSAFE_MODULES]
            if isinstance(node, ast.Call):
                wrong += [f"{file.name}:{node.lineno} {why}" for why in _unsafe_call(node)]
    assert not wrong


def _unsafe_call(node: ast.Call):
    name = ast.unparse(node.func)
    given = {word.arg: ast.unparse(word.value) for word in node.keywords}
    if name in ("eval", "exec", "compile", "__import__", "os.system", "os.popen"):
        yield name
    if name == "torch.load" and given.get("weights_only") != "True":
        yield "torch.load without weights_only"
    if name.endswith(("np.load", "numpy.load")) and given.get("allow_pickle") != "False":
        yield "numpy.load without allow_pickle=False"
    if given.get("trust_remote_code", "False") != "False" or given.get("shell", "False") != "False":
        yield "a model's own code, or a shell"
    if name.endswith(("FileSystemLoader", "from_string")) or (name == "Template" and node.args):
        yield "a template that is not the package's"
    if name.endswith("XMLParser") and (given.get("resolve_entities") != "False" or given.get("no_network") != "True"):
        yield "an XML parser that resolves entities"


# ------------------------------------------------------------------------------------------ texts on their way out

HOSTILE = "A\x1b]0;owned\x07 \x1b[2J\x1b[31mred\x1b[0m \x9b5n \u202egnp.exe\u2066 title\x00\x08"


def test_a_terminal_obeys_nothing_that_is_shown():
    stream = io.StringIO()
    print(HOSTILE, file=Visible(stream))
    assert stream.getvalue() == "A red  gnp.exe title\n"
    assert shown("two\nlines\tof text, e\u0301, עברית") == "two\nlines\tof text, e\u0301, עברית"


def test_json_carries_what_was_there_and_shows_none_of_it():
    told = escaped(json.dumps({"title": HOSTILE}, ensure_ascii=False, indent=2))
    assert json.loads(told) == {"title": HOSTILE}
    assert shown(told) == told


def test_the_commands_print_titles_that_obey_nobody(home, tmp_path):
    refs = tmp_path / "refs.json"
    refs.write_text(json.dumps([{"type": "article-journal", "title": HOSTILE, "DOI": f"10.1000/{n}"} for n in (1, 2)]))
    command = [sys.executable, "-m", "synth", "search", "Do kettles help?", "--import", str(refs)]
    done = forked.run(command, cwd=ROOT, check=True, timeout=300)
    listed = forked.run([*command[:3], "papers", "--json"], cwd=ROOT, check=True, timeout=300)
    for output in (done.stdout, done.stderr, listed.stdout):
        text = output.decode()
        assert shown(text) == text
    assert b"gnp.exe" in listed.stdout


def test_a_spreadsheet_runs_nothing():
    rows = [MeasurementView('=HYPERLINK("http://evil")', 1, "@x", "+1", -2.5, 3)]
    _, told = list(csv.reader(io.StringIO(runs._table(rows).decode())))
    assert told == ['\'=HYPERLINK("http://evil")', "1", "'@x", "'+1", "-2.5", "3"]


@pytest.mark.parametrize(
    "title",
    [
        "Kettles}\n}\n@article{evil, title={Owned}",
        "Kettles\nER  - \nTY  - JOUR\nTI  - Owned",
        "Kettles\r\nER  - \r\nTY  - JOUR\r\nTI  - Owned",
        "Kettles \\input{/etc/passwd} \\write18{rm} of the town",
        "Kettles {unbalanced of the town",
        "Kettles % of the town \\",
        '"}], {"title": "Owned',
    ],
)
@pytest.mark.parametrize("form", ["bibtex", "ris", "csl"])
def test_a_title_makes_no_second_reference_and_no_command(form, title):
    from synth.sources.formats import bibtex, csljson, ris

    row = blank(ReferenceView, id=1, title=title, authors=(title, "Ada Example"), year=2020, doi="10.1000/a")
    text = references.write(references.works([row]), form)
    read = {"bibtex": bibtex.read, "ris": ris.read, "csl": csljson.read}[form]
    records, _ = read(text)
    assert len(records) == 1
    assert records[0].title.startswith(("Kettles", '"}]'))
    if form == "bibtex":
        assert "\\input{" not in text
        assert "\\write18{" not in text


# ------------------------------------------------------------------------------------------ keys


def test_keys_are_in_no_file_and_no_output(home, tmp_path, monkeypatch):
    for number, name in enumerate("OPENALEX_API_KEY S2_API_KEY CROSSREF_PLUS_TOKEN SYNTH_REVIEWER_KEY".split()):
        monkeypatch.setenv(name, f"sentinel-{number}-key")
    sources = [word for name in ("openalex", "semanticscholar", "crossref") for word in ("--source", name)]
    with FileServer({}) as server:  # every source refuses; the failures are told and stored
        for name in ("OPENALEX", "S2", "CROSSREF"):
            monkeypatch.setenv(f"SYNTH_{name}_API", server.url("/x"))
        output = b""
        for words in (
            ["search", "Do kettles heat water?", *sources],
            ["--debug", "doctor", "--json"],
            ["bundle", "--out", str(tmp_path / "bundle")],
        ):
            done = forked.run([sys.executable, "-m", "synth", *words], cwd=ROOT, timeout=300)
            output += done.stdout + done.stderr
        assert any("sentinel" in str(headers) for _, headers in server.seen)  # they were sent where they belong
    files = [file for root in (home, tmp_path) for file in root.rglob("*") if file.is_file()]
    assert (home / "db" / "synth.db") in files
    for content in (output, *(file.read_bytes() for file in files)):
        assert b"sentinel" not in content


LIMIT = re.compile(r"^\| .+ \| ([\d,]+)(?: (MB|GB))? \| `([\w.]+):([\w.]+)` \|$", re.MULTILINE)
BYTES = {"": 1, "MB": 2**20, "GB": 2**30}
PAGE = ROOT / "docs" / "security.md"


def test_the_limits_are_those_of_the_code():
    rows = LIMIT.findall(PAGE.read_text(encoding="utf-8"))
    assert len(rows) > 20
    for number, unit, module, name in rows:
        value = reduce(getattr, name.split("."), importlib.import_module(module))
        assert value == int(number.replace(",", "")) * BYTES[unit], f"{module}:{name}"


def test_every_test_that_the_page_names_is_there():
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in re.findall(r"`(tests/[\w/]+\.py)", text) if not (ROOT / name).is_file()] == []
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"(?<![/\w])(test_\w+)(?![.\w])", text))
    assert {name for name in named if f"def {name}(" not in code} == set()
