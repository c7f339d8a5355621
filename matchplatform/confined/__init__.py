"""What runs in a confined child process, and how one is started. It imports nothing of the site."""
