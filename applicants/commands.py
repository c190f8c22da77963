"""What is done with applicants by `flask applicants …`."""

import click
from flask.cli import AppGroup

from applicants.services import sheets

group = AppGroup("applicants", help="培育对象。")


@group.command("sweep")
def sweep() -> None:
    """清理超过一天未确认的培育对象导入。"""
    click.echo(f"已清理 {sheets.sweep()} 份")
