"""What fits an organisation and why: a pure engine, its reads and its page."""
