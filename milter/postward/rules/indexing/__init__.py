"""What a message has of the attributes that rules are looked up by."""
