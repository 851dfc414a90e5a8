"""Untrusted PDFs: each gets its reason, the others go on, nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pymupdf
import pytest

from synth.core.errors import UnreadablePdf
from synth.core.types import Document, PassageKind
from synth.pdf import Limits, Quotes, guard, page_text, read_pdf, read_pdfs, verify_files, verify_quote, verify_quotes

from . import hostile


@pytest.fixture(autouse=True, scope="module")
def _started_anew() -> Iterator[None]:
    """Start the children as the program does: how they end is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "subprocess", subprocess)
        yield


def good_pdf(path: Path, text: str = "We show that this works well. It improves by 3.2 points.") -> Path:
    with pymupdf.open() as pdf:
        pdf.new_page().insert_text((72, 72), text)
        pdf.save(path)
    return path


def saved(pdf: pymupdf.Document, **options) -> bytes:
    return pdf.tobytes(**options)


def sample(kind: str) -> bytes:
    """One bad file of each kind that a folder of PDFs may hold."""
    pdf = pymupdf.open()
    if kind == "pages":
        for _ in range(3000):
            pdf.new_page()
        return saved(pdf)
    page = pdf.new_page()
    if kind == "blank":
        return saved(pdf)
    if kind == "image":
        page.insert_image(page.rect, pixmap=pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 20, 20)))
        return saved(pdf)
    page.insert_text((72, 72), "We show that this works well.")
    if kind == "encrypted":
        return saved(pdf, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret", owner_pw="owner")
    if kind == "owner":
        return saved(pdf, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="", owner_pw="owner")
    return saved(pdf)[: -len(saved(pdf)) // 2]


BAD = {
    "encrypted": (sample("encrypted"), "encrypted"),
    "truncated": (sample("truncated"), "truncated"),
    "no bytes": (b"", "empty"),
    "no text": (sample("blank"), "empty"),
    "image only": (sample("image"), "image-only"),
    "3000 pages": (sample("pages"), "too-many-pages"),
    "web page": (b"<!DOCTYPE html><html><body>404 Not Found</body></html>", "not-a-pdf"),
    "noise": (b"%PDF-1.4\n" + bytes(range(256)) * 20 + b"\n%%EOF", "damaged"),
    "looping tree": (hostile.looping_tree(), "damaged"),
    "deep tree": (hostile.deep_tree(), "empty"),
    "endless count": (hostile.endless_count(), "damaged"),
    "nested arrays": (hostile.nested_arrays(), "empty"),
    "text bomb": (hostile.text_bomb(), "memory"),
}
FINE = {"owner's password only": sample("owner"), "script": hostile.script(), "huge page": hostile.huge_page()}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, Document | UnreadablePdf]:
    """All of them read in one go, in two children, with a good file at each end."""
    folder = tmp_path_factory.mktemp("pdfs")
    paths = [good_pdf(folder / "first.pdf")]
    for name, data in [*((name, data) for name, (data, _) in BAD.items()), *FINE.items()]:
        paths.append(folder / f"{name}.pdf")
        paths[-1].write_bytes(data)
    paths += [folder / "absent.pdf", good_pdf(folder / "last.pdf")]
    results = list(read_pdfs(paths, jobs=2))
    assert [path for path, _ in results] == paths
    return {path.stem: result for path, result in results}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_has_its_reason(outcomes, name):
    result = outcomes[name]
    assert isinstance(result, UnreadablePdf)
    assert result.reason == BAD[name][1]
    assert result.what.endswith(".")
    assert result.do.endswith(".")


@pytest.mark.parametrize("name", [*FINE, "first", "last"])
def test_the_others_are_read(outcomes, name):
    result = outcomes[name]
    assert isinstance(result, Document)
    assert result.passages[0].text.startswith("We show that this works")


def test_a_missing_file(outcomes):
    assert outcomes["absent"].reason == "missing"


def test_read_pdf_raises(tmp_path):
    (tmp_path / "page.pdf").write_bytes(BAD["web page"][0])
    with pytest.raises(UnreadablePdf, match="looks like a web page") as caught:
        read_pdf(tmp_path / "page.pdf")
    assert caught.value.reason == "not-a-pdf"


def test_size_and_page_limits(tmp_path):
    path = good_pdf(tmp_path / "good.pdf")
    with pytest.raises(UnreadablePdf) as caught:
        read_pdf(path, Limits(file_bytes=100))
    assert caught.value.reason == "too-large"
    with pytest.raises(UnreadablePdf) as caught:
        read_pdf(path, Limits(pages=0))
    assert caught.value.reason == "too-many-pages"


def test_processor_time_is_limited(tmp_path):
    path = tmp_path / "slow.pdf"
    path.write_bytes(hostile.slow())
    with pytest.raises(UnreadablePdf) as caught:
        read_pdf(path, Limits(cpu_seconds=2))
    assert caught.value.reason == "timeout"


def test_after_a_timeout_the_others_go_on(tmp_path):
    slow = tmp_path / "slow.pdf"
    slow.write_bytes(hostile.slow())
    goods = [good_pdf(tmp_path / f"{n}.pdf") for n in range(3)]
    results = [result for _, result in read_pdfs([slow, *goods], jobs=1, limits=Limits(wall_seconds=6))]
    assert results[0].reason == "timeout"
    assert all(isinstance(result, Document) for result in results[1:])


def children_of(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def readers(pid: int) -> list[psutil.Process]:
    return [child for child in children_of(pid) if "synth.pdf.child" in " ".join(child.cmdline())]


def wait_for(test, seconds: float = 20.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = test()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def test_a_child_that_dies_is_replaced(tmp_path):
    slow = tmp_path / "slow.pdf"
    slow.write_bytes(hostile.slow())

    def shoot():
        victim = wait_for(lambda: readers(os.getpid()))[0]
        wait_for(lambda: victim.cpu_times().user > 1)
        victim.send_signal(signal.SIGSEGV)

    thread = threading.Thread(target=shoot)
    thread.start()
    results = [result for _, result in read_pdfs([slow, good_pdf(tmp_path / "good.pdf")], jobs=1)]
    thread.join()
    assert results[0].reason == "crashed"
    assert "SIGSEGV" in results[0].what
    assert isinstance(results[1], Document)
    assert not readers(os.getpid())


def test_children_end_when_the_reader_stops_half_way(tmp_path):
    paths = [good_pdf(tmp_path / f"{n}.pdf") for n in range(4)]
    results = read_pdfs(paths, jobs=2)
    next(results)
    assert readers(os.getpid())
    results.close()
    assert not readers(os.getpid())


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux' own")
def test_the_child_dies_with_its_parent(tmp_path):
    path = tmp_path / "slow.pdf"
    path.write_bytes(hostile.slow())
    script = f"from synth.pdf import read_pdf; read_pdf({str(path)!r})"
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL)
    [child] = wait_for(lambda: readers(parent.pid))
    wait_for(lambda: child.cpu_times().user > 1)
    parent.kill()
    parent.wait()
    wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, 5)


def test_quotes_are_verified_byte_for_byte(tmp_path):
    path = good_pdf(tmp_path / "good.pdf")
    document = read_pdf(path)
    items = [(p.spans, p.quote) for p in document.passages]
    assert len(items) == 2
    assert verify_quotes(path, document.sha256, items) == [True, True]
    (page, start, end), quote = items[0][0][0], items[0][1]
    altered = [
        ([(page, start, end)], quote.replace("well", "Well")),
        ([(page, start + 1, end)], quote),
        ([(page + 1, start, end)], quote),
        ([(page, start, end), (page, start, end)], quote),
        ([(page, start, 10_000)], quote),
        ([(page, end, start)], quote),
        ([], ""),
    ]
    assert verify_quotes(path, document.sha256, altered) == [False] * len(altered)
    assert not verify_quote(path, "0" * 64, *items[0])
    assert not verify_quote(tmp_path / "absent.pdf", document.sha256, *items[0])


def test_a_changed_file_verifies_nothing(tmp_path):
    path = good_pdf(tmp_path / "good.pdf")
    document = read_pdf(path)
    path.write_bytes(path.read_bytes() + b"\n")
    assert not verify_quote(path, document.sha256, document.passages[0].spans, document.passages[0].quote)


def test_many_files_are_verified_and_each_says_why_it_is_not(tmp_path):
    good = good_pdf(tmp_path / "good.pdf")
    document = read_pdf(good)
    items = [(p.spans, p.quote) for p in document.passages]
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(good.read_bytes() + b"\n")
    page = tmp_path / "page.pdf"
    page.write_text("<html>")
    paths = [good, changed, tmp_path / "absent.pdf", page]
    found = dict(verify_files([Quotes(path, document.sha256, items) for path in paths], jobs=2))
    assert found[0] == [True, True]
    assert [found[i].reason for i in (1, 2, 3)] == ["changed", "missing", "not-a-pdf"]


def test_page_text(tmp_path):
    path = good_pdf(tmp_path / "good.pdf", "We show that this works.")
    assert page_text(path, 1) == page_text(path, 1) == "We show that this works."
    with pytest.raises(IndexError):
        page_text(path, 2)


def test_the_working_directory_is_not_on_the_child_s_path(tmp_path, monkeypatch):
    """A folder of strangers' files may hold a module named like one of ours."""
    (tmp_path / "pymupdf.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    assert read_pdf(good_pdf(tmp_path / "good.pdf")).passages[0].kind is PassageKind.SENTENCE


def test_importing_the_package_loads_no_pdf_library():
    code = "import sys, synth.pdf; print(sorted({'pymupdf', 'numpy', 'synth.pdf.document'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.stdout.strip() == "[]"
