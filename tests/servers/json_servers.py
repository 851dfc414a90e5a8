"""Servers on this machine that answer like OpenAlex, Semantic Scholar and Crossref, and fail as the test's script says.

The forms are those of the services' references; the works are made up. `script`, `seen` and `Reply` are those of
`arxiv_server`. Run as a program, it serves all three, and arXiv, until it is stopped, for trying things by hand.
"""

from __future__ import annotations

import json
import threading
from typing import Any

from tests.servers.arxiv_server import ArxivServer, entry

JSON = {"Content-Type": "application/json"}
TITLES = ("Transfer", "Retrieval", "Alignment", "Pruning", "Distillation", "Parsing", "Tagging", "Probing")


def title(number: int) -> str:
    """A title of its own for each number, so that no two works are taken for one."""
    return f"{TITLES[number % 8]} of cross-lingual sentence retrieval, study number {number}"


class JsonServer(ArxivServer):
    """`entries` are works; `variable` is the setting that leads a source here."""

    variable, prefix = "", ""

    def __init__(self, works: int = 30) -> None:
        super().__init__()
        self.works: list[Any] = [self.work(number) for number in range(works)]
        self.short = 0  # entries that each page has less than asked for

    @property
    def api(self) -> str:
        return self.root + self.prefix

    def work(self, number: int) -> dict[str, Any]:
        raise NotImplementedError

    def page(self, works: list[Any], total: int, start: int, size: int) -> dict[str, Any]:
        raise NotImplementedError

    def place(self, query: dict[str, str]) -> tuple[int, int]:
        """(number of the first hit, hits) that a request asks for."""
        raise NotImplementedError

    def proper(self, path: str, query: dict[str, str], asked: Any) -> tuple[int, dict[str, str], bytes]:
        if path.startswith("/pdf/"):
            return super().proper(path, query, asked)
        works = self.found(path, query)
        start, size = self.place(query)
        content = self.page(works[start : start + size - self.short], len(works), start, size)
        return 200, JSON, json.dumps(content).encode()

    def found(self, path: str, query: dict[str, str]) -> list[Any]:
        return self.works


class OpenAlexServer(JsonServer):
    """https://developers.openalex.org/api-reference/works"""

    variable = "SYNTH_OPENALEX_API"

    def work(self, number: int) -> dict[str, Any]:
        return {
            "id": f"https://openalex.org/W{1000 + number}",
            "doi": f"https://doi.org/10.5555/work.{number}",
            "display_name": title(number),
            "publication_year": 2020,
            "authorships": [
                {
                    "author_position": "first",
                    "author": {"id": "https://openalex.org/A1", "display_name": "Ada Lovelace"},
                },
                {
                    "author_position": "last",
                    "author": {"id": "https://openalex.org/A2", "display_name": "Émilie Châtelet"},
                },
            ],
            "abstract_inverted_index": {"We": [0], "study": [1], "transfer": [2, 4], "and": [3]},
            "best_oa_location": {
                "is_oa": True,
                "landing_page_url": f"https://doi.org/10.5555/work.{number}",
                "pdf_url": None,
            },
            "primary_location": {"landing_page_url": f"https://doi.org/10.5555/work.{number}", "pdf_url": None},
            "locations": [],
            "is_retracted": False,
        }

    def place(self, query: dict[str, str]) -> tuple[int, int]:
        size = int(query.get("per_page", 25))
        return (int(query.get("page", 1)) - 1) * size, size

    def page(self, works: list[Any], total: int, start: int, size: int) -> dict[str, Any]:
        meta = {"count": total, "db_response_time_ms": 31, "page": start // size + 1, "per_page": size}
        return {"meta": meta | {"groups_count": None}, "results": works, "group_by": []}

    def found(self, path: str, query: dict[str, str]) -> list[Any]:
        """cites:W and cited_by:W give the works whose numbers are one more and one less."""
        kind, _, name = query.get("filter", "").partition(":W")
        if kind in ("cites", "cited_by"):
            number = int(name) - 1000 + (100 if kind == "cites" else 200)
            return [self.work(number)]
        return self.works


class SemanticScholarServer(JsonServer):
    """https://api.semanticscholar.org/api-docs/graph"""

    variable, prefix = "SYNTH_S2_API", "/graph/v1"

    def work(self, number: int) -> dict[str, Any]:
        identifier = f"{number:040x}"
        return {
            "paperId": identifier,
            "externalIds": {"MAG": "1", "DOI": f"10.5555/work.{number}", "CorpusId": number},
            "url": f"https://www.semanticscholar.org/paper/{identifier}",
            "title": title(number),
            "abstract": "We study transfer and transfer.",
            "year": 2020,
            "openAccessPdf": None,
            "authors": [{"authorId": "1", "name": "Ada Lovelace"}, {"authorId": "2", "name": "Émilie Châtelet"}],
        }

    def place(self, query: dict[str, str]) -> tuple[int, int]:
        if "offset" not in query:  # in bulk: a token says where
            return int(query.get("token", "t0")[1:]), 10
        return int(query["offset"]), int(query.get("limit", 100))

    def page(self, works: list[Any], total: int, start: int, size: int) -> dict[str, Any]:
        following = {"next": start + size} if start + size < total else {}
        return {"total": total, "offset": start, **following, "data": works}

    def proper(self, path: str, query: dict[str, str], asked: Any) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = super().proper(path, query, asked)
        content = json.loads(body) if headers == JSON else {}
        if path.endswith("/bulk"):
            content.pop("offset")
            content["token"] = f"t{content.pop('next')}" if "next" in content else None
        elif path.endswith(("/references", "/citations")):
            content.pop("total")
            content["data"] = [
                {"citedPaper" if path.endswith("s/references") else "citingPaper": w} for w in content["data"]
            ]
        return status, headers, json.dumps(content).encode() if content else body

    def found(self, path: str, query: dict[str, str]) -> list[Any]:
        if path.endswith("/references"):
            return [{"paperId": None, "title": "A work that nobody has"}, self.work(300)]
        return [self.work(301)] if path.endswith("/citations") else self.works


class CrossrefServer(JsonServer):
    """https://api.crossref.org/swagger-ui/index.html"""

    variable = "SYNTH_CROSSREF_API"

    def work(self, number: int) -> dict[str, Any]:
        return {
            "DOI": f"10.5555/WORK.{number}",
            "title": [title(number)],
            "author": [
                {"given": "Ada", "family": "Lovelace", "sequence": "first", "affiliation": []},
                {"given": "Émilie", "family": "Châtelet", "sequence": "additional", "affiliation": []},
            ],
            "issued": {"date-parts": [[2020, 12, 1]]},
            "abstract": "<jats:title>Abstract</jats:title><jats:p>We <jats:italic>study</jats:italic>.</jats:p>",
            "URL": f"http://dx.doi.org/10.5555/work.{number}",
        }

    def place(self, query: dict[str, str]) -> tuple[int, int]:
        return int(query.get("offset", 0)), int(query.get("rows", 20))

    def page(self, works: list[Any], total: int, start: int, size: int) -> dict[str, Any]:
        message = {"facets": {}, "total-results": total, "items": works, "items-per-page": size}
        message["query"] = {"start-index": start, "search-terms": None}
        return {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}


SERVERS = {"openalex": OpenAlexServer, "semanticscholar": SemanticScholarServer, "crossref": CrossrefServer}

if __name__ == "__main__":
    arxiv = ArxivServer([entry(n) for n in range(120)])
    servers = [server(120) for server in SERVERS.values()]
    with arxiv, servers[0], servers[1], servers[2]:
        words = [f"SYNTH_ARXIV_API={arxiv.api}", f"SYNTH_ARXIV_PDF={arxiv.pdf}", f"SYNTH_ACL_PDF={arxiv.pdf}"]
        print(*words, *(f"{server.variable}={server.api}" for server in servers), flush=True)
        threading.Event().wait()
