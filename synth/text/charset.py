"""Bytes of strangers' text files to text, with a warning for whatever was not UTF-8. Pure.

charset-normalizer decides among encodings of whole words in other scripts (Cyrillic, Japanese, Chinese …). A Latin
text has one foreign byte in a word, too little for its statistics ("café" in Latin-1 is Central European to it), so
there the encoding is taken that puts letters where letters stand.
"""

from __future__ import annotations

import codecs
import re

# In order of preference; names as people know them.
LATIN = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp1250": "Windows-1250", "iso8859_2": "Latin-2"}
LATIN |= {"cp850": "DOS (850)"}
OTHERS = ("cp1251", "koi8_r", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "cp1253", "cp1255", "cp1256")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"(?:encoding|charset)\s*[:=]\s*[\"']?([A-Za-z][\w.:-]{1,30})", re.IGNORECASE)
_HIGH = re.compile(rb"[\x80-\xff]+")
_COMMON = frozenset("äöüßéèêëàâáãåæçñíîïóôõøúûùÄÖÜÉÁÅØŁłśżźćńęąčřžšěůťďőűăŚŻŹČŘŽŠ–—‘’“”„…°µ±×²³·€§«»®©½")
SAMPLE = 200_000  # bytes that decide


def decoded(content: bytes) -> tuple[str, list[str]]:
    """Return the text of `content` without byte order mark, and what had to be guessed or is damaged."""
    content = content.removeprefix(codecs.BOM_UTF8)
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _strictly(content[len(mark) :], name)
    if wide := _wide(content):
        return _strictly(content, wide)
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        return _by_lines(content)


def _strictly(content: bytes, name: str) -> tuple[str, list[str]]:
    try:
        return content.decode(name), []
    except UnicodeDecodeError:
        return content.decode(name, "replace"), [f"some characters are damaged ({name.upper()}); shown as \ufffd"]


def _wide(content: bytes) -> str:
    """Decode UTF-16 without a byte order mark, which shows by a zero in every other byte of plain letters."""
    start = content[:2000]
    half = len(start) // 2
    if half < 4:
        return ""
    if start[1::2].count(0) > 0.6 * half and start[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if start[::2].count(0) > 0.6 * half and start[1::2].count(0) < 0.1 * half else ""


def _by_lines(content: bytes) -> tuple[str, list[str]]:
    """Decode each line in UTF-8 where it is that, the others in one encoding: files are put together of several."""
    lines = content.splitlines(keepends=True)
    texts: list[str | None] = []
    foreign: list[int] = []
    damaged: list[int] = []
    for number, line in enumerate(lines):
        try:
            texts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            text = line.decode("utf-8", "replace")
            good = sum(ord(c) > 127 and c != "\ufffd" for c in text)
            if good > text.count("\ufffd"):
                texts.append(text)
                damaged.append(number)
            else:
                texts.append(None)
                foreign.append(number)
    name = _encoding(b"\n".join(lines[number] for number in foreign)[:SAMPLE], content[:4000]) if foreign else ""
    warnings = []
    if foreign:
        all_high = sum(any(byte > 127 for byte in line) for line in lines)
        where = "" if len(foreign) == all_high > 1 else f"{_numbers(foreign)}: "
        warnings.append(f"{where}no UTF-8; read as {_called(name)}: look at letters with accents")
    if damaged:
        warnings.append(f"{_numbers(damaged)}: damaged characters, shown as \ufffd")
    whole = [lines[n].decode(name, "replace") if text is None else text for n, text in enumerate(texts)]
    return "".join(whole), warnings


def _numbers(lines: list[int]) -> str:
    shown = ", ".join(str(number + 1) for number in lines[:5])
    return f"line{'s' if len(lines) > 1 else ''} {shown}{f' and {len(lines) - 5} more' if len(lines) > 5 else ''}"


def _called(name: str) -> str:
    return LATIN.get(name, name.upper())


def _encoding(sample: bytes, start: bytes) -> str:
    """Return the encoding of text that is no UTF-8: the one that the file declares, else the likeliest."""
    if declared := _DECLARED.search(start):
        try:
            name = codecs.lookup(declared[1].decode()).name
            if name not in ("utf-8", "ascii") and "\0" not in sample.decode(name):
                return "cp1252" if name == "iso8859-1" else name
        except (LookupError, ValueError):
            pass
    runs = _HIGH.findall(sample)
    if sum(len(run) for run in runs if len(run) > 1) > 0.8 * sum(map(len, runs)):
        from charset_normalizer import from_bytes

        if best := from_bytes(sample, cp_isolation=[*OTHERS, *LATIN]).best():
            return str(best.encoding)
    order = list(LATIN)
    return max(LATIN, key=lambda name: (_likelihood(sample, name), -order.index(name)))


def _likelihood(sample: bytes, name: str) -> float:
    """Score how much `sample` looks like words in this encoding."""
    text = sample.decode(name, "replace")
    score = -0.5 * (name in ("iso8859_2", "cp850"))
    for match in re.finditer("[^\x00-\x7f]", text):
        sign, at = match[0], match.start()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        inside = before.isalpha() or after.isalpha()
        score += 1.0 if sign in _COMMON and (sign.isalpha() or not inside or sign in "’–—") else 0.0
        if sign == "\ufffd" or "\x80" <= sign <= "\x9f":
            score -= 5
        elif not sign.isalpha():
            score -= 2 if before.isalpha() and after.isalpha() and sign not in "’‘·–—" else 0
            score -= 1 if inside and sign not in "’‘“”„«»–—…·°µ±×²³®™©" else 0
        elif sign.isupper() and before.isalpha() and (before.islower() or after.islower()):
            score -= 2
    return score
