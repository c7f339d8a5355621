"""Uploads: checked in a confined child process, kept outside the web root, served by permission."""
