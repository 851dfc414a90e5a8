"""SciFact's file format and measures (Wadden et al. 2020, arXiv:2004.14974): claims, corpus, predictions, scores."""
