"""The front page, the county table, help, the officers' desk and an organisation's own page."""
