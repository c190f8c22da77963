"""The start page of each role: what is there to do, by when."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_agency, is_applicant, is_department, is_signed_in
from accounts.signin import signed_in
from applicants.models import Applicant
from applicants.queries import applicant_seen_by, exclusions_on
from core import clock, law
from core.db import db
from core.guards import guard
from evaluations.rules.states import Level
from home import evaluating, navigation, queries

blueprint = Blueprint("home", __name__)


@blueprint.route("/start")
@guard(is_signed_in)
def start() -> ResponseReturnValue:
    """Where one arrives after signing in."""
    return redirect(url_for(navigation.start_of(signed_in())))


@blueprint.route("/home")
@guard(is_agency)
def agency() -> ResponseReturnValue:
    shown = queries.agency_home(db.session(), signed_in())
    clauses = law.jurisdiction().clauses
    return render_template(
        "home/agency.html", shown=shown, levels=tuple(Level), text=lambda clause: clauses[clause].text
    )


def own_applicant(user: User) -> Applicant | None:
    return applicant_seen_by(user, user.applicant_id) if user.applicant_id is not None else None


@blueprint.route("/applicant/home")
@guard(is_applicant, load=own_applicant)
def applicant(applicant: Applicant) -> ResponseReturnValue:
    session, today = db.session(), clock.today()
    return render_template(
        "home/applicant.html",
        shown=evaluating.applicant_home(session, applicant),
        exclusions=exclusions_on(session, applicant, today),
    )


@blueprint.route("/desk")
@guard(is_department)
def worklist() -> ResponseReturnValue:
    user = signed_in()
    return render_template("home/worklist.html", work=queries.worklist(db.session(), user), user=user)
