"""Real servers that hold a directory: private, unprivileged, on Unix sockets, gone at the end."""
