"""Papers that are set or made oddly, searched together once: tables, copies, versions, titles, numbers as words."""

from __future__ import annotations

import shutil

import pytest
from sqlmodel import select

from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.search.run import search
from synth.store.database import Store
from synth.store.tables import ClaimRow, ClaimSource, Evidence, Paper, PassageRow
from tests.pdf.typeset import Paper as Page

WIDTHS = [110, 70, 70, 70]
CAPTION = "Table 1: Accuracy of the encoders on inference in two languages."
TONGUES = (
    "Swahili Urdu Hindi Thai Turkish Greek Arabic Russian Spanish French German Dutch Polish Czech Danish Finnish "
    "Estonian Latvian Basque Korean Tamil Telugu Bengali Marathi Nepali Yoruba Zulu Xhosa Hausa Somali"
).split()


def rows(weak, middle, strong):
    return [
        ["Model", "Swahili", "Urdu", "Avg"],
        [weak, "61.2", "58.4", "59.8"],
        [middle, "70.1", "66.3", "68.2"],
        [strong, "72.5", "69.9", "71.2"],
    ]


def said(weak, middle, strong):
    """Two findings that the table bears out and one that it contradicts."""
    return (
        f"{strong} reaches 72.5 accuracy on Swahili. {strong} outperforms {middle} by 3.6 points on Urdu. "
        f"{weak} reaches 99.9 accuracy on Urdu."
    )


def ruled(page, names):
    page.table(rows(*names), WIDTHS, CAPTION)


def sideways(page, names):
    page._page()
    ruled(page, names)
    page.page.set_rotation(90)
    page._page()


def turned(page, names):
    page._page()
    for line, row in enumerate(rows(*names)):
        for place, cell in enumerate(row):
            at = (120 + 12 * line + 6 * bool(line), 700 - 90 * place)
            page.page.insert_text(at, cell, fontsize=9, fontname="tiro", rotate=90)
    for x in (110, 124, 168):
        page.page.draw_line((x, 700), (x, 360), width=0.6)
    page.page.insert_text((184, 700), CAPTION, fontsize=9, fontname="tiro", rotate=90)
    page._page()


def unruled(page, names):
    page.y += 14
    for row in rows(*names):
        page.y += 11
        for place, cell in enumerate(row):
            page.put(page.left + sum(WIDTHS[:place]) + 20 * bool(place), page.y, cell, 9)
    page.y += 14
    page.put(page.left, page.y, CAPTION, 9)
    page.y += 20


def merged(page, names):
    places = (0, 115, 185, 255, 325)
    page.y += 14
    left = page.left
    page.page.draw_line((left, page.y), (left + 390, page.y), width=0.8)
    page.y += 11
    page.put(left + 150, page.y, "XNLI", 9)
    page.put(left + 290, page.y, "POS", 9)
    for start in (115, 255):
        page.page.draw_line((left + start, page.y + 3), (left + start + 110, page.y + 3), width=0.4)
    for index, row in enumerate(rows(*names)):
        page.y += 12
        for x, cell in zip(places, [*row[:3], *(["Swahili", "Urdu"] if not index else ["80.2", "77.1"])], strict=True):
            page.put(left + x, page.y, cell, 9)
        if not index:
            page.page.draw_line((left, page.y + 3), (left + 390, page.y + 3), width=0.5)
    page.page.draw_line((left, page.y + 3), (left + 390, page.y + 3), width=0.8)
    page.y += 14
    page.put(left, page.y, "Table 1: Accuracy of the encoders on two tasks.", 9)
    page.y += 20


def long(page, names):
    body = [[t, f"{50 + i * 0.7:.1f}", f"{55 + i * 0.8:.1f}", f"{60 + i * 0.9:.1f}"] for i, t in enumerate(TONGUES)]
    head = [["Language", *names]]
    page._page()
    page.y = 420
    page.table([*head, *body[:20]], WIDTHS, "Table 1: Accuracy of the encoders by language.")
    page._page()
    page.table([*head, *body[20:]], WIDTHS, "Table 1: Accuracy of the encoders by language (continued).")


def written(path, title, author, draw, claims, *, words=False, references=()):
    """Set one paper. `words`: its headings and its caption count in words."""
    numbers = ("One", "Two", "Three") if words else ("1", "2", "3")
    page = Page(1)
    page.title(title, author)
    page.heading("Abstract")
    page.text("We compare encoders of text in many languages.")
    page.heading(f"{numbers[0]} Introduction")
    page.text("Transfer between languages is studied widely, and encoders differ in how well they do it.")
    page.heading(f"{numbers[1]} Results")
    draw(page)
    page.text(claims)
    page.heading(f"{numbers[2]} Conclusion")
    page.text("Encoders differ. More languages should be studied.")
    if references:
        page.heading("References")
        page.items(list(references))
    return page.save(path)


PAPERS = {
    "sideways": (("Quillon", "Harbour", "Sandstone"), sideways),
    "turned": (("Lantern", "Meadow", "Thistle"), turned),
    "unruled": (("Walnut", "Juniper", "Cypress"), unruled),
    "bare": (("Otter", "Badger", "Ferret"), lambda page, names: None),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    for name, (names, draw) in PAPERS.items():
        written(
            folder / f"{name}.pdf",
            f"A {name} comparison",
            "A. Turner",
            lambda p, n=names, d=draw: d(p, n),
            said(*names),
        )
    names = ("Cobalt", "Indigo", "Crimson")
    claims = "Crimson reaches 72.5 accuracy on Swahili in XNLI. Cobalt reaches 80.2 accuracy on Swahili in POS tagging."
    written(folder / "merged.pdf", "Encoders below merged heads", "D. Merger", lambda p: merged(p, names), claims)
    others = ("Mercury", "Saturn", "Neptune")
    claims = "Neptune reaches 60.9 accuracy on Urdu. Neptune reaches 86.1 accuracy on Somali."
    written(folder / "long.pdf", "Encoders over two pages", "E. Long", lambda p: long(p, others), claims)
    twin = ("Granite", "Basalt", "Marble")
    written(folder / "twin.pdf", "Encoders met twice", "G. Twin", lambda p: ruled(p, twin), said(*twin))
    shutil.copy(folder / "twin.pdf", folder / "another name.pdf")
    own = ("Falcon", "Kestrel", "Osprey")
    claims = f"{said(*own)} Selbst et al. (2021) report that Osprey reaches 72.5 accuracy on Swahili."
    cited = ("J. Selbst, K. Eigen, and L. Mein. 2021. Encoders that cite themselves. In Proceedings of ACL.",)
    written(
        folder / "cites.pdf",
        "Encoders that cite themselves",
        "J. Selbst, K. Eigen and L. Mein",
        lambda p: ruled(p, own),
        claims,
        references=cited,
    )
    title = "Clarinet outperforms Bassoon on natural language inference"
    headed = ("Violin", "Bassoon", "Clarinet")
    written(folder / "title.pdf", title, "M. Title", lambda p: ruled(p, headed), f"{title}.")
    counted = ("Dolphin", "Halibut", "Sturgeon")

    def in_words(page):
        page.table(rows(*counted), WIDTHS, CAPTION.replace("1", "One"))

    written(folder / "words.pdf", "Encoders in words", "N. Word", in_words, said(*counted), words=True)
    workspace = Workspace(tmp_path_factory.mktemp("workspace"))
    settings = Settings(jobs=1, stance_model="rules")
    search(workspace, settings, "Which encoder is best on inference in Swahili?", ["local"], folder)
    return Store(workspace.database)


def marks(store, system):
    """Text of each finding that names the system → P(it holds) within its own paper."""
    with store.session() as s:
        found = s.exec(select(ClaimRow).where(ClaimRow.kind != "method")).all()
        return {one.text: one.own_confidence for one in found if system in one.text}


@pytest.mark.parametrize(
    ("weak", "strong"),
    [
        ("Quillon", "Sandstone"),
        ("Walnut", "Cypress"),
        ("Granite", "Marble"),
        ("Falcon", "Osprey"),
        ("Dolphin", "Sturgeon"),
    ],
    ids="sideways unruled twin cites words".split(),
)
def test_tables_set_oddly_decide_what_they_carry(store, weak, strong):
    right = [p for text, p in marks(store, strong).items() if "et al." not in text]
    assert len(right) == 2
    assert min(right) >= 0.8
    (wrong,) = marks(store, weak).values()
    assert wrong <= 0.2


def test_merged_heads_and_two_pages(store):
    merged = marks(store, "Crimson") | marks(store, "Cobalt")
    for found in (merged, marks(store, "Neptune")):
        assert len(found) == 2
        assert min(found.values()) >= 0.8


def test_what_cannot_be_read_decides_nothing_wrongly(store):
    assert set(marks(store, "Ferret").values()) == {None}
    turned = marks(store, "Thistle").values()
    assert len(turned) == 2
    assert all(p is None or p >= 0.8 for p in turned)


def test_the_same_file_twice_is_one_paper(store):
    with store.session() as s:
        found = [one for one in s.exec(select(Paper)).all() if one.title == "Encoders met twice"]
        assert [one.joined_into for one in found].count(None) == 1


def test_a_paper_that_cites_itself_is_no_second_witness(store):
    with store.session() as s:
        rows = s.exec(
            select(Evidence.relation, ClaimRow.text)
            .join(ClaimRow, ClaimRow.id == Evidence.claim_id)
            .where(Evidence.relation.in_(["reported", "other paper"]), Evidence.stance != "NOT_ENOUGH_INFO")
        ).all()
        assert not [row for row in rows if "Osprey" in row[1]]
        assert all(one.witnesses == 0 and one.reported_by == 0 for one in s.exec(select(ClaimRow)).all())


def test_a_result_worded_as_the_paper_s_title_is_a_finding(store):
    assert len(marks(store, "Clarinet")) == 1
    with store.session() as s:
        sections = s.exec(
            select(PassageRow.section)
            .join(ClaimSource, ClaimSource.passage_id == PassageRow.id)
            .join(ClaimRow, ClaimRow.id == ClaimSource.claim_id)
            .where(ClaimRow.text.contains("Clarinet"))
        ).all()
        assert sections == ["results"]
