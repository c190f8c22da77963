"""What the verification came to: its points, the conclusion, and verifying anew."""

from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core.db import db
from core.guards import guard
from evaluations.models import Evaluation
from supervision import policies
from supervision.desk import blueprint
from supervision.desk.acting import act_page, handle, press
from supervision.forms import verification as forms
from supervision.models import Case
from supervision.queries import cases as queries
from supervision.queries import verification
from supervision.services import concluding, looking

AT = "/cases/<int:case_id>"


@blueprint.route(f"{AT}/points/new", methods=["GET", "POST"])
@handle
def add_point(case: Case) -> ResponseReturnValue:
    case_id, parties = case.id, verification.parties_of(case)
    offered = [(each.id, evaluation_word(each)) for each in verification.evaluations_offered(db.session(), parties)]
    chosen = {
        "version": case.version,
        "party": parties[0].key if parties else "",
        "evaluations": [case.evaluation_id] if case.evaluation_id else [],
    }
    form = forms.PointForm(parties, offered, data=chosen)
    if not offered:
        del form.evaluations
    return act_page(
        case_id,
        form,
        lambda: concluding.add_point(case_id, form.entry(), version=form.shown_version, by=signed_in()),
        "结论已写明；全部写明后办理核实完毕。",
        title="写明核实结论",
        lead="一项违规情形写一条；没有查实的也写明。",
        submit="保存这项结论",
        anchor="points",
    )


@blueprint.post(f"{AT}/points/<int:conclusion_id>/remove")
@handle
def remove_point(case: Case, conclusion_id: int) -> ResponseReturnValue:
    form, case_id = forms.ConfirmForm(), case.id
    return press(
        case_id,
        form,
        lambda: concluding.remove_point(case_id, conclusion_id, version=form.shown_version, by=signed_in()),
        "这项结论已删去。",
        "points",
    )


@blueprint.route(f"{AT}/conclude", methods=["GET", "POST"])
@handle
def conclude_case(case: Case) -> ResponseReturnValue:
    form, case_id = forms.ConfirmForm(data={"version": case.version}), case.id
    return act_page(
        case_id,
        form,
        lambda: concluding.conclude(case_id, version=form.shown_version, by=signed_in()),
        lambda result: f"已核实完毕：{result.label}。接着按结论处理。",
        title="核实完毕",
        lead="结论定下来，接着按结论处理。",
        submit="核实完毕",
        consequences=(
            "结论和证据不再改动；确需补充核实的，由审批人重新核实。",
            "没有答复的询问随之结束，不再接收答复。",
            "核实完毕不等于采取措施：不予采信、通报和移出名单另行提出，由没有参加核实的人员决定。",
        ),
        template="supervision/desk/conclude_case.html",
        conclusions=verification.conclusions_of(db.session(), case_id),
    )


@blueprint.route(f"{AT}/reopen", methods=["GET", "POST"])
@guard(policies.may_reopen_case, load=queries.case_for, refused=looking.refused)
def reopen_case(case: Case) -> ResponseReturnValue:
    form, case_id = forms.ReopenForm(data={"version": case.version}), case.id
    return act_page(
        case_id,
        form,
        lambda: concluding.reopen(case_id, reason=form.reason.data or "", version=form.shown_version, by=signed_in()),
        "已退回核实，可以补充证据、询问和结论。",
        title="重新核实",
        lead="只在还没有按结论处理时办理；原来的结论留在办理经过里。",
        submit="重新核实",
    )


def evaluation_word(evaluation: Evaluation) -> str:
    return (
        f"{evaluation.number}　{evaluation.applicant.name}　{evaluation.kind.label}　{evaluation.level.label}"
        f"　{evaluation.state.label}"
    )
