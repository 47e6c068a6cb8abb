"""The ways to the name servers, all of them on one I/O thread: c-ares, and what c-ares cannot do."""
