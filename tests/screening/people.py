"""A search with works to screen, without sources and without models."""

from __future__ import annotations

from synth.store.database import Store
from synth.store.tables import Paper, Screening, Search, now

QUESTION = "Does training help retrieval?"


def filled(path, works=12, abstracts=(), **paper):
    """A store with one finished search; the first three works are taken in by rule, the others are left out."""
    store = Store(path)
    with store.session() as s:
        search = Search(question=QUESTION, key="k" * 64, state="done", complete=True, created=now())
        s.add(search)
        s.flush()
        for n in range(1, works + 1):
            abstract = abstracts[n - 1] if n <= len(abstracts) else f"Abstract of work {n} about retrieval."
            one = Paper(title=f"Work {n}", title_key=f"work {n}", abstract=abstract, authors=["Ann Author"], year=2020)
            for name, value in paper.items():
                setattr(one, name, value)
            s.add(one)
            s.flush()
            taken = n <= 3
            s.add(
                Screening(
                    search_id=search.id,
                    paper_id=one.id,
                    rank=n,
                    score=1 / n,
                    decision="include" if taken else "exclude",
                    reason="" if taken else "below the limit of 3 papers",
                )
            )
    return store


class Ranks:
    """A model that thinks works with small places likely, and those that were told true or false."""

    def __init__(self, texts, _question):
        self.size = len(texts)
        self.told = []

    def chances(self, decisions):
        self.told.append(dict(decisions))
        return [1 - place / self.size for place in range(self.size)]
