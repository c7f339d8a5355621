"""The command that serves the site, with gunicorn in this process."""

import socket
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from matchplatform.app import create_app
from matchplatform.cli.database import is_current
from matchplatform.cli.opening import open_site
from matchplatform.config.settings import Settings
from matchplatform.kernel.db import db
from matchplatform.kernel.stopping import watch_server

NOT_READY, PORT_TAKEN = 1, 3
SHARED_MEMORY = Path("/dev/shm")


@click.command()
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Or HOST.")
@click.option("--port", envvar="PORT", default=8000, show_default=True, type=int, help="Or PORT.")
@click.option("--access-log", is_flag=True, help="Write a line for each request.")
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, access_log: bool) -> None:
    """Serve the site until stopped; requests under way are finished first."""
    with open_site() as settings:
        current = is_current(db.engine)
        db.engine.dispose()
    if not current:
        click.echo("The database is not set up or not up to date: run matchplatform init", err=True)
        ctx.exit(NOT_READY)
    if not is_free(host, port):
        click.echo(f"Port {port} on {host} is in use; choose another: PORT={port + 1}", err=True)
        ctx.exit(PORT_TAKEN)
    Server(settings, options_of(settings, host, port, access_log)).run()


def options_of(settings: Settings, host: str, port: int, access_log: bool) -> dict[str, Any]:
    """Return gunicorn's settings for this site."""
    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": settings.web_processes,
        "threads": settings.web_threads,
        "worker_class": "gthread",
        "preload_app": False,
        "timeout": 60,
        "graceful_timeout": 20,
        "keepalive": 5,
        # The heartbeat file must not wait for a disk.
        "worker_tmp_dir": str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None,
        "control_socket_disable": True,
        # What a proxy says of the client is read by ProxyFix alone, as many hops as are set.
        "forwarded_allow_ips": "",
        "accesslog": "-" if access_log else None,
        "loglevel": "warning",
        "proc_name": "matchplatform",
        "post_worker_init": begin_worker,
    }


def begin_worker(worker: Any) -> None:
    """Let streams know when their process is about to stop, and print the address."""
    watch_server(lambda: not worker.alive)
    tell_address(worker)


def tell_address(worker: Any) -> None:
    """Print the address once the first of the processes can answer."""
    if worker.age == 1:
        for address in worker.cfg.address:
            click.echo(f"The site answers on http://{address[0]}:{address[1]}")


def is_free(host: str, port: int) -> bool:
    """Tell whether a server can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our settings; each of its processes makes its own application."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self.settings = settings
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings to gunicorn."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application for one process."""
        return create_app(self.settings)
