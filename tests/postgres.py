"""A PostgreSQL cluster of our own: made in a temporary folder, on a socket there, and removed.

`python -m tests.postgres COMMAND ...` runs a command with its address in the environment.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

# The address of a cluster that somebody else keeps for us, as libpq reads it.
VARIABLE = "MATCHPLATFORM_TEST_CLUSTER"
PACKAGE = "postgresql-15"
PATIENCE = 60.0
# A cluster that lives for one run may lose everything in a power cut; what is tested is kill -9.
FASTER = ("fsync=off", "full_page_writes=off", "autovacuum=off", "max_connections=200")
# Waits for a line, or for the end of whoever should have sent it: then it stops the cluster of the
# folder and removes that.
WATCH = """
read -r _ && exit
server=$(head -n 1 "$1/data/postmaster.pid") && kill -INT "$server"
for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -e "$1/data/postmaster.pid" ] || break
    sleep 0.5
done
rm -rf "$1"
"""


class NoPostgres(Exception):
    """PostgreSQL's programs, or the user who runs them for root, are not on this machine."""


@contextmanager
def cluster(*settings: str) -> Iterator[str]:
    """Keep a cluster while the block runs; yield its address for its superuser.

    ``settings`` are ``name=value``, beside those that make a short life quicker.

    Raises:
        NoPostgres: the programs are not installed.
    """
    binaries = programs()
    # The path of a socket is short: 107 characters at most.
    with ExitStack() as cleaning:
        name = cleaning.enter_context(
            tempfile.TemporaryDirectory(prefix="mp-pg-", ignore_cleanup_errors=True)
        )
        folder = Path(name)
        keeper = _keeper(folder)
        data = folder / "data"
        cleaning.enter_context(_watched(folder, keeper))
        subprocess.run(
            [f"{binaries}/initdb", "-D", f"{data}", "-U", "postgres", "-A", "trust", "-E", "UTF8"]
            + ["--locale=C.UTF-8", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, user=keeper,
        )  # fmt: skip
        options = [part for setting in (*FASTER, *settings) for part in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [f"{binaries}/postgres", "-D", f"{data}", "-k", name, "-c", "listen_addresses="]
                + options,
                stdout=subprocess.DEVNULL, stderr=log, cwd=folder, user=keeper,
                start_new_session=True,
            )  # fmt: skip
        address = f"host={folder} user=postgres dbname=postgres"
        try:
            _wait_for(address, server, folder / "log")
            yield address
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=PATIENCE)


@contextmanager
def any_cluster() -> Iterator[str]:
    """Yield the address of the cluster that is kept for us, or of a new one."""
    kept = os.environ.get(VARIABLE)
    if kept:
        yield kept
        return
    with cluster() as address:
        yield address


@contextmanager
def database(address: str, name: str) -> Iterator[str]:
    """Make an empty database that a role without rights owns; yield its address for the site."""
    folder = psycopg.conninfo.conninfo_to_dict(address)["host"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "DO $$ BEGIN CREATE ROLE site LOGIN; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
        connection.execute(f'CREATE DATABASE "{name}" OWNER site TEMPLATE template0')
    try:
        yield f"postgresql://site@/{name}?host={folder}"
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def programs() -> Path:
    """Return the folder of initdb and postgres, wherever Debian's package put it.

    Raises:
        NoPostgres: they are not installed.
    """
    listed = shutil.which("dpkg-query") and subprocess.run(
        ["dpkg-query", "-L", PACKAGE], capture_output=True, text=True, check=False
    )
    found = (
        [line for line in listed.stdout.splitlines() if line.endswith("/initdb")] if listed else []
    )
    found += filter(None, [shutil.which("initdb")])
    for path in map(Path, found):
        if path.exists() and (path.parent / "postgres").exists():
            return path.parent
    raise NoPostgres(f"PostgreSQL 15 is not installed. On Debian: apt-get install {PACKAGE}")


def _keeper(folder: Path) -> str | None:
    """Give the folder to the user who runs the cluster; root may not."""
    if os.geteuid() != 0:
        return None
    try:
        shutil.chown(folder, "postgres", "postgres")
    except LookupError as error:
        raise NoPostgres(
            "PostgreSQL does not run as root, and there is no user postgres to run it"
        ) from error
    return "postgres"


@contextmanager
def _watched(folder: Path, keeper: str | None) -> Iterator[None]:
    """Let nothing be left of the cluster even where nobody can clean up after kill -9."""
    watcher = subprocess.Popen(
        ["sh", "-c", WATCH, "watcher", f"{folder}"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
        user=keeper, start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        watcher.communicate(b"\n", timeout=PATIENCE)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        if server.poll() is not None:
            raise RuntimeError(
                f"PostgreSQL ended at once: {log.read_text(errors='replace')[-600:]}"
            )
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not answer within {PATIENCE:.0f} s")


def main() -> int:
    """Run the command of the arguments beside a cluster and return what it returned."""
    for kind in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(kind, lambda *_: sys.exit(130))
    try:
        with cluster() as address:
            return subprocess.run(
                sys.argv[1:], env={**os.environ, VARIABLE: address}, check=False
            ).returncode
    except NoPostgres as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
