"""Runs: stages carried out in child processes, and what they measured."""
