"""The composition root: from the configuration to the objects that do the work."""
