"""An agency registers an evaluation: finds the applicant, fills in one form, sees beside it what the gate looks at."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_agency
from accounts.signin import signed_in
from applicants.forms.particulars import ApplicantForm
from applicants.models import Applicant, Kind, Origin
from applicants.queries import applicant_seen_by
from applicants.rules import warnings
from applicants.services import entering
from core import clock, law
from core.db import db
from core.errors import DomainError
from core.guards import guard
from core.places import bureaus
from evaluations import outlook
from evaluations.forms.fields import uploaded
from evaluations.forms.listing import ApplicantSearch
from evaluations.forms.registering import RegistrationForm
from evaluations.queries import boards, levels, partners
from evaluations.queries import gate as facts
from evaluations.queries.finding import find_applicants
from evaluations.queries.rosters import filed_staff
from evaluations.rules import standards
from evaluations.rules.states import Level
from evaluations.services import registering as services
from evaluations.services.registering import AlreadyRegistered
from evaluations.views.routing import blueprint, own_agency


@blueprint.get("/new")
@guard(is_agency)
def new() -> ResponseReturnValue:
    form = ApplicantSearch(request.args)
    found = find_applicants(db.session(), form.word.data or "", on=clock.today())
    return render_template("evaluations/new.html", form=form, found=found, bureaus=bureaus())


@blueprint.route("/new/applicant", methods=["GET", "POST"])
@guard(is_agency)
def new_applicant() -> ResponseReturnValue:
    """An applicant that isn't there yet; `?name=` is what was looked for."""
    form = ApplicantForm(data={"name": request.args.get("name", "")})
    if form.submitted():
        try:
            applicant_id = entering.enter(form.entry(), by=signed_in(), origin=Origin.AGENCY)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("培育对象已录入，请接着登记评价。")
            return redirect(url_for(".register", applicant_id=applicant_id))
    return render_template("evaluations/new_applicant.html", form=form), form.status


@blueprint.route("/new/<int:applicant_id>", methods=["GET", "POST"])
@guard(is_agency, load=applicant_seen_by)
def register(applicant: Applicant) -> ResponseReturnValue:
    session, today, rules, applicant_id = db.session(), clock.today(), law.jurisdiction(), applicant.id
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
            for note in standards.notes(entry.kind, entry.level, entry.standard, begun_on=entry.begun_on, law=rules):
                flash(f"{note.reason}（{rules.cite(note.clause)}）。", "warning")
            return redirect(url_for(".show", evaluation_id=evaluation_id))
    planned = form.provisional(applicant_id, own_agency(), kinds[0], today)
    asked = warnings(
        planned.kind,
        industrial_share=applicant.industrial_share,
        is_green_factory=applicant.is_green_factory,
        law=rules,
        on=today,
    )
    looks = outlook.outlook(facts.facts_of(session, planned, on=today, desk=False), rules, asked)
    return render_template(
        "evaluations/register.html",
        applicant=applicant,
        form=form,
        looks=looks,
        stopped=any(look.tone is outlook.Tone.STOP for look in looks),
        in_vain=any(look.is_final for look in looks) and not form.is_submitted(),
        settings=[(level, levels.setting_of(session, planned.year, level)) for level in Level],
        settings_year=planned.year,
        guidance=standards.guidance(planned.kind, planned.level),
        cap=boards.cap(session, own_agency(), today),
        own_id=own_agency(),
    ), form.status
