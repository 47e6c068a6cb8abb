"""Checks that look into the parts of a message."""
