"""Redis: what it keeps, and whether it can be reached."""
