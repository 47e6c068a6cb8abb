"""Checks that need the header and the session alone."""
