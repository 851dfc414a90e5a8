"""Crossref's record types and dates, and OpenAlex's: what is no paper is left out with its number."""

from __future__ import annotations

import pytest

from synth.core.types import Editorial
from synth.sources.http import jsonapi
from synth.sources.providers import crossref, openalex

WORK = {"DOI": "10.1000/a", "title": ["On kettles"]}


@pytest.mark.parametrize(
    "kind",
    (
        "peer-review component journal journal-issue journal-volume grant Peer_Review proceedings book-series "
        "report-series standard-series proceedings-series database dataset book-set"
    ).split(),
)
def test_types_that_are_no_papers(kind):
    records, warnings = jsonapi.records(
        [WORK, WORK | {"type": kind}], crossref.as_record, "Crossref", crossref._no_paper
    )
    assert len(records) == 1
    assert "1 entry is no paper at Crossref" in warnings[0]


@pytest.mark.parametrize(
    "kind",
    [
        *"journal-article proceedings-article book-chapter book monograph edited-book report other".split(),
        *"dissertation posted-content standard reference-entry book-section".split(),
        *("", None, 7),
    ],
)
def test_types_that_are(kind):
    records, warnings = jsonapi.records([WORK | {"type": kind}], crossref.as_record, "Crossref", crossref._no_paper)
    assert len(records) == 1
    assert warnings == ()


def test_each_kind_is_counted():
    entries = [WORK | {"type": kind} for kind in ("grant", "component", "peer-review", "component")] + [
        {"DOI": "10.1000/b"}
    ]
    _, warnings = jsonapi.records(entries, crossref.as_record, "Crossref", crossref._no_paper)
    assert warnings == (
        "1 entry is without an identifier or a title at Crossref; passed over.",
        "4 entries are no papers at Crossref (figure, table or supplement: 2, grant: 1, peer review: 1); left out.",
    )


def parts(*numbers):
    return {"date-parts": [list(numbers)]}


@pytest.mark.parametrize(
    ("dates", "year"),
    [
        ({"issued": parts(2018)}, 2018),
        ({"issued": parts(None), "published-online": parts(2017, 3)}, 2017),
        ({"published": parts(2016, 1, 2), "issued": parts(2018)}, 2016),
        ({"published-print": parts(2019), "published-online": parts(2017)}, 2017),
        ({"published-print": parts(2019)}, 2019),
        ({"issued": parts(None), "posted": parts(2020, 5)}, 2020),
        ({"issued": {"date-parts": [[]]}, "created": parts(2015, 1, 1)}, None),  # when the DOI was made
        ({"issued": {"date-parts": []}, "created": {"date-time": "2015-01-01T00:00:00Z"}}, None),
        ({"issued": None, "published": "2015"}, None),
        ({}, None),
    ],
)
def test_the_year(dates, year):
    assert crossref.as_record(WORK | dates).year == year


def test_every_date_and_type_is_asked_for():
    asked = crossref.SELECT.split(",")
    assert {"type", "update-to", "updated-by", *crossref.DATES} <= set(asked)


def test_openalex_tells_notices_from_what_they_retract():
    work = {"id": "https://openalex.org/W1", "display_name": "On kettles", "is_retracted": True}
    assert openalex.as_record(work | {"type": "retraction"}).editorial is Editorial.NOTICE
    assert not openalex.as_record(work | {"type": "retraction"}).withdrawn
    assert openalex.as_record(work | {"type": "article"}).withdrawn
    records, warnings = jsonapi.records(
        [work | {"type": "peer-review"}], openalex.as_record, "OpenAlex", openalex._no_paper
    )
    assert records == ()
    assert "peer review: 1" in warnings[0]
