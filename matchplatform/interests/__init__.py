"""What agents keep for themselves: favourite projects, and searches that tell of new ones."""
