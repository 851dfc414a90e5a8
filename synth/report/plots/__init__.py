"""Pictures of a report as deterministic SVG."""
