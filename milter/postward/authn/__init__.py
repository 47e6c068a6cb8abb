"""Authentication of senders: one package for each mechanism, none of which decides what happens to a message."""
