"""Checks: what can be found out about a message.  They establish facts and never decide."""
