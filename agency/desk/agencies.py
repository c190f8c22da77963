"""An agency as the desk sees it, and what a person must decide about its registration."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_approver, is_department, is_provincial
from accounts.signin import signed_in
from agency import overview, queries, recheck
from agency.desk import blueprint
from agency.forms.desk import CodeCheckDecisionForm, MoveForm
from agency.models import Agency, CodeCheck, CodeCheckState, Material
from agency.particulars import MaterialKind
from agency.queries.history import happenings
from agency.services import moving, registering
from core import clock, delivery
from core.db import db
from core.errors import DomainError
from core.guards import guard


def agency_of(user: User, agency_id: int) -> Agency | None:
    return queries.agency_with_everything(db.session(), agency_id)


def check_of(user: User, check_id: int) -> CodeCheck | None:
    return queries.code_check(db.session(), check_id)


@blueprint.get("/<int:agency_id>")
@guard(is_department, load=agency_of)
def show(agency: Agency) -> ResponseReturnValue:
    """What the desk sees of any agency: its living particulars, not what was handed in."""
    session, today = db.session(), clock.today()
    check = recheck.live_check(session, agency, on=today)
    return render_template(
        "agency/desk/show.html",
        agency=agency,
        check=check,
        slots=overview.slots(check.particulars, tuple(MaterialKind), staff=check.staff),
        users=queries.users_of(session, agency.id),
        history=happenings(queries.history_of(session, agency)),
        non_adoptions=queries.non_adoptions_of(session, agency.id),
        may_decide=is_provincial(signed_in(), agency),
        may_bar=is_approver(signed_in(), agency),
    )


def material_of(user: User, agency_id: int, material_id: int) -> Material | None:
    return queries.material_of(db.session(), agency_id, material_id)


@blueprint.get("/<int:agency_id>/materials/<int:material_id>")
@guard(is_department, load=material_of)
def material(found: Material) -> ResponseReturnValue:
    page = min(max(request.args.get("page", 1, type=int), 1), found.file.pages)
    agency = agency_of(signed_in(), found.agency_id)
    return render_template("agency/desk/material.html", agency=agency, material=found, page=page)


@blueprint.get("/<int:agency_id>/materials/<int:material_id>/pages/<int:page>")
@guard(is_department, load=material_of)
def material_page(found: Material, page: int) -> ResponseReturnValue:
    return delivery.picture(found.file, page)


@blueprint.get("/<int:agency_id>/materials/<int:material_id>/download")
@guard(is_department, load=material_of)
def material_download(found: Material) -> ResponseReturnValue:
    return delivery.attachment(found.file)


@blueprint.route("/<int:agency_id>/move", methods=["GET", "POST"])
@guard(is_provincial, load=agency_of)
def move(agency: Agency) -> ResponseReturnValue:
    """Its answer shows the password once; asked for again, the version has moved on."""
    form = MoveForm(data={"version": agency.version})
    agency_id = agency.id
    if form.submitted():
        try:
            password = moving.move(
                agency_id,
                username=form.username.data or "",
                display_name=form.display_name.data or "",
                reason=form.reason.data or "",
                version=form.shown_version,
                by=signed_in(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return render_template(
                "agency/desk/moved.html", agency=agency, username=form.username.data, password=password
            )
    return render_template("agency/desk/move.html", agency=agency, form=form), form.status


@blueprint.get("/code-checks")
@guard(is_provincial)
def code_checks() -> ResponseReturnValue:
    pending = request.args.get("state") != "decided"
    page = queries.code_checks(db.session(), cursor=request.args.get("page"), pending=pending)
    return render_template("agency/desk/code_checks.html", page=page, pending=pending)


@blueprint.route("/code-checks/<int:check_id>", methods=["GET", "POST"])
@guard(is_provincial, load=check_of)
def decide_code_check(check: CodeCheck) -> ResponseReturnValue:
    form = CodeCheckDecisionForm()
    if form.submitted():
        try:
            registering.decide_code_check(
                check.id,
                accepted=form.decision.data == "accepted",
                reason=form.reason.data or "",
                by=signed_in(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("核验结果已保存，请电话告知申请单位。")
            return redirect(url_for("agency_desk.code_checks"))
    page = min(max(request.args.get("page", 1, type=int), 1), check.file.pages if check.file else 1)
    is_open = check.state is CodeCheckState.ASKED
    return render_template(
        "agency/desk/decide_code_check.html", check=check, form=form, page=page, is_open=is_open
    ), form.status


@blueprint.get("/code-checks/<int:check_id>/pages/<int:page>")
@guard(is_provincial, load=check_of)
def code_check_page(check: CodeCheck, page: int) -> ResponseReturnValue:
    return delivery.picture(check.file, page) if check.file else abort(404)


@blueprint.get("/code-checks/<int:check_id>/download")
@guard(is_provincial, load=check_of)
def code_check_download(check: CodeCheck) -> ResponseReturnValue:
    return delivery.attachment(check.file) if check.file else abort(404)
