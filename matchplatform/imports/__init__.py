"""Spreadsheets brought in: uploaded, looked through row by row, shown, and only then applied."""
