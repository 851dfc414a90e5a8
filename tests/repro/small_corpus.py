"""Files of the data set of multilingual text, with a handful of lines."""

from __future__ import annotations

import lzma
from pathlib import Path

from repro.data.library import Located

ROWS = {
    "bible.tsv.xz": (
        ("lang", "verse", "text"),
        ("eng", "1", "In the beginning was the word."),
        ("deu", "1", "Am Anfang war das Wort."),
        ("eng", "2", "The second verse is long."),
    ),
    "ntrex128.tsv.xz": (
        ("lang", "index", "text"),
        ("eng", "1", "The apples are red."),
        ("deu", "1", "Die Äpfel sind rot."),
    ),
    "sib200.tsv.xz": (
        ("lang", "split", "index_id", "text"),
        ("eng", "train", "7", "A second text."),
        ("fra", "train", "7", "Un texte."),
        ("fra", "test", "7", "Un autre texte."),
    ),
    "quran.tsv.xz": (("lang", "verse", "text"), ("eng", "1:1", "In the name of mercy.")),
    "wikiann_text.tsv.xz": (("lang", "text"), ("kat", "პირველი წიგნი"), ("eng", "A stub about a book.")),
}


def located(folder: Path) -> Located:
    paths = {}
    for name, rows in ROWS.items():
        paths[name] = folder / name
        paths[name].write_bytes(lzma.compress("".join("\t".join(row) + "\n" for row in rows).encode()))
    return Located("multilingual-raw", "at_hand", folder, paths, "0" * 64)
