"""Benchmarks: measured and never asserted; `make bench` runs them, docs/benchmarks.md keeps what came out."""
