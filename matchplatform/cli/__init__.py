"""The command `matchplatform`: set up, serve and look after a site."""

from typing import Any

import click
from psycopg.errors import UndefinedTable
from sqlalchemy.exc import OperationalError, ProgrammingError

from matchplatform.cli.accounts import create_admin, reset_second_step
from matchplatform.cli.checks import check
from matchplatform.cli.server import serve
from matchplatform.cli.site import expire, init, migrate_site, reindex, seed, status
from matchplatform.cli.worker import worker
from matchplatform.config.settings import UnsafeSettings
from matchplatform.kernel.errors import DomainError

UNSAFE, FAILED = 2, 1


class PlainGroup(click.Group):
    """A group of commands that tells what went wrong in a line, not in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except UnsafeSettings as error:
            click.echo(f"The settings cannot be used: {error}", err=True)
            ctx.exit(UNSAFE)
        except DomainError as error:
            click.echo(str(error), err=True)
            ctx.exit(FAILED)
        except (OperationalError, ProgrammingError) as error:
            # PostgreSQL calls a missing table a mistake in the question.
            if isinstance(error, ProgrammingError) and not isinstance(error.orig, UndefinedTable):
                raise
            click.echo(f"The database cannot be used: {error.orig}", err=True)
            click.echo("If it was never set up, run: matchplatform init", err=True)
            ctx.exit(FAILED)


@click.group(cls=PlainGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="matchplatform")
def main() -> None:
    """Set up, serve and look after the matching site.

    Settings come from MATCHPLATFORM_* variables; the README lists them. Without any, the site
    lives in ./instance and answers on http://127.0.0.1:8000.
    """


for command in (
    init, migrate_site, seed, serve, worker, reindex, check, create_admin, reset_second_step, expire, status
):  # fmt: skip
    main.add_command(command)
