"""What is known of senders from what they have sent: identities, estimates, words."""
