"""Encoders of the XLM-R family: checkpoints, tokenizers, sentence vectors."""
