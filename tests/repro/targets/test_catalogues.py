import struct

import pytest

from repro.data.library import Absent, Library
from repro.errors import LabError
from repro.targets import TargetOptions, catalogues

NOWHERE = Library(None, None)
FEW = {
    "": "Content-Type: text/plain; charset=UTF-8\n",
    "Enter a valid value, please.": "Bitte einen gültigen Wert eingeben.",
    "Please correct the  errors below.": "Bitte die unten\nstehenden Fehler beheben.",
    "The value of %(field)s is wrong.": "Der Wert von %(field)s ist falsch.",
    "The page was {count} times read.": "Die Seite wurde {count}-mal gelesen.",
    "Click <a href='x'>here to go on</a>": "Hier geht es weiter",
    "This is 100% of all pages": "Das sind alle Seiten",
    "Yes, delete": "Ja, löschen",
    "month\x04May of this last year": "Mai des letzten Jahres",
    "%d page was found here\0%d pages were found here": "%d Seite\0%d Seiten",
    "The same in both languages": "The same in both languages",
    "Not translated into this language": "",
    "Told twice in other words": "Bitte einen gültigen Wert eingeben.",
}


def compiled(messages):
    """A catalogue as msgfmt compiles it."""
    keys = sorted(key.encode() for key in messages)
    values = [messages[key.decode()].encode() for key in keys]
    start = 28 + 16 * len(keys)
    heads, texts = [], b""
    for text in [*keys, *values]:
        heads.append(struct.pack("<II", len(text), start + len(texts)))
        texts += text + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, start) + b"".join(heads) + texts


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install a Django that holds nothing but the given catalogues, by locale."""

    def install(**locales):
        info = tmp_path / "site" / "Django-9.9.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: Django\nVersion: 9.9\n")
        names = []
        for locale, data in locales.items():
            names.append(f"django/conf/locale/{locale}/LC_MESSAGES/django.mo")
            file = tmp_path / "site" / names[-1]
            file.parent.mkdir(parents=True)
            file.write_bytes(data)
        (info / "RECORD").write_text("".join(f"{name},,\n" for name in names))
        (tmp_path / "site" / "django" / "__init__.py").write_text("raise AssertionError('no code of Django may run')")
        monkeypatch.syspath_prepend(str(tmp_path / "site"))
        return tmp_path / "site"

    return install


def test_whole_sentences_without_placeholders_are_read_once(installed, monkeypatch):
    installed(de=compiled(FEW), xx=compiled(FEW))
    monkeypatch.setattr(catalogues, "MIN_MESSAGES", 1)
    assert catalogues.pools(TargetOptions(), NOWHERE, None) == {
        "deu": (
            ["Enter a valid value, please.", "Please correct the errors below."],
            ["Bitte einen gültigen Wert eingeben.", "Bitte die unten stehenden Fehler beheben."],
        )
    }


def test_a_language_with_few_messages_is_none(installed):
    installed(de=compiled(FEW))
    assert catalogues.pools(TargetOptions.read({"languages": "all"}), NOWHERE, None) == {}
    with pytest.raises(LabError, match="no sentences in deu"):
        catalogues.pools(TargetOptions.read({"languages": ["deu"]}), NOWHERE, None)


def test_the_source_follows_the_bytes_of_the_catalogues(installed):
    site = installed(de=compiled(FEW))
    before = catalogues.source()
    assert before.startswith("Django 9.9 (")
    file = site / "django/conf/locale/de/LC_MESSAGES/django.mo"
    file.write_bytes(compiled(FEW | {"One more message of this": "Noch eine"}))
    assert catalogues.source() != before
    with pytest.raises(LabError, match="planned with Django 9.9"):
        catalogues.pools(TargetOptions.read({"source": before}), NOWHERE, None)


@pytest.mark.parametrize("data", [b"", b"\xde\x12\x04\x95", compiled(FEW)[:60], b"x" * 200])
def test_a_damaged_catalogue_is_an_error_for_the_user(installed, data):
    installed(de=data)
    with pytest.raises(LabError, match="damaged"):
        catalogues.pools(TargetOptions(), NOWHERE, None)


def test_a_catalogue_that_is_too_large_is_not_read(installed, monkeypatch):
    installed(de=compiled(FEW))
    monkeypatch.setattr(catalogues, "MAX_BYTES", 10)
    with pytest.raises(LabError, match="larger than 10 bytes"):
        catalogues.source()


def test_without_the_package_it_is_said_what_to_do(monkeypatch):
    def missing(name):
        raise catalogues.PackageNotFoundError(name)

    monkeypatch.setattr(catalogues, "distribution", missing)
    with pytest.raises(Absent, match="not installed") as caught:
        catalogues.source()
    assert "pip install Django" in caught.value.do
