"""Bringing the applicants in a spreadsheet: upload, look at every row, confirm or abandon."""

from io import BytesIO
from typing import Any, cast

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_department
from accounts.signin import signed_in
from applicants.desk.routing import blueprint
from applicants.forms.sheets import SheetForm
from applicants.models import ApplicantSheet, SheetState
from applicants.services import sheets as services
from applicants.sheets import previews, write_template
from applicants.sheets.previews import Preview, Shown
from applicants.sheets.waiting import MOST_ROWS, pending_of, sheet_seen_by
from core.db import db
from core.errors import DomainError
from core.exports import MIMETYPE
from core.forms import VersionedForm
from core.guards import guard
from core.settings import Settings

ROWS = 100


@blueprint.get("/template.xlsx")
@guard(is_department)
def sheet_template() -> ResponseReturnValue:
    content = BytesIO(write_template())
    return send_file(content, mimetype=MIMETYPE, as_attachment=True, download_name="培育对象表模板.xlsx")


@blueprint.route("/bring", methods=["GET", "POST"])
@guard(is_department)
def bring() -> ResponseReturnValue:
    form = SheetForm()
    if form.submitted():
        file: Any = form.file.data
        try:
            sheet_id = services.bring(file.read(), file_name=file.filename or "", by=signed_in())
        except DomainError as refusal:
            refusal.field = "file"
            form.refuse(refusal)
        else:
            return redirect(url_for(".preview_sheet", sheet_id=sheet_id))
    settings = cast(Settings, current_app.extensions["settings"])
    page = render_template(
        "applicants/desk/bring.html",
        form=form,
        pending=pending_of(db.session(), signed_in().id),
        own_bureau=signed_in().bureau_name,
        max_bytes=settings.upload_bytes,
        max_rows=MOST_ROWS,
    )
    return page, form.status


@blueprint.get("/sheets/<int:sheet_id>")
@guard(is_department, load=sheet_seen_by)
def preview_sheet(sheet: ApplicantSheet) -> ResponseReturnValue:
    return _preview(sheet, VersionedForm())


def _preview(sheet: ApplicantSheet, form: VersionedForm) -> ResponseReturnValue:
    preview: Preview | None = None
    if sheet.state is SheetState.PENDING:
        try:
            preview = previews.look_at(db.session(), sheet)
        except DomainError as refusal:
            form.refuse(refusal)
    if preview is None:
        return render_template("applicants/desk/sheet_done.html", sheet=sheet, form=form), form.status
    asked = request.args.get("show", "")
    shown = Shown(asked) if asked in set(Shown) else Shown.ALL
    rows, counts = preview.rows(shown), preview.counts()
    pages = max(1, -(-len(rows) // ROWS))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "applicants/desk/preview_sheet.html",
        filters=[
            {
                "label": kind.label,
                "url": url_for(".preview_sheet", sheet_id=sheet.id, show=kind.value),
                "current": kind is shown,
                "count": counts[kind],
            }
            for kind in Shown
        ],
        sheet=sheet,
        preview=preview,
        counts=counts,
        columns=previews.COLUMNS,
        shown=shown,
        kinds=Shown,
        rows=rows[(page - 1) * ROWS : page * ROWS],
        page=page,
        pages=pages,
        form=form,
    ), form.status


@blueprint.post("/sheets/<int:sheet_id>/confirm")
@guard(is_department, load=sheet_seen_by)
def confirm_sheet(sheet: ApplicantSheet) -> ResponseReturnValue:
    sheet_id, form = sheet.id, VersionedForm()
    if form.submitted():
        try:
            added, changed = services.confirm(sheet_id, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"已导入：新增 {added} 个，更改 {changed} 个。")
            return redirect(url_for(".applicants"))
    return _again(sheet_id, form)


@blueprint.post("/sheets/<int:sheet_id>/abandon")
@guard(is_department, load=sheet_seen_by)
def abandon_sheet(sheet: ApplicantSheet) -> ResponseReturnValue:
    sheet_id, form = sheet.id, VersionedForm()
    if form.submitted():
        try:
            services.abandon(sheet_id, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已放弃这份表格，没有保存任何内容。")
            return redirect(url_for(".applicants"))
    return _again(sheet_id, form)


def _again(sheet_id: int, form: VersionedForm) -> ResponseReturnValue:
    sheet = sheet_seen_by(signed_in(), sheet_id)
    return _preview(sheet, form) if sheet else redirect(url_for(".applicants"))
