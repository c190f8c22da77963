"""What follows a conclusion short of a decision: a talk, a rectification with its proof and re-check."""

from datetime import timedelta

from flask import abort
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import clock, law
from core.db import db
from supervision.desk import blueprint
from supervision.desk.acting import act_page, handle
from supervision.forms import verification as forms
from supervision.models import Case, Rectification
from supervision.queries import people, verification
from supervision.rules.outcomes import TO_DO, Check
from supervision.rules.verifying import ADVERSE
from supervision.services import measuring

AT = "/cases/<int:case_id>"
ONE = f"{AT}/rectifications/<int:rectification_id>"


@blueprint.route(f"{AT}/talk", methods=["GET", "POST"])
@handle
def record_talk(case: Case) -> ResponseReturnValue:
    form, case_id = forms.TalkForm(data={"version": case.version}), case.id
    return act_page(
        case_id,
        form,
        lambda: measuring.talk(
            case_id, form.entry(), forms.chosen_file("scan"), version=form.shown_version, by=signed_in()
        ),
        "约谈记录已记入案件。",
        title="记录约谈",
        lead="约谈是提醒和督促，不产生不予采信的后果。",
        submit="记入案件",
        anchor="course",
    )


@blueprint.route(f"{AT}/rectifications/new", methods=["GET", "POST"])
@handle
def demand_rectification(case: Case) -> ResponseReturnValue:
    session, case_id, today = db.session(), case.id, clock.today()
    held = {
        (each.agency_id, each.applicant_id)
        for each in verification.conclusions_of(session, case_id)
        if each.result in ADVERSE
    }
    parties = [each for each in verification.parties_of(case) if (each.agency_id, each.applicant_id) in held]
    days = law.jurisdiction().number("unit_rectification_days", on=today)
    basis = law.jurisdiction().parameter("unit_rectification_days", on=today).basis
    form = forms.DemandForm(
        parties,
        data={
            "version": case.version,
            "due": today + timedelta(days=days),
            "party": parties[0].key if parties else "",
        },
    )
    if not case.is_restricted:
        del form.looked_over
    return act_page(
        case_id,
        form,
        lambda: measuring.demand(case_id, form.entry(), version=form.shown_version, by=signed_in()),
        lambda row: f"{row.number} 已发出，对方会收到消息，在自己的页面提交整改材料。",
        title="要求整改",
        lead=f"默认期限 {days} 天（{basis}），可以另定。",
        submit="要求整改",
        template="supervision/desk/demand_rectification.html",
        anchor="rectifications",
        without=people.without_account(session, parties),
        parties=parties,
    )


@blueprint.route(f"{ONE}/proof", methods=["GET", "POST"])
@handle
def record_proof(case: Case, rectification_id: int) -> ResponseReturnValue:
    row = _rectification(case, rectification_id)
    form, case_id, number = forms.ProofForm(data={"version": case.version}), case.id, row.number
    return act_page(
        case_id,
        form,
        lambda: measuring.record_proof(
            rectification_id,
            form.text.data or "",
            forms.chosen_files("files"),
            version=form.shown_version,
            by=signed_in(),
        ),
        "整改材料已录入，接着复查。",
        title=f"录入整改材料 {number}",
        lead="对方以书面提交的，写明收到的日期和内容，附扫描件。",
        submit="录入",
        anchor="rectifications",
    )


@blueprint.route(f"{ONE}/check", methods=["GET", "POST"])
@handle
def check_rectification(case: Case, rectification_id: int) -> ResponseReturnValue:
    row = _rectification(case, rectification_id)
    possible = (Check.FAIL,) if row.state in TO_DO else tuple(Check)
    form, case_id, number = forms.CheckForm(possible, data={"version": case.version}), case.id, row.number
    return act_page(
        case_id,
        form,
        lambda: measuring.check(
            rectification_id,
            Check(form.check.data),
            finding=form.finding.data or "",
            due=form.new_due,
            version=form.shown_version,
            by=signed_in(),
        ),
        lambda state: f"{number}：{state.label}；对方会收到消息。",
        title=f"复查 {number}",
        lead="复查通过、继续整改，或者认定逾期未改、拒不整改。",
        submit="写明复查结果",
        anchor="rectifications",
        row=row,
        template="supervision/desk/check_rectification.html",
        files=verification.outside_files_of(db.session(), rectification_ids=[rectification_id]),
    )


def _rectification(case: Case, rectification_id: int) -> Rectification:
    row = db.session().get(Rectification, rectification_id)
    if row is None or row.case_id != case.id:
        abort(404)
    return row
