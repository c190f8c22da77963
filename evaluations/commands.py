"""What is done with evaluations by `flask evaluations …`."""

from flask.cli import AppGroup

group = AppGroup("evaluations", help="评价项目：历年名单导入。")
