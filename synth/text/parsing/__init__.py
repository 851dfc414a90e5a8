"""Dependency parses of sentences from papers. spaCy is loaded with the first sentence, not with this package."""

from synth.text.parsing.masking import Masked, mask
from synth.text.parsing.parsed import Parsed, Token
from synth.text.parsing.parser import MAX_CHARACTERS, parse

__all__ = ["MAX_CHARACTERS", "Masked", "Parsed", "Token", "mask", "parse"]
