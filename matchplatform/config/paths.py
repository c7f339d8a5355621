"""Where templates, seeds and the rest lie: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_INSTALLED = _PACKAGE / "_site"

SITE = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
TEMPLATES = SITE / "templates"
STATIC = SITE / "static"
SEEDS = SITE / "seeds"
MIGRATIONS = SITE / "migrations"
TRANSLATIONS = SITE / "translations"
