"""The bench: what a message costs Postward, and what it costs those that it replaces."""
