"""What was signed: agreements and the commitments that they make."""
