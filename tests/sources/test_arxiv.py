"""The `arxiv` source against a server that answers in arXiv's format, properly and otherwise."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from synth.core.errors import SourceError, UsageError
from synth.sources import source
from synth.sources.providers.arxiv import MAX_HITS, SOURCE, mirror
from tests.servers.arxiv_server import ERROR, ArxivServer, Reply, entry, feed, recorded_entries

ASKED = "Does cross-lingual transfer help?"


def ask(settings, limit=100, start=0, question=ASKED):
    return list(SOURCE.pages(SOURCE.query(question), limit, start, settings))


def records(pages):
    return [record for page in pages for record in page.records]


def failure(settings, **options):
    with pytest.raises(SourceError) as caught:
        ask(settings, **options)
    return caught.value


# ------------------------------------------------------------------------------------------ proper answers


def test_pages_follow_each_other_up_to_the_total(server, settings):
    pages = ask(settings, limit=100)
    assert [len(page.records) for page in pages] == [10, 10, 10]
    assert [record.arxiv_id for record in records(pages)] == [f"2005.{n:05}" for n in range(30)]
    assert {page.total for page in pages} == {30}
    assert [(page.requests, page.retries) for page in pages] == [(1, 0)] * 3
    assert [seen.query["start"] for seen in server.seen] == ["0", "10", "20"]
    assert (
        {seen.query["search_query"] for seen in server.seen} == {SOURCE.query(ASKED)} == {page.query for page in pages}
    )


def test_the_limit_cuts_the_last_page(server, settings):
    assert len(records(ask(settings, limit=13))) == 13
    assert [seen.query["max_results"] for seen in server.seen] == ["10", "3"]


def test_a_killed_search_goes_on_at_start_without_asking_twice(server, settings):
    first = SOURCE.pages(SOURCE.query(ASKED), 25, 0, settings)
    stored = list(next(first).records)
    del first
    stored += records(ask(settings, limit=25, start=len(stored)))
    assert [record.arxiv_id for record in stored] == [f"2005.{n:05}" for n in range(25)]
    assert [seen.query["start"] for seen in server.seen] == ["0", "10", "20"]
    assert ask(settings, limit=25, start=25) == []


def test_nothing_found_is_an_answer(server, settings):
    server.entries = []
    (page,) = ask(settings)
    assert (page.records, page.total, page.retries) == ((), 0, 0)


def test_a_record_has_what_the_entry_says(server, settings):
    server.entries = [
        entry(
            1, identifier="quant-ph/0201082v1", comment="32 pages,\n  1 figure", title="On  &lt;Quantum&gt;\n Languages"
        )
    ]
    (record,) = records(ask(settings))
    assert (record.arxiv_id, record.version, record.source_id) == ("quant-ph/0201082", "v1", "quant-ph/0201082")
    assert record.url == "https://arxiv.org/abs/quant-ph/0201082v1"
    assert record.pdf_url == "https://arxiv.org/pdf/quant-ph/0201082v1"
    assert record.title == "On <Quantum> Languages"
    assert record.authors == ("Ada Lovelace", "Émilie du Châtelet")
    assert (record.year, record.abstract, record.comment) == (2020, "We study transfer.", "32 pages, 1 figure")
    assert not record.withdrawn


@pytest.mark.parametrize(
    ("comment", "summary", "withdrawn"),
    [
        ("This paper has been withdrawn by the author due to an error in equation 1", "Text.", True),
        ("Withdrawn: Lemma 2 is wrong", "Text.", True),
        ("", "This submission has been withdrawn by arXiv administrators.", True),
        ("This article was temporarily withdrawn", "Text.", True),
        ("Paper withdrawn", "Text.", True),
        ("12 pages", "We count drugs withdrawn from the market. This paper lists them.", False),
        ("The paper was withdrawn from a workshop and extended", "Text.", False),
        ("", "We analyse withdrawn articles and withdrawal symptoms.", False),
    ],
)
def test_withdrawn_papers_are_flagged_and_have_no_pdf(server, settings, tmp_path, comment, summary, withdrawn):
    server.entries = [entry(1, comment=comment, summary=summary)]
    server.pdfs = {}
    (record,) = records(ask(settings))
    assert record.withdrawn == withdrawn
    assert bool(record.pdf_url) != withdrawn
    if withdrawn:
        assert SOURCE.fetch_pdf(record, tmp_path, settings) is None


PUBLISHED = "<published>2020-05-26T17:59:46Z</published>"


@pytest.mark.parametrize(
    "date",
    [
        "",
        "<published/>",
        "<published>0000-00-00T00:00:00Z</published>",
        "<published>yesterday</published>",
        "<published>2019-02-30T00:00:00Z</published>",
        "<published>0001-01-01T00:00:00+05:00</published>",
    ],
)
def test_a_date_that_is_none_costs_an_entry_its_year_and_nothing_else(server, settings, date):
    broken = entry(0, identifier="2005.77777v1").replace(PUBLISHED, date)
    server.entries = [entry(1), broken, *[entry(n) for n in range(2, 15)]]
    pages = ask(settings)
    assert [record.year for record in records(pages)] == [2020, None, *[2020] * 13]
    assert records(pages)[1].arxiv_id == "2005.77777"
    assert [seen.query["start"] for seen in server.seen] == ["0", "10"]
    assert [page.warnings for page in pages] == [
        ("arXiv's entry 'http://arxiv.org/abs/2005.77777v1' has no date that can be read; its year is left out.",),
        (),
    ]


def test_a_bad_date_of_the_last_change_costs_nothing(server, settings):
    server.entries = [entry(1).replace("2021-03-02T08:18:33Z", "never"), entry(2)]
    (page,) = ask(settings)
    assert [record.year for record in page.records] == [2020, 2020]
    assert page.warnings == ()


@pytest.mark.parametrize("name", ["", "http://arxiv.org/abs/none-of-arxivs"])
def test_an_entry_without_an_arxiv_id_is_warned_of_and_the_others_go_on(server, settings, name):
    broken = entry(0).replace("http://arxiv.org/abs/2005.00000v2", name)
    server.entries = [entry(1), broken, *[entry(n) for n in range(2, 15)]]
    pages = ask(settings)
    assert len(records(pages)) == 14
    assert pages[0].warnings == (f"arXiv's entry {name!r} has no arXiv id; passed over.",)


def test_a_subject_class_is_no_part_of_an_old_id(server, settings):
    server.entries = [entry(1, identifier="math.GT/0309136v1")]
    (record,) = records(ask(settings))
    assert (record.arxiv_id, record.version) == ("math/0309136", "v1")
    assert record.url == "https://arxiv.org/abs/math/0309136v1"


@pytest.mark.parametrize("between", [" ", ", ", ";", " ; ", ","])
def test_several_dois_of_an_entry_are_all_kept(server, settings, between):
    both = f"  <arxiv:doi>10.5555/Paper.1{between}10.5555/erratum.2</arxiv:doi>\n  </entry>"
    server.entries = [entry(1).replace("  </entry>", both)]
    (record,) = records(ask(settings))
    assert (record.doi, record.versions) == ("10.5555/paper.1", ("10.5555/erratum.2",))


def test_real_answers_are_read(server, settings, data):
    """All entries that arXiv itself wrote: pages of ten and a whole lot at once give the same records."""
    server.entries = recorded_entries(data / "arxiv-atom")
    assert len(server.entries) > 100
    found = records(ask(settings, limit=1000))
    assert found == records(ask(replace(settings, page_size=2000), limit=1000))
    assert len(found) == len(server.entries)
    assert all(r.title and r.authors and r.abstract and r.arxiv_id and r.version and r.year for r in found)
    assert {"quant-ph/0201082", "astro-ph/0601001", "2510.14968"} <= {r.arxiv_id for r in found}
    assert not any(r.withdrawn for r in found)


@pytest.mark.parametrize(
    ("name", "start", "count", "total"),
    [
        ("q_testing_s10_m10_34e56e15aaac", 10, 10, 214881),
        ("xiv_arxiv_response", 0, 2, 5619),
        ("xiv_arxiv_empty", 0, 0, 0),
    ],
)
def test_recorded_bodies_are_read_as_they_came(server, settings, data, name, start, count, total):
    server.script += [Reply(body=(data / "arxiv-atom" / f"{name}.xml").read_bytes())]
    page = next(SOURCE.pages(SOURCE.query(ASKED), 100, start, settings))
    assert (len(page.records), page.total) == (count, total)


def test_the_recorded_error_is_an_error(server, settings, data):
    server.script += [Reply(400, (data / "arxiv-atom" / "id_abc_s0_m100_b79c8dcf6bc3.xml").read_bytes())]
    found = failure(settings)
    assert "incorrect id format for abc" in found.what
    assert not found.retryable


# ------------------------------------------------------------------------------------------ failures that pass


BUSY = [
    Reply(429),
    Reply(429, headers={"Retry-After": "1"}),
    Reply(429, headers={"Retry-After": "0"}),
    Reply(503, b"<html>Down</html>"),
    Reply(500),
    Reply(200, proper=True, cut=300),
    Reply(200, b"", {"Content-Length": "10"}, cut=0),
    Reply(200, feed([], total=30, start=0, size=10)),
    Reply(200, feed([entry(n) for n in range(10, 20)], total=30, start=10, size=10)),
    Reply(200, b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>cut"),
    Reply(200, b"Rate exceeded."),
    Reply(200, b"<feed xmlns='http://www.w3.org/2005/Atom'></feed>"),
    Reply(200, proper=True, pause=1.5),
]


@pytest.mark.parametrize("reply", BUSY, ids=lambda reply: f"{reply.status}-{reply.headers}-{reply.body[:12]!r}")
def test_a_passing_failure_is_retried_and_counted(server, settings, reply):
    server.script += [reply]
    before = time.time()
    (page,) = ask(settings, limit=10)
    assert len(page.records) == 10
    assert (page.requests, page.retries) == (2, 1)
    assert time.time() - before >= float(reply.headers.get("Retry-After", 0))


@pytest.mark.parametrize(
    ("replies", "says"),
    [
        ([Reply(429)] * 3, "429"),
        ([Reply(503)] * 3, "503"),
        ([Reply(200, feed([], total=7, start=0, size=10))] * 3, "7 hits but sent none"),
        ([Reply(200, proper=True, cut=100)] * 3, "connection broke"),
        ([Reply(200, b"<feed")] * 3, "no valid XML"),
    ],
)
def test_a_lasting_failure_is_a_source_error_never_an_empty_result(server, settings, replies, says):
    server.script += replies
    found = failure(settings)
    assert says in found.what
    assert found.retryable
    assert (found.requests, found.retries) == (3, 2)
    assert len(server.seen) == 3


def test_an_empty_page_in_the_middle_is_not_the_end(server, settings):
    server.script += [None, Reply(200, feed([], total=30, start=10, size=10))]
    pages = ask(settings)
    assert len(records(pages)) == 30
    assert [page.retries for page in pages] == [0, 1, 0]
    server.script += [None, *[Reply(200, feed([], total=30, start=10, size=10))] * 3]
    assert "sent none from number 10 on" in failure(settings).what


def test_a_page_that_repeats_is_noticed(server, settings):
    again = Reply(200, feed([entry(n) for n in range(10)], total=30, start=10, size=10))
    server.script += [None, again]
    assert [r.arxiv_id for r in records(ask(settings))] == [f"2005.{n:05}" for n in range(30)]
    server.script += [None, again, again, again]
    assert "the page before once more" in failure(settings).what


def test_retry_after_as_a_date_is_kept_and_a_long_one_is_named(server, settings):
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    server.script += [Reply(503, headers={"Retry-After": then})]
    before = time.time()
    assert ask(settings, limit=10)[0].retries == 1
    assert time.time() - before > 0.8  # the date has no fractions of a second
    server.script += [Reply(429, headers={"Retry-After": "1"})]
    failure(replace(settings, attempts=1))
    before = time.time()
    ask(settings, limit=10)  # whoever asks next waits as well
    assert time.time() - before > 0.8
    server.script += [Reply(429, headers={"Retry-After": "3600"})]
    found = failure(settings)
    assert "wait 3600 s" in found.what
    assert found.retryable
    assert found.retries == 0


# ------------------------------------------------------------------------------------------ hostile answers


def test_a_slow_drip_is_cut_at_the_wall_clock_limit(server, settings):
    slow = Reply(200, proper=True, drip=1, pause=0.05)
    server.script += [slow]
    before = time.time()
    assert len(records(ask(settings, limit=10))) == 10
    assert 0.9 < time.time() - before < 8
    server.script += [Reply(200, proper=True, head_drip=True, pause=0.05)]
    before = time.time()
    assert len(records(ask(settings, limit=10))) == 10
    assert 0.9 < time.time() - before < 8


def test_silence_is_cut(server, settings):
    server.script += [Reply(200, proper=True, pause=5)] * 2
    before = time.time()
    found = failure(replace(settings, attempts=2, seconds=0.3))
    assert time.time() - before < 4
    assert found.retries == 1


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><feed xmlns="http://www.w3.org/2005/Atom"><title>&j;</title></feed>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<feed xmlns="http://www.w3.org/2005/Atom"><title>&x;</title></feed>'
)


@pytest.mark.parametrize(
    ("reply", "says", "retryable"),
    [
        (Reply(200, LAUGHS), "document type declaration", False),
        (Reply(200, OUTSIDE), "document type declaration", False),
        (Reply(200, b"<!DOCTYPE html><html><body>Log in, please<br></body></html>"), "web page", True),
        (Reply(200, b"<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>"), "web page", True),
        (Reply(200, feed([ERROR], total=1, start=0, size=1)), "incorrect id format", False),
        (Reply(400, feed([ERROR], total=1, start=0, size=1)), "incorrect id format", False),
        (Reply(400, b"Bad Request"), "answered 400", False),
        (Reply(403, b"<html>Denied</html>"), "answered 403", False),
        (Reply(200, b" " * (2**20 + 1)), "more than 1 MB", False),
        (Reply(200, b"", {"Content-Length": str(5 * 2**30)}, cut=0), "more than 1 MB", False),
        (Reply(200, b"\x1f\x8b", {"Content-Encoding": "gzip"}), "compresses", False),
        (Reply(302, headers={"Location": "http://10.0.0.1/api"}), "private network", False),
        (Reply(302, headers={"Location": "http://169.254.169.254/latest"}), "private network", False),
        (Reply(302, headers={"Location": "http://[::1]:9/"}), "private network", False),
        (Reply(302, headers={"Location": "http://localhost:9/"}), "private network", False),
        (Reply(302, headers={"Location": "file:///etc/passwd"}), "no http(s) address", False),
        (Reply(302, headers={"Location": "http://[bad/"}), "no address", False),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_a_hostile_answer_is_refused(server, settings, reply, says, retryable):
    server.script += [reply]
    found = failure(replace(settings, attempts=1))
    assert says in found.what
    assert "root:" not in found.what
    assert found.retryable == retryable
    assert len(server.seen) == 1


def test_a_name_that_leads_into_the_private_network_is_refused_when_connected(server, settings, monkeypatch):
    """The host looks public; only the connection shows where it leads."""
    import socket

    genuine = socket.getaddrinfo

    def rebound(host, *rest, **options):
        return genuine("127.0.0.1" if host == "papers.example" else host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    with ArxivServer() as other:
        server.script += [Reply(302, headers={"Location": other.api.replace("127.0.0.1", "papers.example")})]
        found = failure(settings)
        assert "papers.example (127.0.0.1)" in found.what
        assert other.seen == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]", "0x7f.1"])
def test_a_redirect_to_another_port_of_this_machine_is_refused(server, settings, host):
    with ArxivServer() as other:
        server.script += [Reply(301, headers={"Location": other.api.replace("127.0.0.1", host)})]
        assert "private network" in failure(settings).what
        assert other.seen == []


def test_redirects_are_followed_within_limits(server, settings):
    server.script += [Reply(301, headers={"Location": "/api/query?start=0&max_results=10"})]
    (page,) = ask(settings, limit=10)
    assert len(page.records) == 10
    assert (page.requests, page.retries) == (2, 0)
    server.script += [Reply(302, b"x" * 1000, {"Location": "/api/query?start=0&max_results=10"}, drip=1, pause=0.1)]
    assert ask(settings, limit=10)[0].retries == 0  # nobody waits for the body of a redirect
    server.seen.clear()
    server.script += [Reply(302, headers={"Location": "/api/query"})] * 20
    found = failure(settings)
    assert "redirects more than 5 times" in found.what
    assert len(server.seen) == 6
    assert found.requests == 6


def test_no_server_is_a_source_error(server, settings, monkeypatch):
    monkeypatch.setenv("SYNTH_ARXIV_API", "http://127.0.0.1:1/api")
    found = failure(settings)
    assert "refused the connection" in found.what
    assert found.retryable


def test_who_asks_is_told(server, settings, monkeypatch):
    ask(replace(settings, contact="mailto:ada@example.org"), limit=1)
    agent = server.seen[-1].headers["User-Agent"]
    assert agent.startswith("synth/")
    assert "(mailto:ada@example.org)" in agent
    with pytest.raises(UsageError):
        ask(replace(settings, contact="x\r\nEvil: 1"))


# ------------------------------------------------------------------------------------------ queries


def test_a_question_becomes_a_query_of_its_key_phrases():
    query = source("arxiv").query(
        "How does the typological distance between English intermediate tasks and target languages affect "
        "zero-shot cross-lingual sentence retrieval in XTREME-R?"
    )
    assert query == (
        'all:"typological distance" OR all:"intermediate tasks" OR all:"zero-shot cross-lingual" '
        'OR all:"sentence retrieval" OR all:"bitext retrieval" OR all:"bitext mining" '
        'OR all:"parallel sentence mining" OR all:"XTREME-R"'
    )


@pytest.mark.parametrize(
    "query",
    [
        'ti:"sentence retrieval" AND cat:cs.CL',
        "au:phang_j",
        "(all:electron ANDNOT au:smith) AND submittedDate:[202001010600 TO 202101010600]",
    ],
)
def test_a_query_in_arxivs_own_syntax_is_passed_verbatim(query):
    assert SOURCE.query(query) == query


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ?!",
        "類型論的距離は転移に影響するか",
        "ti:(unbalanced",
        'ti:"open',
        "cat:cs.CL\nAND ti:x",
        "ti:a) OR (ti:b",
        "ti:" + "x" * 20_000,
        "and or not the",
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(question):
    with pytest.raises(UsageError):
        SOURCE.query(question)


def test_etiquette_limits(server, settings):
    with pytest.raises(UsageError, match="30,000"):
        ask(settings, limit=MAX_HITS + 1)
    ask(replace(settings, page_size=5000), limit=5000)
    assert server.seen[0].query["max_results"] == "2000"


def test_the_place_to_ask_is_a_setting_but_arxiv_itself_keeps_its_pause():
    assert mirror({}).interval == 3.0
    assert mirror({"SYNTH_ARXIV_INTERVAL": "0.1"}).interval == 3.0
    here = {"SYNTH_ARXIV_API": "http://localhost:1/q/", "SYNTH_ARXIV_PDF": "http://localhost:1/p"}
    assert mirror(here | {"SYNTH_ARXIV_INTERVAL": "0.1"}).interval == 0.1
    assert mirror(here).api == "http://localhost:1/q"
    for wrong in ("ftp://x/y", "http://", "x", "http://a/{}", "http://a?b=c"):
        with pytest.raises(UsageError):
            mirror({"SYNTH_ARXIV_API": wrong})
    for wrong in ("-1", "nan", "soon"):
        with pytest.raises(UsageError):
            mirror({"SYNTH_ARXIV_INTERVAL": wrong})
