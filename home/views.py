"""The start page of each role: what is there to do, by when."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_agency, is_department, is_signed_in
from accounts.signin import signed_in
from core import law
from core.db import db
from core.guards import guard
from home import navigation, queries

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
    return render_template("home/agency.html", shown=shown, text=lambda clause: clauses[clause].text)


@blueprint.route("/desk")
@guard(is_department)
def worklist() -> ResponseReturnValue:
    user = signed_in()
    return render_template("home/worklist.html", work=queries.worklist(db.session(), user), user=user)
