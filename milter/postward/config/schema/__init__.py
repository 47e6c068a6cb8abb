"""The schema of postward.yaml: one file for each section."""
