"""A message as rules see it: frozen, typed, and read no further than a rule asks."""
