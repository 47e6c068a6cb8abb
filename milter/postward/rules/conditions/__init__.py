"""What rules ask of a message, each a value that was compiled once."""
