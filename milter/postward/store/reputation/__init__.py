"""What is known of senders, in Redis: packed records, one key each, added to by one small script."""
