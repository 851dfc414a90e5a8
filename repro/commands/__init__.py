"""Experiments of anyone's: a command, the metric that it writes, and the rule by which its numbers are judged.

`definition` is the file, `building` turns it into an `Experiment`; `environment`, `code` and `limits` say in what a
command runs, `supervisor` runs it, and `metrics` reads what it wrote.
"""
