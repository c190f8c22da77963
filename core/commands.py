"""`flask audit …`, `flask trace`."""

import json
import sys

import click
from flask.cli import AppGroup, with_appcontext

from core import audit, law
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


@click.command("trace")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@with_appcontext
def trace(as_json: bool) -> None:
    """Print clause → rule."""
    table = law.implementations()
    if as_json:
        click.echo(json.dumps(table, ensure_ascii=False))
        return
    for clause in law.jurisdiction().clauses.values():
        rules = "、".join(table.get(clause.id, ())) or "—"
        click.echo(f"{clause.id:12} {clause.status:13} {clause.label:14} {rules}")
