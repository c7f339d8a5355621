"""What lasts long is told that its server is about to stop."""

from types import SimpleNamespace

from matchplatform.cli.server import begin_worker
from matchplatform.kernel.stopping import is_stopping, watch_server


class TestStopping:
    def test_without_a_server_nothing_ever_stops(self) -> None:
        assert not is_stopping()

    def test_a_worker_that_is_told_to_end_is_about_to_stop(self) -> None:
        worker = SimpleNamespace(alive=True, age=2)
        begin_worker(worker)
        try:
            assert not is_stopping()
            worker.alive = False
            assert is_stopping()
        finally:
            watch_server(lambda: False)
