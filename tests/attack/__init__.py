"""Attacks on synth from outside: `make attack`, minutes, seeds fixed, figures into docs/reliability.md.

Not in the default suite. Each part tries many inputs or moments and counts what came of them; whatever is no answer,
no refusal with its reason, and no state that the same command mends, is a fault.
"""
