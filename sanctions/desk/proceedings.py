"""Measures at the desk: the list, one of them, its documents and files, proposing and changing a proposal."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.models import User
from accounts.signin import signed_in
from core import clock, delivery, exports, law
from core.db import db
from core.errors import DomainError
from core.exports import Column
from core.guards import guard
from sanctions import policies, steps, wording
from sanctions.desk import blueprint
from sanctions.desk.acting import Act, act, file_of, proceeding_of
from sanctions.entries import Party
from sanctions.forms.proceedings import ProceedingFilter, ProposalForm, ReasonsForm
from sanctions.models import Proceeding, State
from sanctions.outlook import history, next_at_desk
from sanctions.queries import proceedings as queries
from sanctions.queries.proceedings import FoundFile
from sanctions.rules import course
from sanctions.rules.course import Action
from sanctions.services import proposing
from supervision.models import Case, CaseState
from supervision.queries import cases as case_queries

AT = "/<int:proceeding_id>"
EXPORTED = (
    Column("告知书编号", 18), Column("当事人", 36), Column("措施", 20), Column("状态", 20), Column("提出", 18),
    Column("告知送达", 18), Column("陈述申辩期限", 14), Column("文号", 24), Column("决定日期", 14),
    Column("起始日", 14), Column("决定送达", 18), Column("公布", 18),
)  # fmt: skip


def case_of(user: User, case_id: int) -> Case | None:
    return case_queries.find_case(db.session(), case_id)


@blueprint.get("")
@guard(policies.may_see_proceedings)
def proceedings() -> ResponseReturnValue:
    form = ProceedingFilter(request.args)
    page, found = queries.proceedings(db.session(), signed_in(), form.wanted(), cursor=request.args.get("page"))
    asked = form.in_address()
    return render_template(
        "sanctions/desk/proceedings.html",
        form=form,
        page=page,
        found=found,
        asked=asked,
        previous_url=url_for(".proceedings", page=page.previous, **asked) if page.previous else None,
        next_url=url_for(".proceedings", page=page.next, **asked) if page.next else None,
    )


@blueprint.get("/export.xlsx")
@guard(policies.may_see_proceedings)
def proceedings_export() -> Response:
    rows = queries.exported(db.session(), signed_in(), ProceedingFilter(request.args).wanted())
    return exports.download(f"措施 {clock.today()}", EXPORTED, rows, sheet="措施")


@blueprint.get(AT)
@guard(policies.may_see_proceeding, load=proceeding_of)
def show(row: Proceeding) -> ResponseReturnValue:
    session, user = db.session(), signed_in()
    found = queries.shown(session, row)
    part = course.part_of(steps.part_in(session, row), user.id)
    names = case_queries.names_of(session, row.proposed_by, row.decided_by, row.legal_reviewed_by, row.annulled_by)
    return render_template(
        "sanctions/desk/show.html",
        found=found,
        row=row,
        part=part,
        names=names,
        next=next_at_desk(found, part=part, decides=policies.may_decide(user, row)),
        history=history(row, names),
        may=lambda action: course.may_follow(row.state, Action(action)),
        may_decide=policies.may_decide(user, row),
        may_change=policies.may_change(user, row) and all(each.failed_at for each in row.services),
        publication_due=queries.publication_due(session, row) if row.state is State.SERVED else None,
        overlong=queries.overlong_since(row),
    )


@blueprint.route("/cases/<int:case_id>/propose", methods=["GET", "POST"])
@guard(policies.may_propose, load=case_of)
def propose(case: Case) -> ResponseReturnValue:
    """From the conclusions of a case against one party; `party` in the address bar where there are several."""
    session, case_id = db.session(), case.id
    parties = queries.parties_of(session, case)
    if not parties or case.state is not CaseState.CONCLUDED:
        return render_template("sanctions/desk/nothing_to_propose.html", case=case, parties=parties)
    party = _chosen(parties)
    start = queries.starting(session, case, party)
    form = ProposalForm.of(start, wanted=request.args.get("measure", ""), restricted=case.is_restricted)
    if form.submitted():
        try:
            row_id = proposing.propose(case_id, party, form.entry(), by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已提出。下一步：送达事先告知书。")
            return redirect(url_for(".show", proceeding_id=row_id))
    session = db.session()
    return render_template(
        "sanctions/desk/propose.html",
        case=case_of(signed_in(), case_id),
        form=form,
        start=start,
        others=[
            (index, queries.starting(session, case, each).name) for index, each in enumerate(parties) if each != party
        ],
    ), form.status


def _chosen(parties: list[Party]) -> Party:
    index = request.args.get("party", 0, type=int)
    return parties[index] if 0 <= index < len(parties) else parties[0]


@blueprint.route(f"{AT}/edit", methods=["GET", "POST"])
@guard(policies.may_change, load=proceeding_of)
def edit(row: Proceeding) -> ResponseReturnValue:
    session, row_id = db.session(), row.id
    start = queries.starting(session, row.case, steps.party_of(row))
    form = ProposalForm.of(start, row, restricted=row.case.is_restricted)
    return act(
        row_id,
        form,
        lambda: proposing.edit(row_id, form.entry(), version=form.shown_version, by=signed_in()),
        Act("修改", "保存", "已修改。", lead="告知书发出之前可以修改。"),
    )


@blueprint.route(f"{AT}/withdraw", methods=["GET", "POST"])
@guard(policies.may_change, load=proceeding_of)
def withdraw(row: Proceeding) -> ResponseReturnValue:
    form, row_id = ReasonsForm(data={"version": row.version}), row.id
    return act(
        row_id,
        form,
        lambda: proposing.withdraw(row_id, reasons=form.reasons.data or "", version=form.shown_version, by=signed_in()),
        Act(
            "撤回",
            "撤回",
            "已撤回，案件仍待处理。",
            consequences=("对方还不知道此事，撤回后也不会知道。", "案件仍待处理，可以重新提出。"),
        ),
    )


# ── documents and files ───────────────────────────────────────────────────────────────────────────────────────────────


@blueprint.get(f"{AT}/notice")
@guard(policies.may_see_proceeding, load=proceeding_of)
def notice(row: Proceeding) -> ResponseReturnValue:
    """The notice as the other side gets it, also before it is sent."""
    found = queries.shown(db.session(), row)
    titles = [each.title for each in found.files]
    document = wording.notice(row, found.evaluations, titles, law.jurisdiction())
    return render_template("sanctions/desk/document.html", row=row, document=document)


@blueprint.get(f"{AT}/decision")
@guard(policies.may_see_proceeding, load=proceeding_of)
def decision(row: Proceeding) -> ResponseReturnValue:
    if row.document is None:
        raise NotFound
    return render_template("sanctions/desk/document.html", row=row, document=wording.decision(row, law.jurisdiction()))


@blueprint.get(f"{AT}/services/<int:service_id>/receipt")
@guard(policies.may_see_proceeding, load=proceeding_of)
def receipt(row: Proceeding, service_id: int) -> ResponseReturnValue:
    """送达回证: what was served, on whom, how and when; signed by hand where it was served on paper."""
    service = next((each for each in row.services if each.id == service_id), None)
    if service is None:
        raise NotFound
    title = wording.title_of(service.what, row, law.jurisdiction())
    names = case_queries.names_of(db.session(), service.recorded_by)
    return render_template(
        "sanctions/desk/receipt.html", row=row, service=service, title=title, name=wording.party_name(row), names=names
    )


@blueprint.get(f"{AT}/files/<int:file_id>")
@guard(policies.may_see_proceeding, load=file_of)
def file(found: FoundFile) -> ResponseReturnValue:
    page = min(max(request.args.get("page", 1, type=int), 1), found.file.pages)
    return render_template("sanctions/desk/file.html", found=found, page=page)


@blueprint.get(f"{AT}/files/<int:file_id>/pages/<int:page>")
@guard(policies.may_see_proceeding, load=file_of)
def file_page(found: FoundFile, page: int) -> ResponseReturnValue:
    return delivery.picture(found.file, page)


@blueprint.get(f"{AT}/files/<int:file_id>/download")
@guard(policies.may_see_proceeding, load=file_of)
def file_download(found: FoundFile) -> ResponseReturnValue:
    return delivery.attachment(found.file)
