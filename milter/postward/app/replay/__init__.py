"""Rules over stored mail: what they would have done, and what another set would do instead."""
