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
from supervision.desk.acting import handle, see
from supervision.forms.cases import CaseFilter, CloseForm, CorrectForm, NoteForm
from supervision.models import Case, CaseOutcome, CaseState
from supervision.next_steps import Course, is_agreement, next_of
from supervision.queries import agreements, inspections, verification
from supervision.queries import cases as queries
from supervision.queries.matters import inquiry_word
from supervision.rules import outcomes
from supervision.rules.inspecting import awaits_opinion
from supervision.services import handling, looking

EXPORTED = (
    Column("案号", 18), Column("事由", 18), Column("状态", 10), Column("机构", 36), Column("评价编号", 20),
    Column("培育对象", 36), Column("查明的事实", 60), Column("立案", 18), Column("办结", 18), Column("办理结果", 16),
    Column("理由", 50),
)  # fmt: skip


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
    asked = request.args.get("outcome", "")
    form, case_id = CloseForm(_closings(case), data={"version": case.version, "outcome": asked}), case.id
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
            flash("案件已办结。")
            return redirect(url_for(".show_case", case_id=case_id))
    found = queries.find_case(db.session(), case_id)
    undecided = queries.undecided_in(db.session(), found) if found is not None else None
    return render_template("supervision/desk/close_case.html", case=found, form=form, undecided=undecided), form.status


def _closings(case: Case) -> list[CaseOutcome]:
    """How it can be closed: as its conclusions allow, or without any where nothing had to be verified."""
    if case.state is CaseState.CONCLUDED:
        ways = outcomes.ways(verification.concluded(db.session(), case))
        return [each.closes_as for each in ways if each.closes_as is not None]
    return list(outcomes.DIRECT) if case.kind in outcomes.DIRECT_KINDS else []


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
    session, user = db.session(), signed_in()
    evidence = verification.evidence_of(session, case.id)
    inquiries = verification.inquiries_of(session, case.id)
    rectifications = verification.rectifications_of(session, case.id)
    conclusions = verification.conclusions_of(session, case.id)
    established = verification.concluded(session, case) if case.state is CaseState.CONCLUDED else None
    ways = outcomes.ways(established) if established else ()
    may_correct = is_agreement(case) and policies.may_correct(user, case)
    lacking = queries.lacking_for_correction(session, case) if is_agreement(case) else ""
    nameable = case.is_restricted and case.state is CaseState.OPEN and not inquiries and not conclusions
    undecided, main = queries.undecided_in(session, case), outcomes.main_way(established) if established else None
    course = Course(case, inquiries, conclusions, rectifications, ways, undecided, may_correct, lacking, nameable, main)
    step = next_of(course, today=clock.today())
    concerned = {each for conclusion in conclusions for each in conclusion.evaluation_ids}
    handled = [each.account_id for each in case.officers]
    names = queries.names_of(session, case.opened_by, case.closed_by, *handled)
    inspection = inspections.inspection_of(session, case)
    return render_template(
        "supervision/desk/show_case.html",
        case=case,
        form=form,
        step=step,
        nameable=nameable,
        history=queries.timeline_of(case, names),
        inspection=inspection,
        awaits_opinion=awaits_opinion(inspections.adjustment_facts(case, inspection)),
        names=names,
        marks=agreements.confirmed_of(session, case.evaluation_id or 0) if is_agreement(case) else (),
        may_correct=may_correct,
        may_assign=policies.may_assign_case(user, case) and not case.is_restricted,
        may_reopen=policies.may_reopen_case(user, case) and case.pending is None and not rectifications,
        blocked=queries.is_blocked(case),
        evidence=evidence,
        inquiries=inquiries,
        inquiry_word=inquiry_word,
        conclusions=conclusions,
        concerned={each.id: each for each in verification.evaluations_named(session, sorted(concerned))},
        rectifications=rectifications,
        outside=verification.outside_files_of(
            session,
            inquiry_ids=[each.id for each in inquiries],
            rectification_ids=[each.id for each in rectifications],
        ),
        ways=[way for way in ways if step is None or way is not step.way] if case.pending is None else (),
        parties={(each.agency_id, each.applicant_id): each.name for each in verification.parties_of(case)},
    ), form.status
