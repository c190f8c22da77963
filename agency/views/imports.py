"""Bringing the staff in a spreadsheet: upload, look at every row, confirm or abandon."""

from io import BytesIO
from typing import cast

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_agency
from accounts.signin import signed_in
from agency import previews, workforce
from agency.forms.fields import uploaded
from agency.forms.staff import RosterUploadForm
from agency.models import ImportState, RosterImport
from agency.previews import Shown
from agency.rosters import write_template
from agency.services import importing as services
from agency.views.routing import blueprint, own, refuse
from agency.waiting import pending_of
from core import clock
from core.db import db
from core.errors import DomainError
from core.exports import MIMETYPE
from core.forms import VersionedForm
from core.guards import guard
from core.settings import Settings

ROWS = 100


def own_import(user: User, import_id: int) -> RosterImport | None:
    return workforce.import_of(db.session(), user.agency_id, import_id)


@blueprint.get("/staff/template.xlsx")
@guard(is_agency)
def roster_template() -> ResponseReturnValue:
    content = BytesIO(write_template())
    return send_file(content, mimetype=MIMETYPE, as_attachment=True, download_name="人员名单模板.xlsx")


@blueprint.route("/staff/import", methods=["GET", "POST"])
@guard(is_agency)
def import_staff() -> ResponseReturnValue:
    agency = own()
    form = RosterUploadForm()
    if form.submitted():
        try:
            import_id = services.bring(agency.id, uploaded("file")[0], by=signed_in())
        except DomainError as refusal:
            refusal.field = "file"
            form.refuse(refusal)
        else:
            return redirect(url_for("agency.preview_import", import_id=import_id))
    pending = pending_of(db.session(), agency.id)
    settings = cast(Settings, current_app.extensions["settings"])
    page = render_template(
        "agency/import_staff.html",
        agency=own(),
        form=form,
        pending=pending,
        max_bytes=settings.upload_bytes,
        max_rows=settings.sheet_rows,
    )
    return page, form.status


@blueprint.get("/staff/import/<int:import_id>")
@guard(is_agency, load=own_import)
def preview_import(brought: RosterImport) -> ResponseReturnValue:
    return _preview(brought, VersionedForm(data={"version": own().version}))


def _preview(brought: RosterImport, form: VersionedForm) -> ResponseReturnValue:
    if brought.state is not ImportState.PENDING:
        return render_template("agency/import_done.html", agency=own(), brought=brought, form=form), form.status
    try:
        preview = previews.look_at(db.session(), own(), brought, on=clock.today())
    except DomainError as refusal:
        form.refuse(refusal)
        return render_template("agency/import_done.html", agency=own(), brought=brought, form=form), form.status
    asked = request.args.get("show", "")
    shown = Shown(asked) if asked in set(Shown) else Shown.ALL
    rows, counts = preview.rows(shown), preview.counts()
    pages = max(1, -(-len(rows) // ROWS))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "agency/preview_import.html",
        agency=own(),
        filters=[
            {
                "label": kind.label,
                "url": url_for("agency.preview_import", import_id=brought.id, show=kind.value),
                "current": kind is shown,
                "count": counts[kind],
            }
            for kind in Shown
        ],
        brought=brought,
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


@blueprint.post("/staff/import/<int:import_id>/confirm")
@guard(is_agency, load=own_import)
def confirm_import(brought: RosterImport) -> ResponseReturnValue:
    import_id, form = brought.id, VersionedForm()
    if form.submitted():
        try:
            added, changed = services.confirm(import_id, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash(f"名单已导入：新增 {added} 人，更改 {changed} 人。")
            return redirect(url_for("agency.staff"))
    return _again(import_id, form)


@blueprint.post("/staff/import/<int:import_id>/abandon")
@guard(is_agency, load=own_import)
def abandon_import(brought: RosterImport) -> ResponseReturnValue:
    import_id, form = brought.id, VersionedForm()
    if form.submitted():
        try:
            services.abandon(import_id, by=signed_in())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash("已放弃这份名单，没有保存任何内容。")
            return redirect(url_for("agency.staff"))
    return _again(import_id, form)


def _again(import_id: int, form: VersionedForm) -> ResponseReturnValue:
    brought = own_import(signed_in(), import_id)
    return _preview(brought, form) if brought else redirect(url_for("agency.staff"))
