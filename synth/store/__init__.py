"""The workspace's SQLite database: tables, migrations, and what the rest of the program reads from it."""
