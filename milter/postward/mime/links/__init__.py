"""The URLs of a message, from text and HTML."""
