"""What the reputation store and its estimates are worth, and what they cost."""
