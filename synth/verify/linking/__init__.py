"""Predictions matched with contrasts of experiments, slot by slot, or the reason why none fits."""
