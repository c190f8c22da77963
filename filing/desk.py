"""The officers' side of filings: the list, the review page, each step with its form."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_department
from accounts.signin import signed_in
from agency.particulars import MATERIALS, Material
from core import clock, delivery, exports, law
from core.db import db
from core.errors import DomainError
from core.exports import Column
from core.forms import VersionedForm
from core.guards import guard
from core.uploads import StoredFile
from filing import likeness, policies, queries, reviewing, rules, services
from filing.changes import material_name
from filing.forms import (
    ApprovalForm,
    CommentForm,
    DecisionForm,
    FilingsFilter,
    JudgementsForm,
    MatchForm,
    OpinionForm,
    RefusalForm,
    ReturnForm,
    StepForm,
    target_label,
)
from filing.models import Filing
from filing.reviewing import Tab
from filing.rules.evasion import Answer, ground_of_refusal

blueprint = Blueprint("filing_desk", __name__, url_prefix="/desk/filings")

EXPORTED = (
    Column("机构名称", 36), Column("统一社会信用代码", 22), Column("所在地", 10), Column("类型", 12),
    Column("状态", 14), Column("备案号", 16), Column("最近提交", 18), Column("受理", 18), Column("办结", 18),
    Column("备案日期", 12), Column("止于", 12), Column("审核人", 12), Column("审批人", 12),
)  # fmt: skip


@blueprint.route("")
@guard(is_department)
def filings() -> ResponseReturnValue:
    form = FilingsFilter(request.args)
    page = queries.filings(db.session(), form.wanted(), cursor=request.args.get("page"))
    asked = form.in_address()
    return render_template(
        "filing/desk/filings.html",
        form=form,
        page=page,
        officers=queries.names_of(db.session(), {filing.reviewer_id for filing in page.items}),
        suspicions=queries.suspicions(db.session(), page.items) if policies.may_see_matches(signed_in(), None) else {},
        asked=asked,
        previous_url=url_for(".filings", page=page.previous, **asked) if page.previous else None,
        next_url=url_for(".filings", page=page.next, **asked) if page.next else None,
    )


@blueprint.route("/export.xlsx")
@guard(is_department)
def filings_export() -> ResponseReturnValue:
    rows = queries.exported(db.session(), FilingsFilter(request.args).wanted())
    return exports.download(f"备案清单 {clock.today()}", EXPORTED, rows, sheet="备案清单")


@blueprint.route("/<int:filing_id>")
@guard(policies.may_see_filing, load=queries.filing_seen_by)
def show(filing: Filing) -> ResponseReturnValue:
    asked = request.args.get("tab", "")
    return review_page(filing, Tab(asked) if asked in list(Tab) else Tab.CHECK)


def review_page(filing: Filing, tab: Tab, judging: JudgementsForm | None = None) -> ResponseReturnValue:
    """The review page, with the judgement form as it was typed where it was refused."""
    session, user = db.session(), signed_in()
    review = reviewing.review_of(session, filing)
    turn = review.turn(user)
    if judging is None and turn is reviewing.Turn.REVIEW and review.points:
        judging = JudgementsForm.about([shown.point for shown in review.points], version=filing.version)
    files = queries.files_of(session, review.facts) if tab is Tab.MATERIALS else {}
    return render_template(
        "filing/desk/show.html",
        filing=filing,
        review=review,
        tab=tab,
        tabs=_tabs(review, tab),
        turn=turn,
        judging=judging,
        commenting=CommentForm(formdata=None) if policies.may_comment(user, filing) else None,
        files=reviewing.files_by_clause(review, files) if files else {},
        staff_files=reviewing.staff_files(review) if tab is Tab.MATERIALS else (),
        staff_kinds=reviewing.STAFF_KINDS,
        clauses=law.jurisdiction().clauses,
        checked=rules.CHECKED,
        stored_findings=queries.stored_findings,
        target_label=target_label,
        found=likeness.found_in(session, filing) if policies.may_see_matches(user, filing) else likeness.Found(),
        decided=[step for step in filing.steps if step.action in (rules.Action.APPROVE, rules.Action.REFUSE)],
    ), judging.status if judging else 200


def _tabs(review: reviewing.Review, here: Tab) -> list[dict[str, Any]]:
    counts = {
        Tab.CHECK: len(review.check.still_open) or None,
        Tab.MATERIALS: len(review.facts.materials),
        Tab.CHANGES: sum(len(section.rows) for section in review.changes) if review.before else None,
    }
    return [
        {
            "label": tab.label,
            "url": url_for(".show", filing_id=review.filing.id, tab=None if tab is Tab.CHECK else tab.value),
            "current": tab is here,
            "count": counts.get(tab),
        }
        for tab in Tab
    ]


def step_page(
    filing: Filing, form: VersionedForm, act: Callable[[], object], done: str, template: str, **shown: Any
) -> ResponseReturnValue:
    """The page of one step: its form, the one service call, what happened."""
    if form.submitted():
        try:
            act()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(done)
            return redirect(url_for(".show", filing_id=filing.id))
    return render_template(f"filing/desk/{template}.html", filing=filing, form=form, **shown), form.status


@blueprint.route("/<int:filing_id>/take", methods=["GET", "POST"])
@guard(policies.may_review, load=queries.filing_seen_by)
def take(filing: Filing) -> ResponseReturnValue:
    form = StepForm(version=filing.version)
    return step_page(
        filing,
        form,
        lambda: services.take(filing.id, version=form.shown_version, by=signed_in()),
        "已受理，由您审核。",
        "take",
    )


@blueprint.route("/<int:filing_id>/take-over", methods=["GET", "POST"])
@guard(policies.may_review, load=queries.filing_seen_by)
def take_over(filing: Filing) -> ResponseReturnValue:
    form = DecisionForm(version=filing.version)
    return step_page(
        filing,
        form,
        lambda: services.take_over(
            filing.id, version=form.shown_version, by=signed_in(), reason=form.reason.data or ""
        ),
        "已接办，由您继续审核。",
        "take_over",
        officers=queries.names_of(db.session(), {filing.reviewer_id}),
    )


@blueprint.route("/<int:filing_id>/judge", methods=["POST"])
@guard(policies.may_review, load=queries.filing_seen_by)
def judge(filing: Filing) -> ResponseReturnValue:
    form = JudgementsForm()
    if form.submitted():
        try:
            services.judge(filing.id, version=form.shown_version, decisions=form.decisions(), by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"已保存 {len(form.decisions())} 项判断。")
            return redirect(url_for(".show", filing_id=filing.id))
    return review_page(filing, Tab.CHECK, form)


@blueprint.route("/<int:filing_id>/matches/<int:barred_id>", methods=["GET", "POST"])
@guard(policies.may_decide_match, load=queries.filing_seen_by)
def decide_match(filing: Filing, barred_id: int) -> ResponseReturnValue:
    """One barred agency that a filing is like: what matches, and the officer's answer."""
    standing = next(
        (each for each in likeness.found_in(db.session(), filing).each if each.likeness.barred.agency_id == barred_id),
        None,
    )
    if standing is None:
        abort(404)
    form = MatchForm(data={"version": filing.version, "basis": standing.likeness.basis})
    return step_page(
        filing,
        form,
        lambda: services.decide_match(
            filing.id,
            barred_id,
            basis=form.basis.data or "",
            answer=Answer(form.answer.data),
            reason=form.reason.data or "",
            version=form.shown_version,
            by=signed_in(),
        ),
        "核实结论已保存。",
        "decide_match",
        standing=standing,
    )


@blueprint.route("/<int:filing_id>/comment", methods=["GET", "POST"])
@guard(policies.may_comment, load=queries.filing_seen_by)
def comment(filing: Filing) -> ResponseReturnValue:
    form = CommentForm(target=request.args.get("target"))
    if form.submitted():
        try:
            services.comment(filing.id, target=form.target.data, text=form.text.data or "", by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("意见已保存，仅省厅内部可见。")
            tab = Tab.MATERIALS if form.target.data.startswith("material:") else Tab.CHECK
            return redirect(url_for(".show", filing_id=filing.id, tab=tab.value))
    return render_template("filing/desk/comment.html", filing=filing, form=form), form.status


@blueprint.route("/<int:filing_id>/return", methods=["GET", "POST"])
@guard(policies.may_review, load=queries.filing_seen_by)
def return_(filing: Filing) -> ResponseReturnValue:
    form = ReturnForm(version=filing.version)
    latest = filing.latest.number if filing.latest else 0
    return step_page(
        filing,
        form,
        lambda: services.return_(filing.id, version=form.shown_version, items=form.items(), by=signed_in()),
        "已退回补正，清单已通知机构。",
        "return_",
        clauses=law.jurisdiction().clauses,
        remarks=reviewing.by_target([each for each in filing.comments if each.submission_number == latest]),
    )


@blueprint.route("/<int:filing_id>/pass", methods=["GET", "POST"])
@guard(policies.may_review, load=queries.filing_seen_by)
def pass_(filing: Filing) -> ResponseReturnValue:
    form = OpinionForm(version=filing.version)
    return step_page(
        filing,
        form,
        lambda: services.pass_(filing.id, version=form.shown_version, by=signed_in(), reason=form.reason.data or ""),
        "审核已通过，转另一名人员审批。",
        "pass_",
        check=queries.check_of(db.session(), filing),
        found=likeness.found_in(db.session(), filing),
    )


@blueprint.route("/<int:filing_id>/send-back", methods=["GET", "POST"])
@guard(policies.may_decide, load=queries.filing_seen_by)
def send_back(filing: Filing) -> ResponseReturnValue:
    form = DecisionForm(version=filing.version)
    return step_page(
        filing,
        form,
        lambda: services.send_back(
            filing.id, version=form.shown_version, by=signed_in(), reason=form.reason.data or ""
        ),
        "已退回审核人。",
        "send_back",
    )


@blueprint.route("/<int:filing_id>/approve", methods=["GET", "POST"])
@guard(policies.may_decide, load=queries.filing_seen_by)
def approve(filing: Filing) -> ResponseReturnValue:
    form = ApprovalForm(version=filing.version)
    if form.submitted():
        try:
            reason = form.reason.data or ""
            number = services.approve(filing.id, version=form.shown_version, by=signed_in(), reason=reason)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"已准予备案，备案号 {number}。")
            return redirect(url_for(".show", filing_id=filing.id))
    session = db.session()
    return render_template(
        "filing/desk/approve.html",
        filing=filing,
        form=form,
        check=queries.check_of(session, filing),
        found=likeness.found_in(session, filing),
        in_force=queries.in_force(session, filing.agency_id),
    ), form.status


@blueprint.route("/<int:filing_id>/refuse", methods=["GET", "POST"])
@guard(policies.may_decide, load=queries.filing_seen_by)
def refuse(filing: Filing) -> ResponseReturnValue:
    evading = likeness.found_in(db.session(), filing).evading
    form = RefusalForm(data={"version": filing.version, "reason": ground_of_refusal(evading)})
    return step_page(
        filing,
        form,
        lambda: services.refuse(filing.id, version=form.shown_version, by=signed_in(), reason=form.reason.data or ""),
        "已决定不予备案，理由和救济途径已通知机构。",
        "refuse",
        remedies=rules.remedies(law.jurisdiction(), on=clock.today()),
    )


def _handed_in(filing: Filing, material_id: int) -> tuple[Material, StoredFile]:
    """A material of the latest hand-in and its file; 404 for any other, of whatever agency."""
    facts = queries.snapshot(filing)
    material = next((each for each in facts.materials if each.id == material_id), None)
    file = db.session.get(StoredFile, material.file_id) if material else None
    if material is None or file is None:
        abort(404)
    return material, file


@blueprint.route("/<int:filing_id>/materials/<int:material_id>")
@guard(policies.may_see_filing, load=queries.filing_seen_by)
def material(filing: Filing, material_id: int) -> ResponseReturnValue:
    found, file = _handed_in(filing, material_id)
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= file.pages:
        abort(404)
    facts = queries.snapshot(filing)
    order = [each.id for each in sorted(facts.materials, key=_reading_order)]
    at = order.index(material_id)
    return render_template(
        "filing/desk/material.html",
        filing=filing,
        material=found,
        name=material_name(found, facts),
        file=file,
        page=page,
        previous_id=order[at - 1] if at else None,
        next_id=order[at + 1] if at + 1 < len(order) else None,
        position=at + 1,
        total=len(order),
        comments=[each for each in filing.comments if each.target == f"material:{found.kind}"],
        commenting=CommentForm(formdata=None) if policies.may_comment(signed_in(), filing) else None,
    )


def _reading_order(material: Material) -> tuple[int, int, int]:
    """Clause by clause, person by person."""
    kinds = [slot.kind for slot in MATERIALS]
    by_person = material.kind in reviewing.STAFF_KINDS
    first = min(kinds.index(kind) for kind in reviewing.STAFF_KINDS) if by_person else kinds.index(material.kind)
    return first, material.subject_id or 0, kinds.index(material.kind)


@blueprint.route("/<int:filing_id>/materials/<int:material_id>/pages/<int:page>.jpg")
@guard(policies.may_see_filing, load=queries.filing_seen_by)
def material_page(filing: Filing, material_id: int, page: int) -> Response:
    return delivery.picture(_handed_in(filing, material_id)[1], page)


@blueprint.route("/<int:filing_id>/materials/<int:material_id>/file")
@guard(policies.may_see_filing, load=queries.filing_seen_by)
def material_download(filing: Filing, material_id: int) -> Response:
    return delivery.attachment(_handed_in(filing, material_id)[1])
