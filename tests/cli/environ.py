"""The variables of a site for tests: cheap hashes, its own folder, its own database."""

from pathlib import Path

from tests.databases import fresh_url


def environ_of(folder: Path) -> dict[str, str]:
    """Return the variables of a test site in ``folder``."""
    return {
        "MATCHPLATFORM_ENV": "test",
        "MATCHPLATFORM_INSTANCE": str(folder),
        "MATCHPLATFORM_DATABASE_URL": fresh_url(),
        "MATCHPLATFORM_SECRET_KEY": "a secret that only the tests know, long enough",
        "MATCHPLATFORM_ARGON2_MEMORY_KIB": "8",
        "MATCHPLATFORM_ARGON2_TIME": "1",
        "MATCHPLATFORM_WEB_PROCESSES": "1",
    }
