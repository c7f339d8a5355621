"""The cluster that tests are run on leaves nothing behind, however they end."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.postgres import VARIABLE, NoPostgres, programs

PATIENCE = 30.0


@pytest.fixture(autouse=True)
def _installed() -> None:
    try:
        programs()
    except NoPostgres as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_of_it(kind: signal.Signals) -> None:
    command = ["sh", "-c", f'echo "${VARIABLE}"; exec sleep 120']
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres", *command],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    assert keeper.stdout is not None
    try:
        address = keeper.stdout.readline().strip()
        folder = Path(str(conninfo_to_dict(address)["host"]))
        server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        keeper.send_signal(kind)
        keeper.wait(timeout=PATIENCE)
        until = time.monotonic() + PATIENCE
        while (folder.exists() or runs(server)) and time.monotonic() < until:
            time.sleep(0.05)
        assert not folder.exists()
        assert not runs(server)
    finally:
        # The command itself goes on after kill -9.
        with suppress(ProcessLookupError):
            os.killpg(keeper.pid, signal.SIGKILL)
        keeper.stdout.close()
        keeper.wait(timeout=PATIENCE)


def runs(process: int) -> bool:
    """Tell whether a process is at work; one that ended and was not fetched is not."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
