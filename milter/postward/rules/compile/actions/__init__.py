"""The actions that a rule may name, each read from what is written behind it."""
