"""What is done with evaluations by `flask evaluations …`."""

import json
from pathlib import Path
from typing import cast

import click
from flask import current_app
from flask.cli import AppGroup

from core import audit
from core.errors import DomainError, Refusals
from core.settings import Settings
from core.sheets import Limits
from evaluations.rules.states import Level
from evaluations.services import history

group = AppGroup("evaluations", help="评价项目：历年名单导入。")


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--level", type=click.Choice([each.value for each in Level]), default="national", help="名单级别。")
def import_list(file: Path, level: str) -> None:
    """导入公布过的名单（.csv、.xlsx），作为历史记录，不占用评价名额。

    同一份名单再导入一次，什么也不变；有一行不对，整份不导入。最后一行是 JSON。
    """
    audit.set_origin("flask evaluations import")
    settings = cast(Settings, current_app.extensions["settings"])
    limits = Limits(settings.upload_bytes, settings.sheet_unpacked_bytes, settings.sheet_rows)
    try:
        brought = history.bring(file.read_bytes(), file_name=file.name, level=Level(level), limits=limits, by=None)
    except OSError as error:
        raise click.ClickException(f"无法打开文件：{error.strerror}") from None
    except DomainError as refusal:
        told = refusal.refusals if isinstance(refusal, Refusals) else (refusal,)
        raise click.ClickException("\n".join(each.message for each in told)) from None
    if brought.import_id is None:
        click.echo(f"文件中的 {brought.rows} 条此前都已导入，没有新增，什么也没有改变。")
    else:
        click.echo(f"读入 {brought.rows} 条，新 {brought.new_rows} 条，新培育对象 {brought.new_applicants} 家。")
    figures = {
        "rows": brought.rows,
        "applicants": brought.applicants,
        "spellings": brought.spellings,
        "without_agency": brought.without_agency,
    }
    click.echo(json.dumps(figures, ensure_ascii=False))
