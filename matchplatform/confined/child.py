"""The inside of a child process: what it gives up before it looks at a stranger's file."""

import resource

MEGABYTE = 1024 * 1024
OPEN_FILES = 32


def confine(*, memory_megabytes: int, seconds: int, written: int) -> None:
    """Give up for good: memory, time, output over ``written`` bytes, core dumps, new processes."""
    for what, most in (
        (resource.RLIMIT_AS, memory_megabytes * MEGABYTE),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
