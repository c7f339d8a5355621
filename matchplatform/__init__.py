"""The matching platform: relief projects published, found, claimed and delivered."""
