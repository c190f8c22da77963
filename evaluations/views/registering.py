"""An agency registers an evaluation: finding the applicant, then one form, with what the gate will look at beside it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_agency
from accounts.signin import signed_in
from applicants.models import Applicant, Kind
from applicants.queries import applicant_seen_by
from core import clock, law
from core.db import db
from core.errors import DomainError
from core.guards import guard
from evaluations import outlook, policies
from evaluations.forms.fields import uploaded
from evaluations.forms.listing import ApplicantSearch
from evaluations.forms.registering import RaisingForm, RegistrationForm
from evaluations.models import Evaluation
from evaluations.queries import boards, evaluation_seen_by, partners
from evaluations.queries import gate as facts
from evaluations.queries.finding import find_applicants
from evaluations.queries.rosters import filed_staff
from evaluations.rules import raising
from evaluations.rules.course import may_follow
from evaluations.rules.states import Action, Level, State
from evaluations.services import registering as services
from evaluations.services.registering import AlreadyRegistered
from evaluations.views.routing import blueprint, own_agency


@blueprint.get("/new")
@guard(is_agency)
def new() -> ResponseReturnValue:
    form = ApplicantSearch(request.args)
    found = find_applicants(db.session(), form.word.data or "", on=clock.today())
    return render_template("evaluations/new.html", form=form, found=found)


@blueprint.route("/new/<int:applicant_id>", methods=["GET", "POST"])
@guard(is_agency, load=applicant_seen_by)
def register(applicant: Applicant) -> ResponseReturnValue:
    session, today, applicant_id = db.session(), clock.today(), applicant.id
    kinds = applicant.kinds or tuple(Kind)
    form = RegistrationForm(kinds=kinds, roster=filed_staff(session, [own_agency()]), on=today)
    if form.submitted():
        try:
            partner_ids = partners.by_codes(session, form.partner_codes, own_id=own_agency())
            entry = form.entry(applicant_id, own_agency(), partner_ids)
            evaluation_id = services.register(entry, uploaded("agreement"), by=signed_in())
        except AlreadyRegistered as refusal:
            flash(refusal.message, "warning")
            return redirect(url_for(".show", evaluation_id=refusal.evaluation_id))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("评价已登记。进场前可以在这里补充计划和小组成员。")
            return redirect(url_for(".show", evaluation_id=evaluation_id))
    planned = form.provisional(applicant_id, own_agency(), kinds[0], today)
    looks = outlook.outlook(facts.facts_of(session, planned, on=today, desk=False), law.jurisdiction())
    return render_template(
        "evaluations/register.html",
        applicant=applicant,
        form=form,
        looks=looks,
        cap=boards.cap(session, own_agency(), today),
        own_id=own_agency(),
    ), form.status


@blueprint.route("/<int:evaluation_id>/raise", methods=["GET", "POST"])
@guard(policies.leads, load=evaluation_seen_by)
def raise_(evaluation: Evaluation) -> ResponseReturnValue:
    session, today, evaluation_id = db.session(), clock.today(), evaluation.id
    above = raising.levels_above(evaluation.level)
    if request.method == "GET" and (not above or not may_follow(evaluation.state, Action.RAISE)):
        flash(f"该评价现为{evaluation.level.label}、{evaluation.state.label}，不能提升级别。", "warning")
        return redirect(url_for(".show", evaluation_id=evaluation_id))
    year = raising.year_after_raising(evaluation.year, raised_in=today.year)
    form = RaisingForm(levels=above, version=evaluation.version, year=year, statement=evaluation.statement)
    if form.submitted():
        try:
            services.raise_level(
                evaluation_id,
                Level(form.level.data),
                version=form.shown_version,
                by=signed_in(),
                year=form.year.data,
                statement=form.statement.data or "",
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"已提升到{Level(form.level.data).label}。")
            return redirect(url_for(".show", evaluation_id=evaluation_id))
    judged = facts.facts_of_raising(session, evaluation, on=today, desk=False, level=Level.NATIONAL)
    return render_template(
        "evaluations/raise_.html",
        evaluation=evaluation,
        form=form,
        looks=outlook.outlook(judged, law.jurisdiction()),
        cap=boards.cap(session, own_agency(), today),
        own_id=own_agency(),
        was_adopted=evaluation.state is State.ADOPTED,
    ), form.status
