"""Whether the server of this process is about to stop: what lasts long ends at once then."""

from collections.abc import Callable


class _Server:
    """What the server was told to be asked; without one nothing ever stops."""

    is_stopping: Callable[[], bool] = staticmethod(lambda: False)


def watch_server(is_stopping: Callable[[], bool]) -> None:
    """Say how the server of this process tells that it is about to stop."""
    _Server.is_stopping = staticmethod(is_stopping)


def is_stopping() -> bool:
    """Tell whether the server is about to stop."""
    return _Server.is_stopping()
