"""`flask audit …`."""

import sys

import click
from flask.cli import AppGroup

from core import audit
from core.db import db

audit_group = AppGroup("audit", help="The log of all changes.")


@audit_group.command("verify")
def verify() -> None:
    """Walk the chain; exit status 1 when an entry was changed, removed, put in, or cut off at the end."""
    result = audit.verify(db.session())
    for fault in result.faults:
        click.echo(fault)
    click.echo(f"{result.entries} 条，{'未发现改动' if not result.faults else f'{len(result.faults)} 处不符'}")
    sys.exit(1 if result.faults else 0)


@audit_group.command("checkpoint")
def checkpoint() -> None:
    """Write count and head to the checkpoint file now."""
    count, mac = audit.checkpoint(db.session())
    click.echo(f"{count} {mac}")
