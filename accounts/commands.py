"""`flask accounts …`."""

import sys

import click
from flask.cli import AppGroup
from sqlalchemy import select

from accounts import enrolment
from accounts.models import DEPARTMENT_ROLES, Role, User
from accounts.services import managed
from core import audit
from core.db import db
from core.errors import DomainError
from core.places import bureaus

group = AppGroup("accounts", help="People who log in.")


@group.command("create")
@click.option("--username", required=True)
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(sorted(role.value for role in DEPARTMENT_ROLES))
)
@click.option("--bureau", type=click.Choice(list(bureaus())), help="Of a municipal account.")
@click.option("--name", default="", help="Who uses it; the user name where it is left out.")
@click.option("--password-stdin", is_flag=True, help="Read the first password from standard input.")
def create(username: str, roles: tuple[str, ...], bureau: str | None, name: str, password_stdin: bool) -> None:
    """Make a department account and print its first password, which must be changed when signing in."""
    audit.set_origin("flask accounts create")
    given = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    if password_stdin and not given:
        raise click.ClickException("标准输入中没有密码。")
    try:
        first = managed.create_department_account(
            username=username,
            display_name=name or username,
            roles=[Role(role) for role in roles],
            bureau=bureau,
            by=None,
            password=given,
        )
    except DomainError as refusal:
        raise click.ClickException(refusal.message) from None
    if not given:
        click.echo(first)


@group.command("reset-password")
@click.option("--username", required=True)
def reset_password(username: str) -> None:
    """Give an account a new first password and print it: for an admin who is locked out."""
    audit.set_origin("flask accounts reset-password")
    user_id = db.session.scalar(select(User.id).where(User.username == enrolment.tidy(username)))
    if user_id is None:
        raise click.ClickException(f"没有用户名为 {username} 的账号。")
    click.echo(managed.reset_password(user_id, by=None))
