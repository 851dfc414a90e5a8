"""Ways to damage a file, each from a seeded draw."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pymupdf

from tests.pdf import hostile

Mutation = Callable[[bytes, random.Random], bytes]
NUMBER = re.compile(rb"(?<![\w.])\d{1,8}(?![\w.])")
STRANGE = (None, True, -1, 10**30, 1e308, "", " ", "\x00\x1b[31m", "é" * 5000, [], {}, [[[]]], {"a": {"b": None}})


def flipped(content: bytes, draw: random.Random) -> bytes:
    """Exchange up to 200 bytes."""
    out = bytearray(content)
    for _ in range(draw.randint(1, 200)):
        out[draw.randrange(len(out))] = draw.randrange(256)
    return bytes(out)


def cut(content: bytes, draw: random.Random) -> bytes:
    """Leave the beginning alone."""
    return content[: draw.randrange(1, len(content))]


def spliced(content: bytes, draw: random.Random) -> bytes:
    """Put a piece of the file into it at another place."""
    first, at = draw.randrange(len(content)), draw.randrange(len(content))
    piece = content[first : first + draw.randint(1, 5000)]
    return content[:at] + piece + content[at + draw.choice((0, len(piece))) :]


def renumbered(content: bytes, draw: random.Random) -> bytes:
    """Exchange up to 20 whole numbers: lengths, counts, references, places of objects."""
    places = [match.span() for match in NUMBER.finditer(content)]
    out = content
    for first, last in sorted(draw.sample(places, min(len(places), draw.randint(1, 20))), reverse=True):
        out = out[:first] + str(draw.choice((0, 1, draw.randrange(100), 2**31, 10**12))).encode() + out[last:]
    return out


def _written(pdf: pymupdf.Document, content: bytes, draw: random.Random) -> bytes:
    """Write the changed file; where the library refuses to (no page is left), the bytes are damaged instead."""
    try:
        return pdf.tobytes()
    except (ValueError, RuntimeError):
        return flipped(content, draw)


def streams(content: bytes, draw: random.Random) -> bytes:
    """Damage the unpacked content of up to three streams (pages, fonts, pictures, tables of characters)."""
    with pymupdf.open(stream=content, filetype="pdf") as pdf:
        packed = [number for number in range(1, pdf.xref_length()) if pdf.xref_is_stream(number)]
        for number in draw.sample(packed, min(len(packed), draw.randint(1, 3))):
            inside = pdf.xref_stream(number) or b""
            if inside:
                pdf.update_stream(number, draw.choice((flipped, cut, spliced, renumbered))(inside, draw))
        return _written(pdf, content, draw)


def dictionaries(content: bytes, draw: random.Random) -> bytes:
    """Exchange values of up to five objects for others of another type, or for references that lead in a circle."""
    with pymupdf.open(stream=content, filetype="pdf") as pdf:
        objects = range(1, pdf.xref_length())
        for number in draw.sample(objects, min(len(objects), draw.randint(1, 5))):
            for key in pdf.xref_get_keys(number)[:20]:
                if draw.random() < 0.3:
                    values = ("null", "[]", "<<>>", "-1", "(x)", f"{draw.choice(objects)} 0 R", f"[{number} 0 R]")
                    pdf.xref_set_key(number, key, draw.choice(values))
        return _written(pdf, content, draw)


def active(content: bytes, draw: random.Random) -> bytes:
    """Add what a reader must not run: scripts, launches, files and forms that are fetched."""
    actions = (
        "<</S/JavaScript/JS(app.alert(1))>>",
        "<</S/Launch/F(/bin/sh)>>",
        "<</S/URI/URI(http://127.0.0.1:9/x)>>",
        "<</S/GoToR/F(/etc/passwd)/D[0/Fit]>>",
    )
    with pymupdf.open(stream=content, filetype="pdf") as pdf:
        pdf.xref_set_key(pdf.pdf_catalog(), draw.choice(("OpenAction", "AA")), draw.choice(actions))
        pdf.embfile_add(draw.choice(("a.exe", "../../x", "a\u202ex", "a" * 300)), draw.randbytes(draw.randint(0, 9000)))
        return _written(pdf, content, draw)


def bomb(content: bytes, draw: random.Random) -> bytes:
    """Give a file that costs far more than its size: objects, pages, nested forms, packed text."""
    objects = draw.choice((1_000, 100_000))
    return draw.choice(
        (
            lambda: hostile.text_bomb(),
            lambda: hostile.slow(),
            lambda: hostile.looping_tree(),
            lambda: hostile.deep_tree(),
            lambda: hostile.endless_count(),
            lambda: hostile.nested_arrays(),
            lambda: hostile.script(),
            lambda: hostile.assemble(
                [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
                + [b"<</Type/Page/Parent 2 0 R/Annots[%d 0 R]>>" % (n + 4) for n in range(objects)]
            ),
            lambda: hostile.one_page(box=b"[0 0 1e9 1e9]"),
        )
    )()


PDF: Mapping[str, Mutation] = {
    "bytes": flipped,
    "cut": cut,
    "spliced": spliced,
    "numbers and references": renumbered,
    "streams and fonts": streams,
    "dictionaries and page trees": dictionaries,
    "scripts and attachments": active,
    "bombs": bomb,
}
TEXT: Mapping[str, Mutation] = {"bytes": flipped, "cut": cut, "spliced": spliced, "numbers": renumbered}


def restructured(content: bytes, draw: random.Random) -> bytes:
    """Exchange up to five values of a JSON document for others of another type, or leave them out."""
    document = json.loads(content)
    for _ in range(draw.randint(1, 5)):
        _exchange(document, draw)
    return json.dumps(document).encode()


def _exchange(node: Any, draw: random.Random) -> None:
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = draw.choice(keys)
        inside = node[key]
        if isinstance(inside, dict | list) and inside and draw.random() < 0.8:
            node = inside
        elif isinstance(node, dict) and draw.random() < 0.3:
            del node[key]
            return
        else:
            node[key] = deepcopy(draw.choice(STRANGE))  # a shared one would be changed by the next exchange
            return


def retagged(content: bytes, draw: random.Random) -> bytes:
    """Exchange, leave out or double up to five tags of an XML document, and declare entities."""
    tags = [match.span() for match in re.finditer(rb"<[^>]+>", content)]
    out = content
    for first, last in sorted(draw.sample(tags, min(len(tags), draw.randint(1, 5))), reverse=True):
        tag = out[first:last]
        out = out[:first] + draw.choice((b"", tag * 2, tag.upper(), b"<x>", b"&boom;", b"<![CDATA[")) + out[last:]
    if draw.random() < 0.2:
        entity = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY boom "&a;&a;&a;&a;">]>'
        out = entity + out.partition(b"?>")[2]
    return out
