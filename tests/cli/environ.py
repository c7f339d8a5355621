"""The variables of a site for tests: cheap hashes, its own folder."""

from pathlib import Path


def environ_of(folder: Path) -> dict[str, str]:
    """Return the variables of a test site in ``folder``."""
    return {
        "MATCHPLATFORM_ENV": "test",
        "MATCHPLATFORM_INSTANCE": str(folder),
        "MATCHPLATFORM_SECRET_KEY": "a secret that only the tests know, long enough",
        "MATCHPLATFORM_ARGON2_MEMORY_KIB": "8",
        "MATCHPLATFORM_ARGON2_TIME": "1",
        "MATCHPLATFORM_WEB_PROCESSES": "1",
    }
