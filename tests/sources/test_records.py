"""Records of OpenAlex, Semantic Scholar and Crossref: from the documented forms, from real answers, from nonsense."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synth.core.errors import SourceError, UsageError
from synth.sources import SourceSettings, fields, openaccess
from synth.sources.providers import crossref, openalex, semanticscholar
from tests.servers.arxiv_server import Reply
from tests.servers.json_servers import CrossrefServer, OpenAlexServer, SemanticScholarServer
from tests.sources.networks import ask, lead, start

RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy

# The example of OpenAlex's reference (Work object), shortened.
WORK = {
    "id": "https://openalex.org/W2741809807",
    "doi": "https://doi.org/10.7717/PEERJ.4375",
    "display_name": "The state of <i>OA</i>: a large-scale analysis &amp; impact",
    "publication_year": 2018,
    "authorships": [{"author": {"display_name": "Heather Piwowar"}}, {"author": {"display_name": "Jason Priem"}}],
    "abstract_inverted_index": {"Despite": [0], "growing": [1], "interest": [2], "in": [3, 5], "OA": [4, 6]},
    "best_oa_location": {
        "pdf_url": "https://peerj.com/articles/4375.pdf",
        "landing_page_url": "https://peerj.com/4375",
    },
    "primary_location": {"landing_page_url": "https://doi.org/10.7717/peerj.4375"},
    "locations": [
        {"landing_page_url": "http://arxiv.org/abs/2005.13013v2", "pdf_url": "https://arxiv.org/pdf/2005.13013"},
        {"landing_page_url": "https://aclanthology.org/2020.aacl-main.56"},
    ],
    "is_retracted": False,
}


def test_a_work_of_openalex():
    record = openalex.as_record(WORK)
    assert record is not None
    assert (record.source, record.source_id) == ("openalex", "W2741809807")
    assert record.title == "The state of OA: a large-scale analysis & impact"
    assert record.authors == ("Heather Piwowar", "Jason Priem")
    assert (record.year, record.doi) == (2018, "10.7717/peerj.4375")
    assert record.abstract == "Despite growing interest in OA in OA"
    assert (record.arxiv_id, record.acl_id) == ("2005.13013", "2020.aacl-main.56")
    assert record.url == "https://doi.org/10.7717/peerj.4375"
    assert record.pdf_url == "https://peerj.com/articles/4375.pdf"
    assert openalex.as_record(WORK | {"is_retracted": True}).withdrawn


def test_a_work_of_crossref():
    work = {
        "DOI": "10.18653/V1/2020.AACL-MAIN.56",
        "title": ["English Intermediate-Task Training"],
        "subtitle": ["Improves Zero-Shot\n Transfer Too"],
        "author": [{"given": "Jason", "family": "Phang"}, {"name": "The NYU Group"}, {"family": "Plato"}, "nonsense"],
        "issued": {"date-parts": [[2020, 12]]},
        "abstract": "<jats:title>Abstract</jats:title><jats:p>Abstract meaning &lt;b&gt; counts.</jats:p>",
        "link": [
            {
                "URL": "https://a.example/check.pdf",
                "content-type": "application/pdf",
                "intended-application": "similarity-checking",
            },
            {
                "URL": "https://a.example/x.pdf",
                "content-type": "application/pdf",
                "intended-application": "text-mining",
            },
        ],
        "relation": {"has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2005.13013"}]},
    }
    record = crossref.as_record(work)
    assert record is not None
    assert record.title == "English Intermediate-Task Training: Improves Zero-Shot Transfer Too"
    assert record.authors == ("Jason Phang", "The NYU Group", "Plato")
    assert (record.year, record.doi) == (2020, "10.18653/v1/2020.aacl-main.56")
    assert record.abstract == "Abstract meaning counts."  # escaped twice by the publisher
    assert (record.arxiv_id, record.acl_id) == ("2005.13013", "2020.aacl-main.56")
    assert record.pdf_url == "https://a.example/x.pdf"
    assert crossref.as_record(work | {"title": ["RETRACTED: Something"]}).withdrawn


def recorded(data, name):
    """(query of the request, body of the answer) of each exchange in a recording."""
    exchanges = yaml.safe_load((data / "semantic-scholar-responses" / f"{name}.yaml").read_text("utf-8"))[
        "interactions"
    ]
    for one in exchanges:
        yield parse_qs(urlsplit(one["request"]["uri"]).query), one["response"]["body"]["string"].encode()


def test_real_answers_of_semantic_scholar_with_all_fields(data):
    [(_, body)] = recorded(data, "test_get_papers_not_found_warning")
    works = [work for work in json.loads(body) if work]
    found = [semanticscholar.as_record(work) for work in works]
    assert len(found) >= 2
    for work, record in zip(works, found, strict=True):
        assert record.source_id == work["paperId"]
        assert record.title == " ".join(work["title"].split())
        assert len(record.authors) == len(work["authors"]) > 0
        assert record.year == work["year"]
        assert record.doi == work["externalIds"]["DOI"].lower()


def test_real_pages_of_semantic_scholar_follow_each_other(data, monkeypatch):
    answers = list(recorded(data, "test_search_paper_next_page"))
    with start("semanticscholar") as server:
        lead("semanticscholar", server, monkeypatch.setenv)
        server.script += [Reply(200, body) for _, body in answers]
        pages = ask("semanticscholar", SourceSettings(), limit=200, query="turing")
    assert [len(page.records) for page in pages] == [100, 100]
    assert pages[0].total == json.loads(answers[0][1])["total"]
    assert [(seen.query["offset"], seen.query["limit"]) for seen in server.seen] == [("0", "100"), ("100", "100")]
    assert len({record.source_id for page in pages for record in page.records}) > 190


def test_real_references_of_semantic_scholar(data, monkeypatch):
    answers = list(recorded(data, "test_get_paper_references"))
    with start("semanticscholar") as server:
        lead("semanticscholar", server, monkeypatch.setenv)
        server.script += [Reply(200, body) for _, body in answers]
        pages = ask(
            "semanticscholar",
            SourceSettings(page_size=50),
            limit=100,
            query="paper/DOI:10.2139/ssrn.2250500/references",
        )
    assert [page.taken for page in pages] == [50, 17]
    assert pages[1].warnings  # works that are only cited have no name of their own
    assert server.seen[0].path == "/graph/v1/paper/DOI:10.2139/ssrn.2250500/references"


@pytest.mark.parametrize(
    ("reply", "warned"),
    [
        (Reply(404, b'{"error": "Paper with id DOI:10.1/x not found"}'), True),
        (Reply(200, b'{"offset": 0, "data": null}'), False),
        (Reply(200, b'{"offset": 0, "data": []}'), False),
    ],
    ids=["not known", "kept back by the publisher", "none"],
)
def test_a_work_without_references_is_no_failure(reply, warned, monkeypatch):
    with start("semanticscholar") as server:
        lead("semanticscholar", server, monkeypatch.setenv)
        server.script += [reply]
        [page] = ask("semanticscholar", SourceSettings(), query="paper/DOI:10.1/x/references")
    assert (page.records, page.requests) == ((), 1)
    assert bool(page.warnings) is warned


def test_a_real_refusal_of_semantic_scholar_is_told(data, monkeypatch):
    [(_, body)] = recorded(data, "test_get_recommended_papers_from_lists_negative_only")
    with start("semanticscholar") as server:
        lead("semanticscholar", server, monkeypatch.setenv)
        server.script += [Reply(400, body)]
        with pytest.raises(Exception, match="No positive paper examples given"):
            ask("semanticscholar", SourceSettings(), query="turing")


QUESTION = (
    "Does English intermediate-task training help zero-shot cross-lingual sentence retrieval with XLM-R in XTREME?"
)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("arxiv", ['all:"sentence retrieval"', ' OR all:"bitext retrieval"', 'all:"XLM-RoBERTa"', "all:STILTs"]),
        ("openalex", ['title_and_abstract.search:"', '"sentence retrieval" OR "bitext retrieval"', '"XLM-R"']),
        ("semanticscholar", ["sentence retrieval", "intermediate task training", "XLM R"]),
        ("crossref", ["query.bibliographic=", "sentence retrieval"]),
        ("acl", ['("sentence retrieval" OR "bitext retrieval"', '" OR STILTs)']),
        ("arxivdump", ['("XLM-R" OR "XLM-RoBERTa"']),
    ],
)
def test_each_source_is_asked_in_its_own_syntax_with_synonyms_where_there_is_room(name, parts):
    from synth.sources import source

    query = source(name).query(QUESTION)
    for part in parts:
        assert part in query, query


@pytest.mark.parametrize(
    ("name", "query", "sent"),
    [
        (
            "openalex",
            "title.search:retrieval,publication_year:2020",
            {"filter": "title.search:retrieval,publication_year:2020"},
        ),
        ("openalex", 'retrieval AND "zero shot"', {"search": 'retrieval AND "zero shot"'}),
        ("semanticscholar", "sentence retrieval", {"query": "sentence retrieval", "offset": "0"}),
        ("semanticscholar", '"sentence retrieval" | mining', {"query": '"sentence retrieval" | mining'}),
        (
            "crossref",
            "query.title=retrieval & mining&filter=type:book",
            {"query.title": "retrieval & mining", "filter": "type:book"},
        ),
        ("crossref", "sentence retrieval", {"query": "sentence retrieval"}),
        ("arxiv", "ti:retrieval AND cat:cs.CL", {"search_query": "ti:retrieval AND cat:cs.CL"}),
    ],
)
def test_a_persons_query_goes_out_as_it_is(name, query, sent, monkeypatch):
    with start(name) as server:
        lead(name, server, monkeypatch.setenv)
        pages = ask(name, SourceSettings(), limit=5, query=query)
        assert {page.query for page in pages} == {query}
        asked = server.seen[0].query
        assert {key: asked.get(key) for key in sent} == sent


def test_a_search_in_bulk_follows_its_tokens_and_goes_on_in_the_middle(monkeypatch):
    with start("semanticscholar", 34) as server:
        lead("semanticscholar", server, monkeypatch.setenv)
        pages = ask("semanticscholar", SourceSettings(), limit=25, query='"transfer" | mining')
        assert [page.taken for page in pages] == [10, 10, 5]
        assert [seen.query.get("token") for seen in server.seen] == [None, "t10", "t20"]
        rest = ask("semanticscholar", SourceSettings(), limit=25, start=13, query='"transfer" | mining')
    first = [record.source_id for page in pages for record in page.records]
    assert [record.source_id for page in rest for record in page.records] == first[13:]


def test_a_page_of_openalex_that_is_short_does_not_shift_the_next(monkeypatch):
    with start("openalex", 30) as server:
        lead("openalex", server, monkeypatch.setenv)
        server.short = 1
        pages = ask("openalex", SourceSettings(page_size=10), limit=30)
        assert [page.taken for page in pages] == [10, 10, 10]
        assert [len(page.records) for page in pages] == [9, 9, 9]
        assert all("left out 1" in page.warnings[0] for page in pages)
        assert [seen.query["page"] for seen in server.seen] == ["1", "2", "3"]


@pytest.mark.parametrize("name", ["openalex", "semanticscholar", "crossref"])
@pytest.mark.parametrize("question", ["", "   ", "?!", "类型论的距离是什么"])
def test_a_question_without_words_is_a_usage_error(name, question):
    from synth.sources import source

    with pytest.raises(UsageError):
        source(name).query(question)


@pytest.mark.parametrize("name", ["openalex", "semanticscholar", "crossref"])
@pytest.mark.parametrize("query", ["", "a\nb", "x" * 10_000])
def test_a_query_that_cannot_be_sent_is_a_usage_error(name, query):
    from synth.sources import source

    with pytest.raises(UsageError):
        list(source(name).pages(query, 10, 0, SourceSettings()))


@pytest.mark.parametrize(
    ("address", "arxiv", "acl"),
    [
        ("https://arxiv.org/abs/2005.13013v2", ("2005.13013", "v2"), ""),
        ("http://arxiv.org/pdf/cs/0112017.pdf", ("cs/0112017", ""), ""),
        ("10.48550/arXiv.2005.13013", ("2005.13013", ""), ""),
        ("https://aclanthology.org/P19-1493.pdf", None, "P19-1493"),
        ("https://www.aclweb.org/anthology/2020.aacl-main.56/", None, "2020.aacl-main.56"),
        ("10.18653/v1/p19-1493", None, "P19-1493"),
        ("10.18653/v1/2020.aacl-main.56", None, "2020.aacl-main.56"),
        ("https://example.org/arxiv.org/abs/x", None, ""),
        ("", None, ""),
    ],
)
def test_identifiers_in_addresses(address, arxiv, acl):
    assert (openaccess.arxiv_of(address), openaccess.acl_of(address)) == (arxiv, acl)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
SHAPES = {
    openalex.as_record: OpenAlexServer().work(1),
    semanticscholar.as_record: SemanticScholarServer().work(1),
    crossref.as_record: CrossrefServer().work(1),
}


@pytest.mark.parametrize("as_record", SHAPES)
@RELAXED
@given(data=st.data())
def test_any_value_in_any_field_gives_a_storable_record_or_none(as_record, data):
    work = dict(SHAPES[as_record])
    for name in data.draw(st.lists(st.sampled_from(sorted(work)), min_size=1, max_size=4)):
        work[name] = data.draw(JSON)
    record = as_record(work)
    if record is not None:
        assert record.title
        assert record.year is None or 1500 <= record.year < 2100
        assert all(address == fields.url(address) for address in (record.url, record.pdf_url) if address)
        json.dumps([record.title, record.abstract, record.authors, record.url]).encode("utf-8")


@RELAXED
@given(st.text(max_size=80))
def test_text_is_one_line_that_can_be_stored(value):
    found = fields.text(value + "\ud800\x00\n")
    assert found.encode("utf-8")
    assert found == " ".join(found.split())
    assert not any(ord(c) < 32 for c in found)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://a.b/c",
        "https://",
        "https://a b",
        "data:text/html,x",
        'https://a/"><b>',
        3,
        None,
        "x" * 9000,
    ],
)
def test_an_address_that_a_page_would_run_or_break_is_none(address):
    assert fields.url(address) == ""


@pytest.mark.parametrize(
    ("value", "found"),
    [(2020, 2020), ("2020-05-01", 2020), ("1066", None), (20200, None), (True, None), (2020.0, None), ("MMXX", None)],
)
def test_years(value, found):
    assert fields.year(value) == found


@pytest.mark.parametrize(
    ("dates", "year"),
    [
        ({"issued": {"date-parts": [[None]]}, "published-online": {"date-parts": [[2017, 3]]}}, 2017),
        ({"published-print": {"date-parts": [["2016"]]}}, 2016),
        ({"issued": {"date-parts": [[2018]]}, "published-print": {"date-parts": [[2019]]}}, 2018),
        ({"created": {"date-parts": [[2020]]}}, None),  # when the DOI was registered is no year of the work
    ],
)
def test_the_year_of_a_work_of_crossref(dates, year):
    assert crossref.as_record({"DOI": "10.1000/x", "title": ["T"], **dates}).year == year


def test_a_subtitle_that_the_title_has_is_not_said_twice():
    work = {"DOI": "10.1000/x", "title": ["Pots: a survey"], "subtitle": ["A survey"]}
    assert crossref.as_record(work).title == "Pots: a survey"


def test_names_of_crossref_keep_their_suffix():
    work = {"DOI": "10.1000/x", "title": ["T"], "author": [{"given": "Sammy", "family": "Davis", "suffix": "Jr."}]}
    assert crossref.as_record(work).authors == ("Sammy Davis Jr.",)


@pytest.mark.parametrize("name", ["arxiv", "openalex", "semanticscholar", "crossref"])
def test_quotation_marks_in_a_question_mark_a_phrase_and_leave_it_a_question(name):
    from synth.sources import source

    plain = source(name).query("Does chain of thought prompting help?")
    for question in ('Does "chain of thought" prompting help?', "Does “chain of thought” prompting help?"):
        query = source(name).query(question)
        assert "chain of thought" in query
        assert "Does" not in query
        assert "help" not in query
    assert "Does" not in plain


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("openalex", "bert:what does it learn of syntax?"),
        ("semanticscholar", "Does calibration of p(y | x) help retrieval?"),
        ("semanticscholar", 'Is a 5" telescope enough for astrometry?'),
    ],
)
def test_signs_of_a_syntax_in_a_question_make_no_query_of_it(name, question):
    from synth.sources import source

    assert source(name).query(question) != question


def test_semantic_scholar_may_count_more_hits_than_it_gives_out(monkeypatch):
    with start("semanticscholar", 30) as server:
        lead("semanticscholar", server, monkeypatch.setenv)
        whole = SourceSettings(page_size=10)
        counted = json.loads(server.proper("/graph/v1/paper/search", {"offset": "0", "limit": "10"}, {})[2])
        more = json.dumps(counted | {"total": 1735, "next": 10}).encode()
        end = b'{"error": "Requested data for this limit and/or offset is not available"}'
        server.script += [Reply(200, more), Reply(400, end)]
        pages = ask("semanticscholar", whole, limit=100, query="covid")
        assert [page.taken for page in pages] == [10, 0]
        assert [page.total for page in pages] == [1735, None]
        assert pages[1].warnings == ("Semantic Scholar counts more hits than it gives out; it ends after 10.",)
        server.script += [Reply(400, end)]
        with pytest.raises(SourceError, match="not available"):  # at the first hit it is a refusal
            ask("semanticscholar", whole, limit=100, query="flu")


def test_openalex_lists_no_more_than_a_hundred_authors_of_a_work(monkeypatch):
    with start("openalex", 3) as server:
        lead("openalex", server, monkeypatch.setenv)
        person = server.works[0]["authorships"][0]
        server.works[1]["authorships"] = [person] * 100
        (page,) = ask("openalex", SourceSettings())
    assert page.warnings == ("Of a work at OpenAlex the first 100 authors are read; W1001 may have more.",)


def test_a_list_of_authors_that_is_cut_is_warned_of(monkeypatch):
    with start("crossref", 8) as server:
        lead("crossref", server, monkeypatch.setenv)
        for work in server.works[1:]:
            work["author"] = [{"family": f"Author{n}"} for n in range(1001)]
        (page,) = ask("crossref", SourceSettings())
    assert {len(record.authors) for record in page.records} == {2, 1000}
    (warning,) = page.warnings
    assert warning.startswith("Of a work at Crossref the first 1,000 authors are read; 10.5555/work.1, ")
    assert warning.endswith(" and 2 more may have more.")


def test_a_query_that_openalex_forbids_is_no_matter_of_the_key(monkeypatch):
    body = b'{"error": "Invalid query parameters error.", "message": "Invalid query parameter in  John."}'
    with start("openalex") as server:
        lead("openalex", server, monkeypatch.setenv)
        server.script += [Reply(403, body), Reply(403, b'{"error": "Forbidden"}')]
        with pytest.raises(SourceError, match="refused the query") as refused:
            ask("openalex", SourceSettings(attempts=1), query="title.search:Hello, John")
        assert (refused.value.do, refused.value.retryable) == ("Change the query.", False)
        with pytest.raises(SourceError) as forbidden:
            ask("openalex", SourceSettings(attempts=1), query="title.search:Hello")
        assert "OPENALEX_API_KEY" in forbidden.value.do
