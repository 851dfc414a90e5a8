"""A dependency parse as plain values, with offsets into the original text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Token:
    """A token of a parse. `head` is the index of its governor, its own index at a root.

    `pos` is a Universal POS tag, `dep` a ClearNLP dependency label, `tag` a Penn Treebank tag. `lemma` is in lower
    case except for a masked name, whose text and lemma are the name as printed.
    """

    index: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    start: int
    end: int
    masked: bool = False


@dataclass(frozen=True)
class Parsed:
    """A text with the tokens that were parsed; citations and bracketed asides have none."""

    text: str
    tokens: tuple[Token, ...]

    @cached_property
    def _children(self) -> tuple[tuple[Token, ...], ...]:
        dependents: list[list[Token]] = [[] for _ in self.tokens]
        for token in self.tokens:
            if token.head != token.index:
                dependents[token.head].append(token)
        return tuple(map(tuple, dependents))

    @property
    def roots(self) -> tuple[Token, ...]:
        """Tokens without a governor, one for each sentence that the parser sees."""
        return tuple(t for t in self.tokens if t.head == t.index)

    def children(self, token: Token, *deps: str) -> tuple[Token, ...]:
        """Return the dependents of `token` in order, only those with one of the labels `deps` if any are given."""
        dependents = self._children[token.index]
        return tuple(t for t in dependents if t.dep in deps) if deps else dependents

    def head(self, token: Token) -> Token:
        """Return the governor of `token`, itself at a root."""
        return self.tokens[token.head]

    def subtree(self, token: Token) -> tuple[Token, ...]:
        """Return `token` with everything that depends on it, in order."""
        members, waiting = [token], [token]
        while waiting:
            children = self._children[waiting.pop().index]
            members += children
            waiting += children
        return tuple(sorted(members, key=lambda t: t.index))

    def ancestors(self, token: Token) -> Iterator[Token]:
        """Yield the governors of `token` from the nearest to the root."""
        while token.head != token.index:
            token = self.tokens[token.head]
            yield token
