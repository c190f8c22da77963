"""Cases: the list, one of them, what is written into it, how it ends."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import clock, exports
from core.db import db
from core.errors import DomainError
from core.exports import Column
from core.forms import VersionedForm
from core.guards import guard
from supervision import policies
from supervision.desk import blueprint
from supervision.forms.cases import CaseFilter, CloseForm, CorrectForm, NoteForm
from supervision.models import Case, CaseKind, CaseOutcome
from supervision.queries import agreements, inspections
from supervision.queries import cases as queries
from supervision.rules.inspecting import awaits_opinion
from supervision.services import handling, looking

EXPORTED = (
    Column("案号", 18), Column("事由", 18), Column("状态", 10), Column("机构", 36), Column("评价编号", 20),
    Column("培育对象", 36), Column("查明的事实", 60), Column("立案", 18), Column("办结", 18), Column("办理结果", 16),
    Column("理由", 50),
)  # fmt: skip


see = guard(policies.may_see_case, load=queries.case_for, refused=looking.refused)
handle = guard(policies.may_handle_case, load=queries.case_for, refused=looking.refused)


@blueprint.get("/cases")
@guard(policies.may_see_cases)
def cases() -> ResponseReturnValue:
    form = CaseFilter(request.args)
    page, listed, found = queries.cases(db.session(), form.wanted(), user=signed_in(), cursor=request.args.get("page"))
    asked = form.in_address()
    return render_template(
        "supervision/desk/cases.html",
        form=form,
        listed=listed,
        found=found,
        asked=asked,
        previous_url=url_for(".cases", page=page.previous, **asked) if page.previous else None,
        next_url=url_for(".cases", page=page.next, **asked) if page.next else None,
    )


@blueprint.get("/cases/export.xlsx")
@guard(policies.may_see_cases)
def cases_export() -> Response:
    rows = queries.cases_exported(db.session(), CaseFilter(request.args).wanted(), user=signed_in())
    return exports.download(f"案件 {clock.today()}", EXPORTED, rows, sheet="案件")


@blueprint.get("/cases/<int:case_id>")
@see
def show_case(case: Case) -> ResponseReturnValue:
    return _page(case, NoteForm(formdata=None, data={"version": case.version}))


@blueprint.post("/cases/<int:case_id>/notes")
@handle
def add_note(case: Case) -> ResponseReturnValue:
    form, case_id = NoteForm(), case.id
    if form.submitted():
        try:
            handling.add_note(case_id, form.text.data or "", version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已记入案件。")
            return redirect(url_for(".show_case", case_id=case_id))
    return _again(case_id, form)


@blueprint.route("/cases/<int:case_id>/close", methods=["GET", "POST"])
@handle
def close_case(case: Case) -> ResponseReturnValue:
    form, case_id = CloseForm(data={"version": case.version}), case.id
    if form.submitted():
        try:
            handling.close(
                case_id,
                CaseOutcome(form.outcome.data),
                reason=form.reason.data or "",
                version=form.shown_version,
                by=signed_in(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("案件已办结，已通知机构。")
            return redirect(url_for(".show_case", case_id=case_id))
    found = queries.find_case(db.session(), case_id)
    return render_template("supervision/desk/close_case.html", case=found, form=form), form.status


@blueprint.route("/cases/<int:case_id>/correct", methods=["GET", "POST"])
@guard(policies.may_correct, load=queries.case_for, refused=looking.refused)
def correct_case(case: Case) -> ResponseReturnValue:
    """What was found in an agreement is put right: the block is lifted and the case closed, at once."""
    form, case_id = CorrectForm(data={"version": case.version}), case.id
    if form.submitted():
        try:
            is_lifted = handling.correct(
                case_id, reason=form.reason.data or "", version=form.shown_version, by=signed_in()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"案件已按已纠正办结{'，评价的中止已解除' if is_lifted else ''}；机构会收到消息。")
            return redirect(url_for(".show_case", case_id=case_id))
    found = queries.find_case(db.session(), case_id)
    return render_template(
        "supervision/desk/correct_case.html",
        case=found,
        form=form,
        lacking=queries.lacking_for_correction(db.session(), found) if found is not None else "",
    ), form.status


def _again(case_id: int, form: VersionedForm) -> ResponseReturnValue:
    """The case as it is now, with what was typed."""
    case = queries.find_case(db.session(), case_id)
    return _page(case, form) if case is not None else ("", 404)


def _page(case: Case, form: VersionedForm) -> ResponseReturnValue:
    session = db.session()
    names = queries.names_of(session, case.opened_by, case.closed_by)
    inspection = inspections.inspection_of(session, case)
    of_agreement = case.kind is CaseKind.AGREEMENT and case.evaluation_id is not None
    return render_template(
        "supervision/desk/show_case.html",
        case=case,
        form=form,
        history=queries.timeline_of(case, names),
        marks=agreements.confirmed_of(session, case.evaluation_id or 0) if of_agreement else (),
        inspection=inspection,
        awaits_opinion=awaits_opinion(inspections.adjustment_facts(case, inspection)),
        may_correct=of_agreement and policies.may_correct(signed_in(), case),
        lacking=queries.lacking_for_correction(session, case) if of_agreement else "",
    ), form.status
