"""The trail: who did what to what, when and from where, as a chain that shows any tampering."""
