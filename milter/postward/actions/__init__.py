"""From what was found to what is done: one decision, one Plan."""
