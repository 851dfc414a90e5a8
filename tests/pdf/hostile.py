"""PDFs written by hand, object by object, to be as bad as possible."""

from __future__ import annotations

import zlib

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
SHOW = b"BT /F 11 Tf 72 700 Td (We show that this works very well.) Tj ET"


def assemble(objects: list[bytes]) -> bytes:
    """A file of numbered objects, the first one the catalog."""
    out = bytearray(b"%PDF-1.5\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return bytes(out + head + table + tail)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n" % (len(data), extra) + data + b"\nendstream"


def one_page(content: bytes = SHOW, extra: bytes = b"", box: bytes = b"[0 0 595 842]", catalog: bytes = b"") -> bytes:
    return assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox" + box + b"/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
            stream(content, extra),
            FONT,
        ]
    )


def deflated(piece: bytes, times: int) -> bytes:
    """`piece`, `times` over, compressed without ever holding it whole."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(piece) for _ in range(times)) + packer.flush()


def text_bomb() -> bytes:
    """A few hundred kilobytes that become two million lines of text."""
    return one_page(
        deflated(b"BT /F 1 Tf (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj ET\n" * 10_000, 200), b"/Filter/FlateDecode"
    )


def slow() -> bytes:
    """Forms that show each other thirty times each, eight deep: MuPDF stays busy in C, where no handler runs."""
    levels = 8
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>"
    forms = [stream(b"/X Do " * 30, form % (number + 1)) for number in range(5, 5 + levels)]
    return assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
            stream(b"/X Do"),
            *forms,
            stream(b"1 1 m 2 2 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]"),
        ]
    )


def looping_tree() -> bytes:
    return assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 2>>",
            b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>",
        ]
    )


def deep_tree(depth: int = 20_000) -> bytes:
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 3) for number in range(depth)]
    return assemble([b"<</Type/Catalog/Pages 2 0 R>>", *nodes, b"<</Type/Page/MediaBox[0 0 9 9]>>"])


def endless_count() -> bytes:
    return assemble([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 2000000000>>"])


def nested_arrays() -> bytes:
    return assemble([b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 300_000 + b">>", b"<</Type/Pages/Kids[]/Count 0>>"])


def script() -> bytes:
    return one_page(catalog=b"/OpenAction<</S/JavaScript/JS(while\\(1\\){app.alert\\(1\\);})>>")


def huge_page() -> bytes:
    return one_page(box=b"[0 0 1000000 1000000]")
