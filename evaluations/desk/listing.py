"""The officers' list of evaluations: the province's of all, a bureau's of its own."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_department, is_provincial
from accounts.signin import signed_in
from agency.models import Agency
from applicants.queries import applicant_seen_by
from core import clock, exports
from core.db import db
from core.guards import guard
from core.places import bureaus
from evaluations.desk.routing import blueprint
from evaluations.forms.desk import EvaluationFilter
from evaluations.queries import exporting, listing, recommending

NO_BUREAU = "-"  # no evaluation is of it


def bureau_of(user: User) -> str | None:
    """The bureau within which an officer sees evaluations; None: all of them."""
    return None if is_provincial(user, None) else user.bureau or NO_BUREAU


@blueprint.get("")
@guard(is_department)
def evaluations() -> ResponseReturnValue:
    session, own_bureau = db.session(), bureau_of(signed_in())
    form = EvaluationFilter(request.args, own_bureau=own_bureau)
    found = listing.listing(session, form.wanted(), cursor=request.args.get("page"))
    asked, page = form.in_address(), found.page
    return render_template(
        "evaluations/desk/evaluations.html",
        form=form,
        listing=found,
        asked=asked,
        whose=signed_in().bureau_name if own_bureau else "",
        only=_only(form),
        bureaus=bureaus(),
        due=() if own_bureau else recommending.due(session, on=clock.today()),
        previous_url=url_for(".evaluations", page=page.previous, **asked) if page.previous else None,
        next_url=url_for(".evaluations", page=page.next, **asked) if page.next else None,
    )


def _only(form: EvaluationFilter) -> str:
    """The name of the agency or applicant to which a link narrowed the list; an applicant's only within its bureau."""
    session, wanted = db.session(), form.wanted()
    agency = session.get(Agency, wanted.agency_id) if wanted.agency_id is not None else None
    applicant = applicant_seen_by(signed_in(), wanted.applicant_id) if wanted.applicant_id is not None else None
    return "、".join(row.name for row in (agency, applicant) if row is not None)


def of_applicant(applicant_id: int) -> listing.Listing:
    """The latest evaluations of an applicant, for its page, which knows this only by name."""
    return listing.listing(db.session(), listing.Wanted(applicant_id=applicant_id))


@blueprint.get("/export.xlsx")
@guard(is_department)
def evaluations_export() -> ResponseReturnValue:
    wanted = EvaluationFilter(request.args, own_bureau=bureau_of(signed_in())).wanted()
    rows = exporting.exported(db.session(), wanted)
    return exports.download(f"评价清单 {clock.today()}", exporting.COLUMNS, rows, sheet="评价")
