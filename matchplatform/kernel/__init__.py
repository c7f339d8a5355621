"""What every feature stands on: database types, clock, errors, workflow, money, text, paging, outbox."""
