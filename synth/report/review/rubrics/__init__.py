"""One module a reviewer; each has a list `CHECKS` of functions from a Case to a Check, some a function `grade`."""
