"""From facts to symbols with weights."""
