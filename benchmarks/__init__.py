"""What is measured and never asserted; `make bench` runs all of it, docs/benchmarks.md keeps what came out."""
