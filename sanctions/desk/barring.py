"""Decisions of non-adoption (第二十二条第三款): the list, entering one that was made on paper, annulling one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.signin import signed_in
from agency.models import Agency
from core import clock
from core.db import db
from core.errors import DomainError
from core.guards import guard
from sanctions import policies
from sanctions.desk import blueprint
from sanctions.forms.periods import AnnulForm, NonAdoptionForm, PeriodFilter
from sanctions.queries import periods as queries
from sanctions.queries.periods import Period
from sanctions.services import barring


def agency_of(user: User, agency_id: int) -> Agency | None:
    return db.session.get(Agency, agency_id)


def period_of(user: User, non_adoption_id: int) -> Period | None:
    return queries.period_of(db.session(), non_adoption_id, today=clock.today())


@blueprint.get("/non-adoptions")
@guard(policies.may_see_non_adoption)
def non_adoptions() -> ResponseReturnValue:
    form = PeriodFilter(request.args)
    page, periods = queries.periods(db.session(), form.wanted(), cursor=request.args.get("page"), today=clock.today())
    asked = form.in_address()
    return render_template(
        "sanctions/desk/non_adoptions.html",
        form=form,
        periods=periods,
        asked=asked,
        may_enter=policies.may_enter_non_adoption(signed_in(), None),
        previous_url=url_for(".non_adoptions", page=page.previous, **asked) if page.previous else None,
        next_url=url_for(".non_adoptions", page=page.next, **asked) if page.next else None,
    )


@blueprint.route("/agencies/<int:agency_id>/non-adoptions/new", methods=["GET", "POST"])
@guard(policies.may_enter_non_adoption, load=agency_of)
def new_non_adoption(agency: Agency) -> ResponseReturnValue:
    form, agency_id = NonAdoptionForm(), agency.id
    if form.submitted():
        try:
            barring.enter(agency_id, form.entry(), by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("决定已录入，期内该机构不能登记新的评价，其评价结果不予采信；已通知机构。")
            return redirect(url_for("agency_desk.show", agency_id=agency_id))
    session = db.session()
    return render_template(
        "sanctions/desk/new_non_adoption.html",
        agency=session.get_one(Agency, agency_id),
        form=form,
        standing=queries.standing_of(session, agency_id, today=clock.today()),
    ), form.status


@blueprint.route("/non-adoptions/<int:non_adoption_id>/annul", methods=["GET", "POST"])
@guard(policies.may_enter_non_adoption, load=period_of)
def annul_non_adoption(period: Period) -> ResponseReturnValue:
    """One that came out of a proceeding is annulled there, by the document that says so."""
    form, non_adoption_id, agency_id = AnnulForm(), period.row.id, period.agency.id
    proceeding_id = queries.proceeding_of(db.session(), non_adoption_id)
    if proceeding_id is not None:
        return redirect(url_for(".annul", proceeding_id=proceeding_id))
    if form.submitted():
        try:
            barring.annul(non_adoption_id, reason=form.reason.data or "", by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("该决定已撤销，其他决定不受影响；已通知机构。")
            return redirect(url_for("agency_desk.show", agency_id=agency_id))
    found = period_of(signed_in(), non_adoption_id)
    return render_template("sanctions/desk/annul_non_adoption.html", period=found, form=form), form.status
