"""A bundle: one search with its report, its runs and what they rest on, as a Process Run Crate that can be checked."""
