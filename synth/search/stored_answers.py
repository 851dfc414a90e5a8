"""The answers of a search's sources, in the database: what was asked once is not asked again, and can be repeated."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass

from sqlmodel import select

from synth.sources.http.answers import Response
from synth.store.database import Store
from synth.store.tables import AnswerRow

MAX_ANSWER_BYTES = 256 * 2**20  # bytes of an answer when it is unpacked: more than any source is allowed to send


@dataclass(frozen=True)
class StoredAnswers:
    """Answers of the search `search_id`, kept for its query `query_id`; those of `others` are found as well."""

    store: Store
    search_id: int
    query_id: int
    others: tuple[int, ...] = ()

    def find(self, url: str) -> Response | None:
        """Return the answer to `url`; None if there is none or if it is damaged."""
        with self.store.session() as s:
            searches = (self.search_id, *self.others)
            wanted = select(AnswerRow).where(AnswerRow.url == url).where(AnswerRow.search_id.in_(searches))  # type: ignore[attr-defined]
            for row in s.exec(wanted.order_by(AnswerRow.id)):  # type: ignore[arg-type]
                body = _unpacked(row.body)
                if body is not None and hashlib.sha256(body).hexdigest() == row.sha256:
                    return Response(row.url, row.status, body, row.headers, row.asked)
        return None

    def keep(self, answer: Response) -> None:
        with self.store.session() as s:
            same = select(AnswerRow.id).where(AnswerRow.search_id == self.search_id, AnswerRow.url == answer.url)
            if s.exec(same).first() is None:
                s.add(
                    AnswerRow(
                        search_id=self.search_id,
                        source_query_id=self.query_id,
                        url=answer.url,
                        asked=answer.requested_at,
                        status=answer.status,
                        headers=dict(answer.headers),
                        body=zlib.compress(answer.body),
                        sha256=hashlib.sha256(answer.body).hexdigest(),
                    )
                )


def _unpacked(body: bytes) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(body, MAX_ANSWER_BYTES)
    except zlib.error:
        return None
