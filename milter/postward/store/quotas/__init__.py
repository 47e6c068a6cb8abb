"""What senders have sent lately, and what they may send."""
