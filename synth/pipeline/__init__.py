"""The jobs of the command line, each a sequence of stages over the store. Every stage commits in small transactions."""
