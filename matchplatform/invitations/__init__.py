"""Officers invite organisations to claim, and what they answer; nothing is held by it."""
