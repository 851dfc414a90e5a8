"""Messages of Django's catalogues: the same English interface sentences in many languages, in a package.

Real sentences where no test set is at hand; short, of one domain, translated by volunteers, and few. Only the compiled
catalogues of the installed package `Django` (BSD-3-Clause) are read, by Python's `gettext`; no code of it runs.
"""

from __future__ import annotations

import gettext
import hashlib
import re
import struct
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from repro.data.library import Absent, Library
from repro.errors import LabError
from repro.targets import Encode, Pools, Progress, Row, TargetOptions, chosen, measure_pools

DATASETS: tuple[str, ...] = ()
PACKAGE = "Django"
MIN_WORDS = 4  # of a message; shorter ones are labels
MIN_MESSAGES = 50  # of a language
MAX_BYTES = 2**22  # of one catalogue
CATALOGUE = re.compile(r"^django/(?:conf|contrib/\w+)/locale/(\w+)/LC_MESSAGES/django\.mo$")
# Formats of Python and of templates, HTML and its entities: alike in every language, they would be matched as such.
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z%]|[{}<>]|&#?\w+;")
# ISO 639-3, as in the other targets, by the name of a locale; of a language's variants the one for which it stands.
CODES = {
    "af": "afr", "ar": "ara", "az": "aze", "be": "bel", "bg": "bul", "bn": "ben", "ca": "cat", "cs": "ces",
    "cy": "cym", "da": "dan", "de": "deu", "el": "ell", "eo": "epo", "es": "spa", "et": "est", "eu": "eus",
    "fa": "pes", "fi": "fin", "fr": "fra", "ga": "gle", "gd": "gla", "gl": "glg", "he": "heb", "hi": "hin",
    "hr": "hrv", "hsb": "hsb", "hu": "hun", "hy": "hye", "id": "ind", "is": "isl", "it": "ita", "ja": "jpn",
    "ka": "kat", "kk": "kaz", "ko": "kor", "lt": "lit", "lv": "lvs", "mk": "mkd", "ml": "mal", "mn": "mon",
    "mr": "mar", "ms": "zsm", "nb": "nob", "nl": "nld", "nn": "nno", "pl": "pol", "pt": "por", "ro": "ron",
    "ru": "rus", "sk": "slk", "sl": "slv", "sq": "sqi", "sr": "srp", "sv": "swe", "sw": "swh", "ta": "tam",
    "te": "tel", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie", "zh_Hans": "cmn",
}  # fmt: skip
Pairs = dict[str, list[tuple[str, str]]]


def measure(
    params: TargetOptions, library: Library, folder: Path | None, encode: Encode, progress: Progress
) -> list[Row]:
    """Return rows of `parallel_rows` a language. `params`: `languages` ("all" or a list), `neighbours`."""
    return measure_pools(pools(params, library, folder), params, encode, progress)


def pools(params: TargetOptions, library: Library, folder: Path | None) -> Pools:
    """Return English messages and those of each wanted language that has MIN_MESSAGES of them.

    Raises:
        LabError: if the catalogues are not those that the plan was made for (`params.source`).
    """
    if params.source not in (None, source()):
        raise LabError(f"the run was planned with {params.source}, and {source()} is installed", "plan it again")
    pairs = {code: own for code, own in read(_package()).items() if len(own) >= MIN_MESSAGES}
    codes = chosen(params.languages, "all", {"all": sorted(pairs)}, sorted(pairs))
    return {code: ([english for english, _ in pairs[code]], [other for _, other in pairs[code]]) for code in codes}


def source() -> str:
    """Name the package, its version and the SHA-256 of its catalogues, on which the sentences depend."""
    package, total = _package(), hashlib.sha256()
    for locale, file in _files(package):
        total.update(f"{locale}\0{hashlib.sha256(_bytes(file)).hexdigest()}\0".encode())
    return f"{PACKAGE} {package.version} ({total.hexdigest()[:16]})"


def read(package: Distribution) -> Pairs:
    """Return (English message, its translation) by language, whole sentences without placeholders, each side once."""
    pairs: Pairs = {}
    seen: dict[str, set[str]] = {}
    for locale, file in _files(package):
        own, sides = pairs.setdefault(CODES[locale], []), seen.setdefault(CODES[locale], set())
        for english, other in _messages(file):
            if _usable(english, other) and not {english, other} & sides:
                own.append((english, other))
                sides |= {english, other}
    return pairs


def _usable(english: str, other: str) -> bool:
    return (
        len(english.split()) >= MIN_WORDS
        and bool(other.strip())
        and english != other
        and not PLACEHOLDER.search(english)
        and not PLACEHOLDER.search(other)
    )


def _messages(file: Path) -> Iterator[tuple[str, str]]:
    """Yield message and translation, without plurals, contexts and the heading, in alphabetical order."""
    _bytes(file)
    try:
        with file.open("rb") as stream:
            known: Mapping[object, str] = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]
    except (OSError, ValueError, LookupError, struct.error) as error:
        raise LabError(f"the catalogue {file} is damaged ({error})", f"install {PACKAGE} again") from error
    plain = {one: other for one, other in known.items() if isinstance(one, str) and "\x04" not in one}
    for english in sorted(plain):
        yield " ".join(english.split()), " ".join(plain[english].split())


def _package() -> Distribution:
    try:
        return distribution(PACKAGE)
    except PackageNotFoundError as error:
        raise Absent(
            f"the package {PACKAGE}, whose catalogues are the sentences, is not installed", f"`pip install {PACKAGE}`"
        ) from error


def _files(package: Distribution) -> list[tuple[str, Path]]:
    """Return (locale, catalogue) of the locales in CODES, in the order of their names."""
    names = sorted(file.as_posix() for file in package.files or ())
    matches = [(name, match[1]) for name in names if (match := CATALOGUE.match(name)) and match[1] in CODES]
    return [(locale, Path(str(package.locate_file(name)))) for name, locale in matches]


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise LabError(f"the catalogue {file} is larger than {MAX_BYTES} bytes", f"install {PACKAGE} again")
        return file.read_bytes()
    except OSError as error:
        raise LabError(f"the catalogue {file} cannot be read ({error.strerror})", f"install {PACKAGE} again") from error
