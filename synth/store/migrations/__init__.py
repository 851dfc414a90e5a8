"""Alembic migrations, run by the program itself so that a wheel is complete."""
