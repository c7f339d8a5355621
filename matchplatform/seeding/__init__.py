"""Demo data, loaded through the real verbs under a set clock."""
