"""`flask demo …`: a demonstration province, judged relative to today."""

import click
from flask import current_app
from flask.cli import AppGroup

from home.demonstration import loading

demo = AppGroup("demo", help="演示环境。")


@demo.command("load")
def load() -> None:
    """数据库为空时装入演示数据，并列出账号和密码。"""
    if not current_app.extensions["settings"].demonstration:
        raise click.ClickException("正式环境（MODE=production）不装入演示数据。")
    if not loading.is_empty():
        click.echo("数据库中已有账号，不再装入演示数据。")
        return
    click.echo("正在装入演示数据……")
    accounts = loading.load()
    click.echo("演示账号（登录页也会列出）：")
    for account in accounts:
        click.echo(f"  {account.username:12} {account.password:14} {account.who}")
