"""The words and patterns that the rules look for: data, not interface."""
