"""Published measurements, re-analysed: per-language scores of others' models, and what is known of the languages."""
