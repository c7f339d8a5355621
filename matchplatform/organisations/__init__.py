"""Social organisations: registration, verification, membership."""
