"""Rules that are written in Python: found, checked, run out of reach of the mail, and called to account."""
