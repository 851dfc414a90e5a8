"""Roles and phrases read off a dependency parse."""
