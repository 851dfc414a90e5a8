"""From a claim's predictions to a verdict: which experiment tests it, and what the measured numbers say."""
