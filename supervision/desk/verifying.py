"""Verifying a case: who handles it, what was seen on site, evidence and its copies, hearing the other side."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import clock, law
from core.db import db
from core.errors import DomainError
from core.guards import guard
from core.workdays import add_working_days, calendar
from supervision import policies
from supervision.desk import blueprint
from supervision.desk.acting import act_page, handle, press
from supervision.forms import verification as forms
from supervision.models import Case, CaseFile, Inquiry
from supervision.queries import cases as queries
from supervision.queries import people, verification
from supervision.services import asking, assigning, evidencing, looking

AT = "/cases/<int:case_id>"
assigning_guard = guard(policies.may_assign_case, load=queries.case_for, refused=looking.refused)


@blueprint.route(f"{AT}/officers", methods=["GET", "POST"])
@assigning_guard
def assign_officer(case: Case) -> ResponseReturnValue:
    case_id, may_be = case.id, people.may_handle(db.session(), case)
    form = forms.OfficerForm(may_be, data={"version": case.version})
    return act_page(
        case_id,
        form,
        lambda: assigning.assign(case_id, form.officer.data, version=form.shown_version, by=signed_in()),
        "已指派，会收到消息。",
        title="指派承办人",
        lead="承办过本案的人员不能对由此提出的处理作出决定。",
        submit="指派",
        anchor="officers",
    )


@blueprint.post(f"{AT}/officers/<int:user_id>/end")
@assigning_guard
def unassign_officer(case: Case, user_id: int) -> ResponseReturnValue:
    form, case_id = forms.ConfirmForm(), case.id
    return press(
        case_id,
        form,
        lambda: assigning.unassign(case_id, user_id, version=form.shown_version, by=signed_in()),
        "已不再承办；承办过的记录保留。",
        "officers",
    )


@blueprint.route(f"{AT}/on-site", methods=["GET", "POST"])
@handle
def add_on_site(case: Case) -> ResponseReturnValue:
    form, case_id = forms.OnSiteForm(data={"version": case.version}), case.id
    return act_page(
        case_id,
        form,
        lambda: evidencing.on_site(
            case_id, form.entry(), forms.chosen_file("scan"), version=form.shown_version, by=signed_in()
        ),
        "现场核查记录已记入案件。",
        title="记录现场核查",
        lead="由两名人员进行，写明时间、地点和看到的情况。",
        submit="记入案件",
        anchor="course",
    )


@blueprint.route(f"{AT}/evidence/new", methods=["GET", "POST"])
@handle
def add_evidence(case: Case) -> ResponseReturnValue:
    form, case_id = forms.EvidenceForm(data={"version": case.version}), case.id
    return act_page(
        case_id,
        form,
        lambda: evidencing.add(
            case_id,
            form.title.data or "",
            forms.chosen_files("files"),
            version=form.shown_version,
            by=signed_in(),
        ),
        "已加入证据。",
        title="增加证据",
        lead="原件只在主管部门内部查看；给对方看的是您核对过的副本。",
        submit="加入证据",
        anchor="evidence",
    )


@blueprint.route(f"{AT}/evidence/<int:evidence_id>/copy", methods=["GET", "POST"])
@handle
def clear_evidence(case: Case, evidence_id: int) -> ResponseReturnValue:
    """Choose pages and have the copy made; then it is looked at, and cleared by the other button."""
    case_id, row = case.id, _evidence(case, evidence_id)
    form = forms.PagesForm(row.file.pages, data={"version": case.version, "pages": _pages_word(row)})
    if form.submitted():
        try:
            evidencing.prepare(case_id, evidence_id, form.chosen, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("副本已制作，请逐页看过后确认。")
            return redirect(url_for(".clear_evidence", case_id=case_id, evidence_id=evidence_id, _anchor="copy"))
    return _copy_page(case_id, evidence_id, form, None)


@blueprint.post(f"{AT}/evidence/<int:evidence_id>/clear")
@handle
def confirm_cleared(case: Case, evidence_id: int) -> ResponseReturnValue:
    form, case_id = forms.ClearForm(), case.id
    _evidence(case, evidence_id)
    if form.submitted():
        try:
            evidencing.clear(
                case_id,
                evidence_id,
                version=form.shown_version,
                looked_over=bool(form.looked_over.data),
                by=signed_in(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("副本已确认，可以随询问或告知给对方看。")
            return redirect(url_for(".show_case", case_id=case_id, _anchor="evidence"))
    return _copy_page(case_id, evidence_id, None, form)


def _copy_page(
    case_id: int, evidence_id: int, pages: forms.PagesForm | None, confirm: forms.ClearForm | None
) -> ResponseReturnValue:
    session = db.session()
    case = queries.find_case(session, case_id)
    if case is None:
        abort(404)
    row = _evidence(case, evidence_id)
    data = {"version": case.version}
    pages_form = pages or forms.PagesForm(row.file.pages, formdata=None, data={**data, "pages": _pages_word(row)})
    confirm_form = confirm or forms.ClearForm(formdata=None, data=data)
    sent = pages or confirm
    return render_template(
        "supervision/desk/clear_evidence.html", case=case, row=row, form=pages_form, confirm_form=confirm_form
    ), sent.status if sent else 200


def _pages_word(row: CaseFile) -> str:
    if row.cleared_pages:
        return ",".join(str(page) for page in row.cleared_pages)
    return "1" if row.file.pages == 1 else ""


def _evidence(case: Case, evidence_id: int) -> CaseFile:
    row = db.session().get(CaseFile, evidence_id)
    if row is None or row.case_id != case.id:
        abort(404)
    return row


@blueprint.route(f"{AT}/inquiries/new", methods=["GET", "POST"])
@handle
def send_inquiry(case: Case) -> ResponseReturnValue:
    session, case_id, parties = db.session(), case.id, verification.parties_of(case)
    cleared = [(each.id, each.title) for each in verification.cleared_of(session, case_id)]
    today = clock.today()
    workdays = law.jurisdiction().number("inquiry_workdays", on=today)
    term = add_working_days(today, workdays, calendar(session))
    form = forms.InquiryForm(
        parties, cleared, data={"version": case.version, "due": term.day, "party": parties[0].key if parties else ""}
    )
    if not case.is_restricted:
        del form.looked_over
    if not cleared:
        del form.evidence
    without = people.without_account(session, parties)
    return act_page(
        case_id,
        form,
        lambda: asking.send(case_id, form.entry(), version=form.shown_version, by=signed_in()),
        lambda row: f"{row.number} 已发出，对方会收到消息；不写明缘由，也不显示案号。",
        title="询问对方",
        lead="对方收到编号和期限，打开后看到这里写的文字和附上的证据副本，在自己的页面答复。",
        submit="发出询问",
        template="supervision/desk/send_inquiry.html",
        anchor="inquiries",
        without=without,
        parties=parties,
        workdays=workdays,
    )


@blueprint.route(f"{AT}/inquiries/<int:inquiry_id>/answer", methods=["GET", "POST"])
@handle
def record_answer(case: Case, inquiry_id: int) -> ResponseReturnValue:
    row = db.session().get(Inquiry, inquiry_id)
    if row is None or row.case_id != case.id:
        abort(404)
    form, case_id, number = forms.AnswerForm(data={"version": case.version}), case.id, row.number
    return act_page(
        case_id,
        form,
        lambda: asking.record_answer(
            inquiry_id,
            form.text.data or "",
            forms.chosen_files("files"),
            version=form.shown_version,
            by=signed_in(),
        ),
        "书面答复已录入。",
        title=f"录入书面答复 {number}",
        lead="对方以书面答复的，写明收到的日期和内容，附扫描件。",
        submit="录入答复",
        anchor="inquiries",
    )
