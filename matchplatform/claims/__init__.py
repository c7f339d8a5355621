"""Claims: an organisation takes all or part of a project's lines, the county answers."""
