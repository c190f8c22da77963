"""An agency's evaluations: the year board on top, the list below, its spreadsheet."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_agency
from core import clock, exports
from core.db import db
from core.guards import guard
from evaluations.forms.listing import OwnFilter
from evaluations.queries import boards, listing, own
from evaluations.rules.states import Level, State
from evaluations.views.routing import blueprint, own_agency


@blueprint.get("")
@guard(is_agency)
def evaluations() -> ResponseReturnValue:
    session, today = db.session(), clock.today()
    asked_year = request.args.get("year", today.year, type=int)
    board = boards.board(session, own_agency(), asked_year if 2000 < asked_year < 2100 else today.year)
    form = OwnFilter(request.args, board.years)
    wanted = form.wanted(own_agency())
    found = listing.listing(session, wanted, cursor=request.args.get("page"))
    cap = boards.cap(session, own_agency(), today)
    links = {
        number: (url_for(".show", evaluation_id=number), f"第 {place} 个名额")
        for number, place in cap.own_evaluations.items()
    }
    asked, page = form.in_address(), found.page
    return render_template(
        "evaluations/evaluations.html",
        form=form,
        asked=asked,
        board=board,
        cap=cap,
        listing=found,
        own_id=own_agency(),
        is_filed=boards.is_filed(session, own_agency()),
        levels=tuple(Level),
        states=tuple(State),
        list_url=lambda **asked: url_for(".evaluations", **asked),
        links=links,
        previous_url=url_for(".evaluations", page=page.previous, **asked) if page.previous else None,
        next_url=url_for(".evaluations", page=page.next, **asked) if page.next else None,
    )


@blueprint.get("/export.xlsx")
@guard(is_agency)
def evaluations_export() -> ResponseReturnValue:
    session = db.session()
    board = boards.board(session, own_agency(), clock.today().year)
    wanted = OwnFilter(request.args, board.years).wanted(own_agency())
    return exports.download(f"评价项目 {clock.today()}", own.COLUMNS, own.exported(session, wanted), sheet="评价项目")
