"""One module a reviewer; each has a list `CHECKS` of functions from a case to a check, some a function `grade`."""
