"""Screened agreements: the list, one with its marks, and what officers decide on them (第二十二条第一款)."""

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_provincial
from accounts.signin import signed_in
from core import clock, exports
from core.db import db
from core.errors import DomainError
from core.guards import guard
from core.places import bureaus
from evaluations import agreed, flagging
from evaluations.models import AgreementScreening
from evaluations.queries import screening as screenings
from evaluations.rules.states import ENDED, HoldKind
from supervision import policies
from supervision.desk import blueprint
from supervision.forms.agreements import AddMarkForm, AgreementFilter, DecisionForm, DismissalsForm, SettleForm
from supervision.queries import agreements as lists
from supervision.queries import cases as case_queries
from supervision.services import marks

NO_BUREAU = "-"  # no evaluation is of it
AT = "/agreements/<int:screening_id>"
screening_seen_by = screenings.screening_seen_by


def own_bureau(user: User) -> str | None:
    """The bureau within which an officer sees agreements; None: all of them."""
    return None if is_provincial(user, None) else user.bureau or NO_BUREAU


@blueprint.get("/agreements")
@guard(policies.may_see_agreements)
def agreements() -> ResponseReturnValue:
    form = AgreementFilter(request.args, own_bureau=own_bureau(signed_in()))
    found = lists.agreements(db.session(), form.wanted(), cursor=request.args.get("page"))
    asked, page = form.in_address(), found.page
    return render_template(
        "supervision/desk/agreements.html",
        form=form,
        found=found,
        asked=asked,
        bureaus=bureaus(),
        may_screen_folders=policies.may_screen_folders(signed_in(), None),
        previous_url=url_for(".agreements", page=page.previous, **asked) if page.previous else None,
        next_url=url_for(".agreements", page=page.next, **asked) if page.next else None,
    )


@blueprint.get("/agreements/export.xlsx")
@guard(policies.may_see_agreements)
def agreements_export() -> Response:
    wanted = AgreementFilter(request.args, own_bureau=own_bureau(signed_in())).wanted()
    rows = lists.exported(db.session(), wanted)
    return exports.download(f"协议标记 {clock.today()}", lists.EXPORTED, rows, sheet="协议标记")


@blueprint.get(AT)
@guard(policies.may_see_agreement, load=screening_seen_by)
def agreement(screening: AgreementScreening) -> ResponseReturnValue:
    return _page(screening.id)


@blueprint.post(f"{AT}/marks/<int:mark_id>")
@guard(policies.may_decide_marks, load=screening_seen_by)
def decide_mark(screening: AgreementScreening, mark_id: int) -> ResponseReturnValue:
    screening_id = screening.id
    mark = next((each for each in screening.marks if each.id == mark_id), None)
    if mark is None:
        return redirect(url_for(".agreement", screening_id=screening_id))
    form = DecisionForm(mark, screening.version, is_sent=True)
    if form.submitted():
        shown, reason = form.shown_version, form.reason.data or ""
        try:
            if form.is_confirmed:
                done = marks.confirm(screening_id, mark_id, version=shown, reason=reason, by=signed_in())
                opened = f"已立案 {done.case_number}" if done.is_new_case else f"已记入案件 {done.case_number}"
                stopped = "评价已中止，" if done.is_blocked else ""
                flash(f"已认定，{stopped}{opened}；机构会收到消息。")
            else:
                left = marks.dismiss(screening_id, (mark_id,), version=shown, reason=reason, by=signed_in())
                flash(_dismissed(left))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(_next(screening_id))
    return _page(screening_id, decisions={mark_id: form})


@blueprint.post(f"{AT}/dismissals")
@guard(policies.may_decide_marks, load=screening_seen_by)
def dismiss_marks(screening: AgreementScreening) -> ResponseReturnValue:
    screening_id = screening.id
    form = DismissalsForm(list(screening.undecided), screening.version, is_sent=True)
    if form.submitted():
        try:
            left = marks.dismiss(
                screening_id, form.chosen, version=form.shown_version, reason=form.reason.data or "", by=signed_in()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_dismissed(left))
            return redirect(_next(screening_id))
    return _page(screening_id, together=form)


@blueprint.route(f"{AT}/marks/new", methods=["GET", "POST"])
@guard(policies.may_decide_marks, load=screening_seen_by)
def add_mark(screening: AgreementScreening) -> ResponseReturnValue:
    screening_id, session = screening.id, db.session()
    content = screenings.content_of(session, screening)
    clauses = [(row[0], row[2]) for row in content["clauses"]] if content else []
    form = AddMarkForm(clauses, screening.version)
    if form.submitted():
        try:
            position = marks.add(screening_id, form.entry(), version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已补充标记，机构会收到消息；核定前评价不能提交和采信。")
            return redirect(url_for(".agreement", screening_id=screening_id, _anchor=f"mark-{position}"))
    found = screening_seen_by(signed_in(), screening_id)
    return render_template("supervision/desk/add_mark.html", screening=found, form=form), form.status


@blueprint.route(f"{AT}/settle", methods=["GET", "POST"])
@guard(policies.may_decide_marks, load=screening_seen_by)
def settle_agreement(screening: AgreementScreening) -> ResponseReturnValue:
    screening_id, form = screening.id, SettleForm(data={"version": screening.version})
    if form.submitted():
        try:
            marks.settle(screening_id, version=form.shown_version, reason=form.reason.data or "", by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已记下人工阅看的结论，机构会收到消息。")
            return redirect(url_for(".agreement", screening_id=screening_id))
    found = screening_seen_by(signed_in(), screening_id)
    return render_template("supervision/desk/settle_agreement.html", screening=found, form=form), form.status


def _dismissed(left: int) -> str:
    return f"已记下不成立的理由，还有 {left} 处待核。" if left else "已记下不成立的理由，这份协议的标记已全部核定。"


def _next(screening_id: int) -> str:
    """Back to the agreement, at the first mark that is still to be decided on."""
    screening = screening_seen_by(signed_in(), screening_id)
    undecided = screening.undecided if screening is not None else ()
    anchor = f"mark-{undecided[0].position}" if undecided else None
    return url_for(".agreement", screening_id=screening_id, only=request.args.get("only"), _anchor=anchor)


def _page(
    screening_id: int, *, decisions: Mapping[int, DecisionForm] | None = None, together: DismissalsForm | None = None
) -> ResponseReturnValue:
    """The agreement as it is now, with what was typed."""
    session, user = db.session(), signed_in()
    screening = screening_seen_by(user, screening_id)
    if screening is None:
        return "", 404
    may_decide = policies.may_decide_marks(user, screening)
    undecided = list(screening.undecided) if may_decide else []
    sent = decisions or {}
    forms = {mark.id: sent.get(mark.id) or DecisionForm(mark, screening.version, is_sent=False) for mark in undecided}
    only = bool(request.args.get("only"))
    reading = agreed.text_of(
        screenings.content_of(session, screening),
        screening.marks,
        part=request.args.get("part", 1, type=int),
        only_marked=only,
    )
    evaluation = screening.evaluation
    refused: Any = next(iter(sent.values()), None) or together
    return render_template(
        "supervision/desk/agreement.html",
        screening=screening,
        evaluation=evaluation,
        reading=reading,
        only=only,
        forms=forms,
        together=together or DismissalsForm(undecided, screening.version, is_sent=False),
        refused=refused,
        may_decide=may_decide,
        versions=screenings.screenings_of(session, evaluation),
        names=case_queries.names_of(session, screening.settled_by),
        block=flagging.open_hold(evaluation, HoldKind.BLOCK),
        ended=evaluation.state in ENDED,
        cases=[
            each for each in case_queries.open_cases_of(session, evaluation.id) if policies.may_see_case(user, each)
        ],
    ), refused.status if refused is not None else 200
