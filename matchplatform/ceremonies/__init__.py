"""Signing ceremonies: planned, run live, and followed until everybody has signed."""
