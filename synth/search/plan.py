"""Plan of a search: each source, its queries verbatim, and how many hits. Written down before anyone is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from synth import sources
from synth.core.errors import UsageError
from synth.text.lexicon import Lexicon

CANDIDATES = 4  # records asked of a source for each paper taken in: ours is a second, closer ranking
WHOLE = frozenset({"local", "references"})  # taken whole: their order says nothing, and the ranking comes later
CHASED = 50  # references, and citations, of one work that are asked for


@dataclass(frozen=True)
class Planned:
    """One query for one source; `kind` as in the ledger."""

    source: str
    query: str
    kind: str
    max_hits: int


def verbatim(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Read source → queries from `--query SOURCE=TEXT`. UsageError for another form or an unknown source."""
    queries: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, equals, query = text.partition("=")
        if not equals or not query.strip():
            raise UsageError(
                f"`--query {text[:60]}` names no source and query.", 'Write it as `--query "arxiv=ti:retrieval"`.'
            )
        name = sources.source(name.strip()).name
        if name in WHOLE:
            raise UsageError(
                f"The source `{name}` takes everything; it has no queries.", f"Leave `--query {name}=…` out."
            )
        queries[name] = tuple(dict.fromkeys([*queries.get(name, ()), query.strip()]))
    return queries


def plan(
    question: str, names: Sequence[str], queries: Mapping[str, Sequence[str]], papers: int, lexicon: Lexicon | None
) -> list[Planned]:
    """Plan the queries of a search for `papers` papers: for each source those of `queries`, else the question's own.

    Raises UsageError for an unknown source or a question that makes no query for one.
    """
    planned = []
    for name in names:
        source = sources.source(name)
        most = min(source.max_hits, sources.EVERYTHING if name in WHOLE else CANDIDATES * papers)
        if name in queries:
            planned += [Planned(name, query, "verbatim", most) for query in queries[name]]
        else:
            planned.append(Planned(name, source.query(question, lexicon), "question", most))
    return planned
