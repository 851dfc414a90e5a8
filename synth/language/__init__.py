"""Dependency parses of sentences from papers. spaCy is loaded with the first sentence, not with this package."""

from synth.language.masking import Masked, mask
from synth.language.parsed import Parsed, Token
from synth.language.parser import MAX_CHARACTERS, parse

__all__ = ["MAX_CHARACTERS", "Masked", "Parsed", "Token", "mask", "parse"]
