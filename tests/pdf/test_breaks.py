"""Sentences at breaks: the end of a page or a column ends one only if a sentence ends with it."""

from __future__ import annotations

import pytest

from .sheets import FILL, Sheets, sentences

BROKEN = [
    ("Our filter improved the recall by 3.2", "points over the baseline in all of the sets."),
    ("The same was seen in older adults by Smith et al.", "(2019) in all of the towns at that time."),
    ("The same can be seen for both of the towns in Fig.", "3 of the older study on sleep and recall."),
    ("It holds for many other drinks in the morning, e.g.", "Tea and milk of the kind that we gave them."),
    ("The rate was low in both of the towns (P =", ".03) when nobody was called in the evening."),
    ("We called all of them in the morning by means of a long-", "term list of adults in the two towns."),
]


@pytest.mark.parametrize(("head", "tail"), BROKEN)
@pytest.mark.parametrize("column", [False, True], ids=["page", "column"])
def test_a_sentence_over_a_break_is_whole(tmp_path, head, tail, column):
    sheet = Sheets()
    sheet.page()
    sheet.title()
    sheet.put(60, 130, "1 Introduction", 12, "tibo")
    width = 225 if column else 450
    y = sheet.column(60, 150, width, " ".join(FILL) + " " + " ".join(FILL[::-1]))
    sheet.put(60, y, head)
    if column:
        y = 150
    else:
        sheet.page()
        y = 80
    left = 310 if column else 60
    sheet.put(left, y, tail)
    sheet.column(left, y + 12, width, " ".join(FILL))
    document = sheet.read(tmp_path / "broken.pdf")
    whole = head + tail if head.endswith("-") else f"{head} {tail}"
    assert whole in sentences(document)


@pytest.mark.parametrize("end", ["of it all.", 'of "it all."', "in the year of 2019.", "of all 3."])
def test_a_sentence_that_ends_with_a_page_ends(tmp_path, end):
    sheet = Sheets()
    sheet.page()
    sheet.title()
    sheet.put(60, 130, "1 Introduction", 12, "tibo")
    y = sheet.column(60, 150, 450, " ".join(FILL))
    sheet.put(60, y, f"Nobody of the staff was told {end}")
    sheet.page()
    sheet.column(60, 80, 450, " ".join(FILL[:2]))
    assert f"Nobody of the staff was told {end}" in sentences(sheet.read(tmp_path / "ended.pdf"))
