"""Pictures of a report as deterministic SVG: plots by matplotlib, the PRISMA flow diagram by hand."""
