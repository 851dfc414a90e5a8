"""Settings: flag > environment (`SYNTH_*`) > `synth.toml` in the workspace > default."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path

from synth.core.errors import UsageError


@dataclass(frozen=True)
class Settings:
    """Every setting with its default.

    Metadata: `doc` is its line in `docs/settings.md`; `names` are names of its variable that users have already;
    `least` is the smallest number allowed, 1 if not given; `list` marks a text of several parts, divided by commas.
    """

    author: str = field(default="Assignee Research", metadata={"doc": "author line of the report"})
    sources: str = field(
        default="arxiv",
        metadata={
            "doc": 'sources asked when no --source is given: `["arxiv", "local"]` or `"arxiv, local"`',
            "list": True,
        },
    )
    max_papers: int = field(default=50, metadata={"doc": "papers taken into a search at most"})
    encoder: str = field(
        default="",
        metadata={
            "doc": "sentence encoder: hub name (NAME or NAME@REVISION) or folder; empty = the packaged all-MiniLM-L6-v2"
        },
    )
    reranker: str = field(
        default="",
        metadata={
            "doc": "cross-encoder that orders the best works anew: hub name (NAME or NAME@REVISION) or folder; "
            "empty = none"
        },
    )
    parser: str = field(
        default="",
        metadata={"doc": "spaCy model that parses sentences: an installed package or a folder; empty = en_core_web_sm"},
    )
    stance_model: str = field(
        default="",
        metadata={
            "doc": "classifier for natural language inference: hub name (NAME or NAME@REVISION) or folder; empty = the "
            "packaged one; `rules` = rules alone"
        },
    )
    fidelity: str = field(default="synthetic", metadata={"doc": "fidelity at which `verify` runs"})
    jobs: int = field(default=2, metadata={"doc": "processes that read PDFs or train side by side"})
    max_pdf_mb: int = field(default=50, metadata={"doc": "largest PDF that is downloaded or read, in MB"})
    max_pages: int = field(default=500, metadata={"doc": "longest PDF that is read, in pages"})
    contact: str = field(
        default="",
        metadata={
            "doc": "mail or web address sent in the User-Agent, so that an operator can write before they block",
            "names": ("CROSSREF_MAILTO", "OPENALEX_EMAIL"),
        },
    )
    openalex_api_key: str = field(
        default="",
        repr=False,
        metadata={
            "doc": "key for OpenAlex; free, without it little may be asked a day",
            "names": ("OPENALEX_API_KEY",),
        },
    )
    s2_api_key: str = field(
        default="",
        repr=False,
        metadata={
            "doc": "key for Semantic Scholar; without it all users share a small allowance",
            "names": ("S2_API_KEY", "SEMANTIC_SCHOLAR_API_KEY"),
        },
    )
    crossref_plus_token: str = field(
        default="",
        repr=False,
        metadata={"doc": "token of Crossref's paid Metadata Plus", "names": ("CROSSREF_PLUS_TOKEN",)},
    )
    acl_dump: str = field(
        default="",
        metadata={"doc": "dump of the ACL Anthology's metadata (JSON lines, .gz or .xz); empty = below SYNTH_DATA"},
    )
    arxiv_dump: str = field(
        default="", metadata={"doc": "arXiv's bulk metadata (JSON lines, .gz or .xz) for the source arxivdump"}
    )
    cache_hours: int = field(
        default=24,
        metadata={
            "doc": "hours for which an answer of a network source is taken from the cache; 0 = never",
            "least": 0,
        },
    )
    reviewer_url: str = field(
        default="",
        metadata={
            "doc": "base of an OpenAI-compatible endpoint, such as http://localhost:8000/v1, whose model reviews too; "
            "reports are sent there; empty = none is asked"
        },
    )
    reviewer_model: str = field(default="", metadata={"doc": "model that is asked there"})
    max_requests: int = field(
        default=200, metadata={"doc": "requests made for one query at most in one run; the rest is for --resume"}
    )


SECRET = frozenset(setting.name for setting in fields(Settings) if not setting.repr)


def load(root: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Load the settings of the workspace at `root`.

    Raises UsageError on an unknown key or a value of the wrong type.
    """
    values: dict[str, object] = {}
    file = root / "synth.toml"
    if file.is_file():
        values |= _from_file(file)
    for setting in fields(Settings):
        # The names that other programs use come second: one that says SYNTH_ is meant for us.
        named = (f"SYNTH_{setting.name.upper()}", *setting.metadata.get("names", ()))
        text = next(filter(None, (environment.get(name, "").strip() for name in named)), "")
        if text:
            values[setting.name] = text
    build: Callable[..., Settings] = Settings
    return build(**{name: _typed(name, value) for name, value in values.items()})


def _from_file(file: Path) -> dict[str, object]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        remedy = "Give yourself read permission, or move it away."
        raise UsageError(f"{file} cannot be read: {error.strerror or error}.", remedy) from error
    except (ValueError, RecursionError) as error:  # also for a number of thousands of digits, a thousand brackets
        raise UsageError(f"{file} is not valid TOML: {error}.", "Mend the file, or move it away.") from error
    names = [setting.name for setting in fields(Settings)]
    for key in values:
        if key not in names:
            near = get_close_matches(key, names, 1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known settings: {', '.join(names)}."
            raise UsageError(f"{file} has an unknown setting `{key}`.", hint)
    return values


_METADATA = {setting.name: setting.metadata for setting in fields(Settings)}


def _typed(name: str, value: object) -> str | int:
    if _METADATA[name].get("list") and isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = ", ".join(value)
    scalar = isinstance(value, str | int) and not isinstance(value, bool)  # str() and int() would take anything
    if name in SECRET and not (scalar and re.fullmatch(r"[\x21-\x7e]{0,500}", str(value))):
        # It would break the header it travels in; it is not shown, since it may be a key with a typing error.
        raise UsageError(f"Setting `{name}` is no key.", "A key is one word without blanks or line breaks.")
    default, least = getattr(Settings, name), _METADATA[name].get("least", 1)
    try:
        if not scalar:
            raise TypeError
        converted = int(str(value)) if isinstance(default, int) else str(value)
        if isinstance(converted, int) and converted < least:
            raise ValueError
    except (TypeError, ValueError):
        kind = f"a whole number of at least {least}" if isinstance(default, int) else "text"
        raise UsageError(f"Setting `{name}` is {value!r}, which is not {kind}.", f"Give it as {kind}.") from None
    return converted
