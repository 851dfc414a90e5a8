"""Training: the loop, masked language modelling, mixtures of tasks, heads."""
