"""Makes and reads signed messages for tests; shares no code with what is tested."""
