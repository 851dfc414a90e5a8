"""Terminal: tables, colours, keys, views."""
