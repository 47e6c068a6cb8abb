"""Transport rules: from a message to what its operator wants done."""
