"""The digests: marked, sourced figure by figure, with real identifiers only, and in the project's own words."""

from __future__ import annotations

import json
import lzma
import os
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from synth.sources.digests.read import Digest, DigestFigure, DigestWork, cite, digests, parse, works

ALL = digests()
IDS = [digest.key for digest in ALL]

# "zero" (zero-shot) and "one" are hardly ever numbers here.
UNITS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen")
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "thousand": 1000}
NUMBER_WORDS = dict(zip(UNITS, range(2, 14), strict=True)) | TENS | {"dozen": 12, "twice": 2, "half": 0.5}
NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\d])")


def value(written: str) -> float:
    return float(NUMBER_WORDS[written] if written in NUMBER_WORDS else written.replace(",", ""))


def numbers(text: str) -> set[float]:
    """Every number in `text`, in digits or words, but for the numbers of tables."""
    text = re.sub(r"\bTable \d+", "", text)
    digits = {value(found.rstrip(",")) for found in NUMBER.findall(text)}
    words = {value(word) for word in re.findall(r"[a-z]+", text.lower()) if word in NUMBER_WORDS}
    return digits | words


def uncovered(digest: Digest) -> set[float]:
    """Numbers of the digest without a note. Citations are left aside: their years are those of the works."""
    text = re.sub(r"\[@[^\]]*\]|@\w+", "", digest.text)
    return numbers(text) - {value(figure.value) for figure in digest.figures}


@pytest.mark.parametrize("digest", ALL, ids=IDS)
def test_shape_and_marking(digest):
    assert [section.title for section in digest.sections] == [
        "Abstract", "Introduction", "Method", "Results", "Conclusion",
    ]  # fmt: skip
    assert all(section.blocks for section in digest.sections)
    assert digest.title == f"Digest: {digest.work.title}"
    assert digest.marking.startswith("Digest written by the synth project of: ")
    assert digest.marking.endswith("Not the original paper.")
    for part in (*digest.work.authors, digest.work.title, str(digest.work.year), digest.work.acl_id):
        assert part in digest.marking


@pytest.mark.parametrize("digest", ALL, ids=IDS)
def test_every_number_has_a_note_and_every_note_a_number(digest):
    assert uncovered(digest) == set()
    stale = {value(figure.value) for figure in digest.figures} - numbers(digest.text)
    assert stale == set()


def test_number_check_can_fail():
    digest = ALL[0]
    assert numbers("by 8.2, 7.5 and 7.0 points on XLM-R v2.0 in nine tasks, 1,104,934 in all, up to 40% of F1") == {
        8.2, 7.5, 7.0, 9, 1104934, 40,
    }  # fmt: skip
    forgotten = replace(digest, figures=digest.figures[1:])
    assert uncovered(forgotten) == {value(digest.figures[0].value)}


def test_number_of_digests_and_distinct_keys():
    assert len(ALL) >= 10
    assert len(set(IDS)) == len(IDS)
    assert {digest.work.key for digest in ALL} <= set(works())


@pytest.mark.parametrize("work", works().values(), ids=list(works()))
def test_identifiers_have_their_form(work):
    assert re.fullmatch(r"(?:[A-Z]\d\d-\d{4}|20\d\d\.[a-z0-9]+-[a-z0-9]+\.\d+|)", work.acl_id)
    assert re.fullmatch(r"(?:\d{4}\.\d{5}|)", work.arxiv_id)
    assert re.fullmatch(r"(?:10\.\d{4,9}/\S+|)", work.doi)
    addresses = {f"http://arxiv.org/abs/{work.arxiv_id}"} if work.arxiv_id else set()
    addresses |= {f"https://aclanthology.org/{work.acl_id}"} if work.acl_id else set()
    assert work.url in addresses
    if work.doi.startswith("10.18653"):
        assert work.doi == f"10.18653/v1/{work.acl_id}"


@pytest.mark.parametrize("digest", ALL, ids=IDS)
def test_references_are_known_works_and_start_with_the_original(digest):
    assert digest.cited[0] == digest.key
    assert len(set(digest.cited)) == len(digest.cited)
    assert all(key in works() for key in digest.cited)
    assert "@" not in cite(digest.text, works())


def test_citations_are_spelt_out():
    def work(*authors: str) -> DigestWork:
        return DigestWork("k", "T", authors, 2020, "V", "u")

    known = {"a": work("Ann Bo"), "b": work("Ann Bo", "Ci Du"), "c": work("Wietse de Vries", "Ci Du", "Ed Fo")}
    assert cite("seen by @a [@b; @c]", known) == "seen by Bo (2020) (Bo and Du, 2020; de Vries et al., 2020)"


FRONT = 'key = "k"\ntitle = "T"\nauthors = ["A B"]\nyear = 2020\nvenue = "V"\nurl = "u"\n'


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("# Abstract\n\ntext", "front matter"),
        (f"+++\n{FRONT}figures = []\nyears = 1\n+++\n# Abstract\n\nx", "unknown keys: years"),
        (f"+++\n{FRONT}figures = []\n+++\nlost\n\n# Abstract", "before the first heading"),
        (f'+++\n{FRONT}figures = [{{ value = "1", says = "x" }}]\n+++\n# A\n\nx', "figure 1: name either"),
        (f"+++\n{FRONT}figures = []\n+++\n# A\n\nTable: c\n| a | b |\n|---|---|\n| 1 |", "different length"),
    ],
)
def test_faulty_digests_are_refused(source, message):
    with pytest.raises(ValueError, match=message):
        parse(source)


# ------------------------------------------------------------------- against the real abstracts, where at hand


def data_folder() -> Path:
    folder = os.environ.get("SYNTH_DATA", "")
    if not folder:
        pytest.skip("SYNTH_DATA is not set: the abstracts of the ACL Anthology are not at hand")
    return Path(folder)


@cache
def anthology() -> dict[str, dict]:
    wanted = {work.acl_id for work in works().values()} | {f.abstract for d in ALL for f in d.figures}
    found = {}
    with lzma.open(data_folder() / "acl-anthology" / "acl_anthology_abstracts.jsonl.xz", "rt") as lines:
        for line in lines:
            if re.match(r'\{"id": "([^"]+)"', line)[1] in wanted:
                entry = json.loads(line)
                found[entry["id"]] = entry
    return found


@cache
def reports() -> dict[str, str]:
    folder = data_folder().parent / "seeds"
    if not folder.is_dir():
        pytest.skip("the published reports are not at hand")
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))]
    return {text.strip().splitlines()[0].lstrip("# ").strip(): text for text in texts}


def confirmed(figure: DigestFigure, text: str) -> bool:
    return value(figure.printed or figure.value) in numbers(re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text))


@pytest.mark.parametrize("digest", ALL, ids=IDS)
def test_figures_stand_in_the_abstract_that_is_named(digest):
    for figure in digest.figures:
        if figure.abstract:
            assert confirmed(figure, anthology()[figure.abstract]["abstract"]), figure
            assert not confirmed(replace(figure, value="98765", printed=""), anthology()[figure.abstract]["abstract"])


@pytest.mark.parametrize("digest", [d for d in ALL if any(f.report for f in d.figures)], ids=lambda d: d.key)
def test_figures_stand_in_the_report_that_is_named(digest):
    for figure in digest.figures:
        if figure.report:
            claims = reports()[figure.report].split("Extracted Claims")[1]
            assert confirmed(figure, claims), figure


@pytest.mark.parametrize("digest", [d for d in ALL if any(f.data for f in d.figures)], ids=lambda d: d.key)
def test_figures_stand_in_the_description_of_the_data_that_are_named(digest):
    for figure in digest.figures:
        if figure.data:
            described = (data_folder() / figure.data / "SOURCE.md").read_text("utf-8")
            assert confirmed(figure, described), figure
            assert not confirmed(replace(figure, value="98765"), described)


@pytest.mark.parametrize("work", [w for w in works().values() if w.acl_id], ids=lambda w: w.key)
def test_metadata_are_those_of_the_anthology(work):
    entry = anthology()[work.acl_id]
    assert (work.title, list(work.authors), work.year) == (entry["title"], entry["authors"], int(entry["year"]))
    assert work.doi == (entry["doi"] or "")


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


@pytest.mark.parametrize("digest", ALL, ids=IDS)
def test_nothing_is_copied_from_an_abstract(digest):
    """No run of 9 words is shared with the abstract of any digested paper, nor with a published report."""
    own = runs(cite(digest.text, works()), 9)
    originals = [anthology()[other.work.acl_id]["abstract"] for other in ALL]
    for original in originals:
        assert own & runs(original, 9) == set()
        assert runs(original, 9)
