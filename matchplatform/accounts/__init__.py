"""People's accounts: sign-in, server-side sessions, passwords and their one-time links."""
