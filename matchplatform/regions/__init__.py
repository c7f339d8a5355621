"""Divisions of Hebei, Beijing and Tianjin, the poverty counties, and poor people by county."""
