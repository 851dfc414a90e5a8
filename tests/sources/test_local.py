"""PDFs on this machine: folders as people have them, and manifests as people write them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from synth.core.errors import UsageError
from synth.sources import SourceSettings
from synth.sources.providers.local import SOURCE, read_papers

PDF = b"%PDF-1.5\n%%EOF\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "papers"
    place.mkdir()
    return place


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(PDF)


def names(records):
    return [Path(record.source_id).name for record in records]


def manifest(folder: Path, *rows: str, head: str = "file_location,title,authors,year,doi,arxiv_id") -> Path:
    file = folder / "manifest.csv"
    file.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return file


def test_a_folder_is_taken_in_order_with_its_subfolders(folder, tmp_path):
    put(folder, "b.pdf", "a.PDF", "sub/c.pdf", ".hidden.pdf", ".git/d.pdf", "notes.txt", "e.pdf.part")
    put(tmp_path, "outside/f.pdf")
    (folder / "out.pdf").symlink_to(tmp_path / "outside" / "f.pdf")
    (folder / "outside").symlink_to(tmp_path / "outside")
    (folder / "again.pdf").symlink_to(folder / "b.pdf")
    (folder / "loop.pdf").symlink_to(folder / "loop.pdf")
    (folder / "folder.pdf").mkdir()
    os.mkfifo(folder / "pipe.pdf")
    records, warnings = read_papers(folder)
    assert names(records) == ["a.PDF", "b.pdf", "c.pdf"]
    assert all(r.pdf_path and r.pdf_path.is_file() and r.title == r.url == "" for r in records)
    assert sorted(Path(warning.split()[0]).name for warning in warnings) == ["loop.pdf", "out.pdf", "pipe.pdf"]


@pytest.mark.parametrize(
    ("name", "arxiv", "version", "acl", "url"),
    [
        ("1911.02116.pdf", "1911.02116", "", "", "https://arxiv.org/abs/1911.02116"),
        ("1911.02116v2.pdf", "1911.02116", "v2", "", "https://arxiv.org/abs/1911.02116v2"),
        (
            "2020.findings-emnlp.45.pdf",
            "",
            "",
            "2020.findings-emnlp.45",
            "https://aclanthology.org/2020.findings-emnlp.45",
        ),
        ("P19-1493.pdf", "", "", "P19-1493", "https://aclanthology.org/P19-1493"),
        ("conneau 1911.02116.pdf", "", "", "", ""),
        ("1911.02116-final.pdf", "", "", "", ""),
        ("2020-report.pdf", "", "", "", ""),
    ],
)
def test_an_identifier_is_read_from_a_name_that_is_exactly_one(folder, name, arxiv, version, acl, url):
    put(folder, name)
    (record,) = read_papers(folder)[0]
    assert (record.arxiv_id, record.version, record.acl_id, record.url) == (arxiv, version, acl, url)


def test_pages_and_start(folder):
    put(folder, *(f"{n:02}.pdf" for n in range(25)))
    settings = SourceSettings(papers=folder, page_size=10)
    pages = list(SOURCE.pages("whatever", 22, 0, settings))
    assert [len(page.records) for page in pages] == [10, 10, 2]
    assert {page.total for page in pages} == {25}
    rest = list(SOURCE.pages("whatever", 22, 10, settings))
    assert [r for page in rest for r in page.records] == [r for page in pages[1:] for r in page.records]
    assert list(SOURCE.pages("whatever", 22, 22, settings)) == []
    record = pages[0].records[0]
    assert SOURCE.fetch_pdf(record, folder, settings) == record.pdf_path
    (folder / "00.pdf").unlink()
    assert SOURCE.fetch_pdf(record, folder, settings) is None


@pytest.mark.parametrize(
    "where", [None, "missing", "empty", "file.txt", "empty.csv", "other.csv", "utf16.csv", "none.csv"]
)
def test_a_place_without_papers_is_a_usage_error(tmp_path, where):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("x")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "other.csv").write_text("name;title\na.pdf;b\n")
    (tmp_path / "utf16.csv").write_text("file_location,title\na.pdf,b\n", "utf-16")
    (tmp_path / "none.csv").write_text("file_location\ngone.pdf\n")
    with pytest.raises(UsageError):
        list(SOURCE.pages("q", 10, 0, SourceSettings(papers=tmp_path / where if where else None)))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_read_is_a_usage_error(folder):
    folder.chmod(0)
    try:
        with pytest.raises(UsageError, match="cannot be read"):
            read_papers(folder)
    finally:
        folder.chmod(0o700)


def test_a_manifest_describes_the_files_of_its_folder(folder):
    put(folder, "a.pdf", "b.pdf", "sub/c.pdf")
    manifest(folder, 'a.pdf,"A title, in full","Jane Doe; José  García",2020,https://doi.org/10.1/X,', "sub/c.pdf,,,,,")
    records, warnings = read_papers(folder)
    assert names(records) == ["a.pdf", "b.pdf", "c.pdf"]
    assert records[0].title == "A title, in full"
    assert records[0].authors == ("Jane Doe", "José García")
    assert (records[0].year, records[0].doi) == (2020, "")
    assert len(warnings) == 2
    assert "line 2: doi 'https://doi.org/10.1/X' is no DOI" in warnings[0]
    assert "does not list 1 of the 3 PDFs" in warnings[1]


def test_a_manifest_by_itself_is_exactly_its_files_wherever_they_are(folder, tmp_path):
    put(folder, "a.pdf", "b.pdf")
    put(tmp_path, "elsewhere/c.pdf")
    file = manifest(folder, "../elsewhere/c.pdf,C,,,,1911.02116v3", f"{folder / 'a.pdf'},A,,,10.1000/A,")
    records, warnings = read_papers(file)
    assert names(records) == ["c.pdf", "a.pdf"]
    assert (records[0].arxiv_id, records[0].version) == ("1911.02116", "v3")
    assert [r.url for r in records] == ["https://arxiv.org/abs/1911.02116v3", "https://doi.org/10.1000/a"]
    assert warnings == []
    _, warnings = read_papers(folder)
    assert "line 2" in warnings[0]
    assert "leads out of the folder" in warnings[0]


def test_every_bad_row_is_named_with_its_line_and_the_others_go_on(folder):
    put(folder, "a.pdf", "b.pdf", "c.pdf", "d.pdf", "e.pdf", "f.pdf", "g.pdf")
    (folder / "notes.txt").write_text("x")
    head = "\ufefffile_location, Title ,authors,year,doi"
    rows = [
        "a.pdf,First,Jane Doe,2020,",  # 2
        "gone.pdf,Gone,,2020,",  # 3
        "b.pdf,Second,,last year,",  # 4
        "./a.pdf,First again,,,",  # 5
        ",No file,,,",  # 6
        "",  # 7
        "notes.txt,Notes,,,",  # 8
        "c.pdf,A title, with a comma,Jane,2020,",  # 9
        'd.pdf,"Over\ntwo lines",,1066,10.1000/x y',  # 10, 11
        "e.pdf,M\udcfcller und S\udcf6hne,,2021,",  # 12
        "f.pdf",  # 13
        f"g.pdf,{'x' * 200_000},,,",  # 14
    ]
    (folder / "manifest.csv").write_bytes("\r\n".join([head, *rows]).encode("utf-8", "surrogateescape"))
    records, warnings = read_papers(folder / "manifest.csv")
    assert names(records) == ["a.pdf", "b.pdf", "d.pdf", "e.pdf", "f.pdf"]
    assert [r.title for r in records] == ["First", "Second", "Over two lines", "Müller und Söhne", ""]
    assert [r.year for r in records] == [2020, None, None, 2021, None]
    said = {int(w.split("line ")[1].split(":")[0]): w for w in warnings}
    assert set(said) == {1, 3, 4, 5, 6, 8, 9, 10, 12, 14}
    for line, words in {
        1: "no column `arxiv_id`",
        3: "does not exist",
        4: "'last year' is no year",
        5: "stands in line 2 already",
        6: "no file_location",
        8: "is no PDF file",
        9: "6 cells for 5 columns",
        12: "no UTF-8; read as Windows-1252",
        14: "field larger than field limit",
    }.items():
        assert words in said[line]
    assert sum("line 10" in w for w in warnings) == 2  # year and DOI
    assert all(w.encode("utf-8") for w in warnings)


def test_a_name_that_is_no_text_is_passed_over(folder):
    put(folder, "a.pdf")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.pdf")).write_bytes(PDF)
    records, warnings = read_papers(folder)
    assert names(records) == ["a.pdf"]
    assert "no UTF-8" in warnings[0]
    assert warnings[0].encode("utf-8")


def test_the_real_papers(data):
    records, warnings = read_papers(data / "papers")
    assert [(r.arxiv_id, r.acl_id) for r in records] == [
        ("1906.01502", ""),
        ("1911.02116", ""),
        ("", "2020.findings-emnlp.45"),
    ]
    assert warnings == []


def test_a_manifest_as_a_european_spreadsheet_writes_it(folder):
    put(folder, "a.pdf")
    head = "File_Location;TITLE;Authors;Year;DOI;arXiv ID"
    row = "a.pdf;Größe, und <i>mehr</i>;Jörg Müller;2020;https://doi.org/10.1000/A;"
    (folder / "manifest.csv").write_bytes(f"{head}\r\n{row}\r\n".encode("cp1252"))
    [record], warnings = read_papers(folder)
    assert (record.title, record.authors, record.year) == ("Größe, und mehr", ("Jörg Müller",), 2020)
    assert (record.doi, record.url) == ("10.1000/a", "https://doi.org/10.1000/a")
    assert len(warnings) == 1
    assert "no UTF-8; read as Windows-1252" in warnings[0]
