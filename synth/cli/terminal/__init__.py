"""What the terminal shows and reads: tables, colours, keys, views."""
