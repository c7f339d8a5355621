"""Public search: the list of projects and the page of each."""
