"""The quality gate: a need and what is known around it go in, findings come out."""
