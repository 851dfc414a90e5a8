"""synth: answers a research question from the literature, then checks the literature by experiment."""

__version__ = "0.1.0"
