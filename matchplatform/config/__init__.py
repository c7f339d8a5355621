"""Settings, and where the site's own files lie."""
