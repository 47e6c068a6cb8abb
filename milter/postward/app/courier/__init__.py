"""What acts later: notices, uploads, messages that are let go or expire."""
