"""Encoders, cross-encoders and the packaged stance classifier, with their cache on disk."""
