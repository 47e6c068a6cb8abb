"""Numbers with a check digit, found in text."""
