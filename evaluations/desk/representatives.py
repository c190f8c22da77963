"""第二十二条第二款 as the desk sees it: representatives and agencies near the cap, and what holds their places.

Only the provincial desk: whom a person represents elsewhere is no bureau's business.
"""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_provincial
from agency.queries import holders as queries
from agency.queries.holders import HolderRow
from core import clock
from core.db import db
from core.guards import guard
from core.law import jurisdiction
from evaluations.desk.routing import blueprint
from evaluations.forms.representatives import HolderFilter
from evaluations.queries.holders import evaluations_of

FIRST_YEAR, LAST_YEAR = 2024, 9999  # of a strip: before, nothing was counted


@blueprint.get("/representatives")
@guard(is_provincial)
def representatives() -> ResponseReturnValue:
    session, today = db.session(), clock.today()
    near = jurisdiction().number("near_cap", on=max(today, jurisdiction().in_force_since))
    form = HolderFilter(request.args, queries.years(session), near=near, this_year=today.year)
    page, rows = queries.holders(
        session,
        year=form.chosen_year,
        least=form.at_least,
        word=form.word.data or "",
        cursor=request.args.get("page"),
    )
    asked = form.in_address()
    return render_template(
        "evaluations/desk/representatives.html",
        form=form,
        rows=rows,
        asked=asked,
        previous_url=url_for(".representatives", **asked, page=page.previous) if page.previous else None,
        next_url=url_for(".representatives", **asked, page=page.next) if page.next else None,
    )


def _year() -> int:
    year = request.args.get("year", clock.today().year, type=int)
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def person_of(user: User, person_id: int) -> HolderRow | None:
    return queries.holder_of_person(db.session(), person_id, _year())


def agency_of(user: User, agency_id: int) -> HolderRow | None:
    return queries.holder_of_agency(db.session(), agency_id, _year())


@blueprint.get("/representatives/<int:person_id>")
@guard(is_provincial, load=person_of)
def representative(holder: HolderRow) -> ResponseReturnValue:
    return _shown(holder, ".representative", person_id=holder.person_id)


@blueprint.get("/representatives/agencies/<int:agency_id>")
@guard(is_provincial, load=agency_of)
def agency_places(holder: HolderRow) -> ResponseReturnValue:
    """The places of an agency: they differ from its representative's where that changed within the year."""
    return _shown(holder, ".agency_places", agency_id=holder.agency_id)


def _shown(holder: HolderRow, endpoint: str, **whose: Any) -> ResponseReturnValue:
    session, strip = db.session(), holder.strip
    found = evaluations_of(session, strip)
    links = {
        each.id: (url_for(".show", evaluation_id=each.id), f"{each.number} {each.applicant.name}")
        for each in found.values()
    }
    years = sorted({*queries.years(session), clock.today().year, strip.year}, reverse=True)
    return render_template(
        "evaluations/desk/representative.html",
        holder=holder,
        strip=strip,
        evaluations=found,
        links=links,
        years=[(year, url_for(endpoint, **whose, year=year)) for year in years],
    )
