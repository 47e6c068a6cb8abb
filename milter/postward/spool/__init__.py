"""Messages that are kept on this host for a while."""
