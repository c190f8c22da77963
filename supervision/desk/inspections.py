"""Inspections at the desk: draws, one that is named, the opinion that an on-site assessment comes to."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.signin import signed_in
from agency.models import Agency
from applicants.models import Applicant
from core import exports
from core.db import db
from core.errors import DomainError
from core.exports import Column
from core.guards import guard
from core.places import place_label
from supervision import policies
from supervision import queries as finding
from supervision.desk import blueprint
from supervision.desk.acting import handle
from supervision.forms.inspections import (
    DrawForm,
    InspectAgencyForm,
    InspectUnitForm,
    OpinionForm,
    PartyFinder,
    PoolFilter,
    SeedForm,
)
from supervision.models import Adjustment, Case, Ground, InspectionDraw
from supervision.queries import cases as case_queries
from supervision.queries import inspections as queries
from supervision.rules import inspecting
from supervision.services import inspecting as services

EXPORTED = (
    Column("名次", 8), Column("统一社会信用代码", 22), Column("机构名称", 36), Column("所在地", 10), Column("抽中", 8),
    Column("SHA-256", 68), Column("抽查编号", 18), Column("种子", 36), Column("种子来源", 36), Column("方法", 16),
    Column("抽取家数", 10), Column("名单固定", 18), Column("摇号", 18),
)  # fmt: skip

LONGEST_MATTER = 300  # taken from the address bar


def draw_of(user: User, draw_id: int) -> InspectionDraw | None:
    return queries.draw_of(db.session(), draw_id)


def agency_of(user: User, agency_id: int) -> Agency | None:
    return db.session.get(Agency, agency_id)


def unit_of(user: User, applicant_id: int) -> Applicant | None:
    return queries.unit_for(user, db.session(), applicant_id)


@blueprint.get("/inspections")
@guard(policies.may_see_inspections)
def inspections() -> ResponseReturnValue:
    session, user = db.session(), signed_in()
    page = queries.draws(session, cursor=request.args.get("page"))
    return render_template(
        "supervision/desk/inspections.html",
        page=page if policies.may_draw(user, None) else None,
        years=queries.years(session, user),
        previous_url=url_for(".inspections", page=page.previous) if page.previous else None,
        next_url=url_for(".inspections", page=page.next) if page.next else None,
    )


@blueprint.route("/inspections/draws/new", methods=["GET", "POST"])
@guard(policies.may_draw)
def new_draw() -> ResponseReturnValue:
    """The pool as the filters in the address leave it, and the form that fixes it."""
    chosen, form = PoolFilter(request.args), DrawForm()
    if form.submitted():
        try:
            draw_id = services.fix_draw(form.entry(chosen.wanted()), by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("名单已固定。")
            return redirect(url_for(".show_draw", draw_id=draw_id))
    pool = queries.pool_of(db.session(), chosen.wanted())
    form.fresh(inspecting.pool_mark(queries.codes_of(pool)))
    return render_template(
        "supervision/desk/new_draw.html",
        chosen=chosen,
        asked=chosen.in_address(),
        form=form,
        pool=pool,
        place_label=place_label,
    ), form.status


@blueprint.get("/inspections/draws/<int:draw_id>")
@guard(policies.may_draw, load=draw_of)
def show_draw(draw: InspectionDraw) -> ResponseReturnValue:
    return _draw_page(draw, SeedForm(formdata=None, data={"version": draw.version}))


@blueprint.post("/inspections/draws/<int:draw_id>/seed")
@guard(policies.may_draw, load=draw_of)
def finish_draw(draw: InspectionDraw) -> ResponseReturnValue:
    form, draw_id = SeedForm(), draw.id
    if form.submitted():
        try:
            services.finish_draw(draw_id, form.seed.data or "", version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已摇号，抽中的机构已分别立案。")
            return redirect(url_for(".show_draw", draw_id=draw_id))
    found = queries.draw_of(db.session(), draw_id)
    return _draw_page(found, form) if found is not None else abort(404)


def _draw_page(draw: InspectionDraw, form: SeedForm) -> ResponseReturnValue:
    session = db.session()
    return render_template(
        "supervision/desk/show_draw.html",
        draw=draw,
        form=form,
        place_label=place_label,
        names=case_queries.names_of(session, draw.fixed_by, draw.drawn_by),
        standing=queries.standing_of(session, draw),
        fingerprint=inspecting.fingerprint(draw.pool, wanted=draw.wanted, source=draw.source, method=draw.method),
    ), form.status


@blueprint.get("/inspections/draws/<int:draw_id>/verify")
@guard(policies.may_draw, load=draw_of)
def verify_draw(draw: InspectionDraw) -> ResponseReturnValue:
    """Drawn again from what is kept: the whole pool by rank."""
    if draw.seed is None:
        abort(404)
    return render_template(
        "supervision/desk/verify_draw.html",
        draw=draw,
        standing=queries.standing_of(db.session(), draw),
        is_reproduced=queries.is_reproduced(draw),
    )


@blueprint.get("/inspections/draws/<int:draw_id>/export.xlsx")
@guard(policies.may_draw, load=draw_of)
def draw_export(draw: InspectionDraw) -> Response:
    rows = queries.exported(db.session(), draw)
    return exports.download(f"随机抽查 {draw.number}", EXPORTED, rows, sheet="抽查名单")


@blueprint.get("/inspections/new")
@guard(policies.may_see_inspections)
def new_inspection() -> ResponseReturnValue:
    """Whom it is of is found by a part of the name."""
    form, user, session = PartyFinder(request.args), signed_in(), db.session()
    word = form.q.data or ""
    units = finding.applicants_named(session, word)
    return render_template(
        "supervision/desk/new_inspection.html",
        form=form,
        word=word,
        agencies=finding.agencies_named(session, word) if policies.may_draw(user, None) else (),
        units=[unit for unit in units if policies.may_inspect_unit(user, unit)],
    )


@blueprint.route("/inspections/new/agencies/<int:agency_id>", methods=["GET", "POST"])
@guard(policies.may_draw, load=agency_of)
def inspect_agency(agency: Agency) -> ResponseReturnValue:
    form, agency_id = InspectAgencyForm(), agency.id
    if form.submitted():
        try:
            case_id = services.inspect_agency(agency_id, matter=form.matter.data or "", by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已立案检查。")
            return redirect(url_for(".show_case", case_id=case_id))
    found = agency_of(signed_in(), agency_id)
    return render_template("supervision/desk/inspect.html", party=found, form=form), form.status


@blueprint.route("/inspections/new/units/<int:applicant_id>", methods=["GET", "POST"])
@guard(policies.may_inspect_unit, load=unit_of)
def inspect_unit(applicant: Applicant) -> ResponseReturnValue:
    """`matter` in the address bar: what another page knows of why."""
    form, applicant_id = InspectUnitForm(data={"matter": request.args.get("matter", "")[:LONGEST_MATTER]}), applicant.id
    if form.submitted():
        try:
            ground, matter = Ground(form.ground.data), form.matter.data or ""
            case_id = services.inspect_unit(applicant_id, ground, matter=matter, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已立案检查。")
            return redirect(url_for(".show_case", case_id=case_id))
    found = unit_of(signed_in(), applicant_id)
    return render_template("supervision/desk/inspect.html", party=found, form=form), form.status


@blueprint.route("/cases/<int:case_id>/opinion", methods=["GET", "POST"])
@handle
def advise(case: Case) -> ResponseReturnValue:
    form, case_id = OpinionForm(data={"version": case.version}), case.id
    if form.submitted():
        try:
            opinion, text = Adjustment(form.opinion.data), form.text.data or ""
            services.advise(case_id, opinion, text, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("动态调整意见已记入案件。")
            return redirect(url_for(".show_case", case_id=case_id))
    return render_template("supervision/desk/advise.html", case=case, form=form), form.status
