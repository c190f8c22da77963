"""Bringing applicants in a spreadsheet."""

from flask_wtf.file import FileField, FileRequired

from core.forms import Form


class SheetForm(Form):
    file = FileField("培育对象表", [FileRequired("请选择要上传的电子表格")])
