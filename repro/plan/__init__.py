"""Plans: an experiment at one fidelity as stages with keys and costs."""
