"""The acts on a proceeding: serving, hearing, deciding, publishing, annulling. A page each, with one form."""

from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import clock, law
from core.db import db
from core.forms import VersionedForm, given
from core.guards import guard
from core.presentation import day
from sanctions import policies, wording
from sanctions.desk import blueprint
from sanctions.desk.acting import Act, act, proceeding_of
from sanctions.forms.proceedings import (
    AnswerForm,
    CarryOutForm,
    DecideForm,
    ExtendForm,
    FailureForm,
    PaperStatementForm,
    PointsForm,
    PublishForm,
    ReasonsForm,
    ReceiptForm,
    RestateForm,
    ReviewAnnulForm,
    ReviewForm,
    SendForm,
)
from sanctions.models import Measure, Proceeding, Served
from sanctions.services import deciding, hearing, publishing, serving
from sanctions.steps import consents

AT = "/<int:proceeding_id>"


def _send_form(row: Proceeding) -> SendForm:
    return SendForm.of(row, electronic=consents(db.session(), row))


@blueprint.route(f"{AT}/notice/send", methods=["GET", "POST"])
@guard(policies.may_handle, load=proceeding_of)
def send_notice(row: Proceeding) -> ResponseReturnValue:
    form, row_id = _send_form(row), row.id
    days = law.jurisdiction().number("statement_workdays", on=clock.today())
    return act(
        row_id,
        form,
        lambda: serving.send(row_id, Served.NOTICE, form.entry(), version=form.shown_version, by=signed_in()),
        Act(
            "送达事先告知书",
            "发出",
            "告知书已发出，送达情况已登记。",
            consequences=(
                "告知书发出后不能再修改。",
                f"自送达的次日起 {days} 个工作日内，对方可以陈述、申辩；期满、放弃或者逐点答复之后才能作出决定。",
            ),
        ),
    )


@blueprint.route(f"{AT}/decision/send", methods=["GET", "POST"])
@guard(policies.may_handle, load=proceeding_of)
def send_decision(row: Proceeding) -> ResponseReturnValue:
    form, row_id = _send_form(row), row.id
    begins = (
        f"送达后，自 {row.first_day} 起不予采信，受影响的评价和名单条目列入复核任务。"
        if row.measure is Measure.NON_ADOPTION and row.first_day is not None
        else "送达后可以公布。"
    )
    return act(
        row_id,
        form,
        lambda: serving.send(row_id, Served.DECISION, form.entry(), version=form.shown_version, by=signed_in()),
        Act("送达决定", "发出", "决定已发出，送达情况已登记。", consequences=("决定发出后不能再更正。", begins)),
    )


@blueprint.route(f"{AT}/services/<int:service_id>/received", methods=["GET", "POST"])
@guard(policies.may_handle, load=proceeding_of)
def record_receipt(row: Proceeding, service_id: int) -> ResponseReturnValue:
    form, row_id = ReceiptForm(data={"version": row.version}), row.id
    return act(
        row_id,
        form,
        lambda: serving.record_receipt(
            row_id,
            service_id,
            given(form.served_on.data),
            note=form.note.data or "",
            version=form.shown_version,
            by=signed_in(),
        ),
        Act("登记送达", "登记", "送达已登记。"),
    )


@blueprint.route(f"{AT}/services/<int:service_id>/failed", methods=["GET", "POST"])
@guard(policies.may_handle, load=proceeding_of)
def record_failure(row: Proceeding, service_id: int) -> ResponseReturnValue:
    form, row_id = FailureForm(data={"version": row.version}), row.id
    return act(
        row_id,
        form,
        lambda: serving.record_failure(
            row_id, service_id, note=form.note.data or "", version=form.shown_version, by=signed_in()
        ),
        Act("登记未能送达", "登记", "已登记。请换一种方式送达。"),
    )


# ── hearing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@blueprint.route(f"{AT}/extend", methods=["GET", "POST"])
@guard(policies.may_handle, load=proceeding_of)
def extend(row: Proceeding) -> ResponseReturnValue:
    form, row_id = ExtendForm(data={"version": row.version}), row.id
    return act(
        row_id,
        form,
        lambda: hearing.extend(
            row_id,
            given(form.due.data),
            reason=form.reason.data or "",
            version=form.shown_version,
            by=signed_in(),
        ),
        Act(
            "延长陈述申辩期",
            "延长",
            "期限已延长，已通知对方。",
            facts=(("现在的期限", f"{day(row.statement_due)} 24 时"),),
        ),
    )


@blueprint.route(f"{AT}/statement", methods=["GET", "POST"])
@guard(policies.may_handle, load=proceeding_of)
def record_statement(row: Proceeding) -> ResponseReturnValue:
    form, row_id = PaperStatementForm(data={"version": row.version}), row.id
    return act(
        row_id,
        form,
        lambda: hearing.record_statement(
            row_id,
            form.text.data or "",
            form.uploads(),
            received_on=given(form.received_on.data),
            version=form.shown_version,
            by=signed_in(),
        ),
        Act(
            "登记书面陈述",
            "登记",
            "书面陈述已登记，请逐点答复。",
            lead="对方以书面或者口头方式陈述、申辩的，在这里如实录入。",
        ),
    )


@blueprint.route(f"{AT}/points", methods=["GET", "POST"])
@guard(policies.may_handle, load=proceeding_of)
def split_points(row: Proceeding) -> ResponseReturnValue:
    form = PointsForm(data={"version": row.version, "points": "\n\n".join(point.text for point in row.points)})
    row_id = row.id
    return act(
        row_id,
        form,
        lambda: hearing.split(row_id, form.points.data or "", version=form.shown_version, by=signed_in()),
        Act("整理要点", "保存", "要点已整理。", lead="每个要点都要答复。答复之前可以重新划分。"),
    )


@blueprint.route(f"{AT}/points/<int:point_id>/answer", methods=["GET", "POST"])
@guard(policies.may_handle, load=proceeding_of)
def answer_point(row: Proceeding, point_id: int) -> ResponseReturnValue:
    point = next((each for each in row.points if each.id == point_id), None)
    kept = {None: None, True: "yes", False: "no"}[point.accepted] if point is not None else None
    form = AnswerForm(
        data={"version": row.version, "answer": point.answer if point is not None else "", "accepted": kept}
    )
    row_id = row.id
    return act(
        row_id,
        form,
        lambda: hearing.answer(
            row_id,
            point_id,
            form.answer.data or "",
            accepted=form.accepted.data == "yes",
            version=form.shown_version,
            by=signed_in(),
        ),
        Act(
            "答复要点",
            "保存答复",
            "答复已保存，全部答复后一起发出。",
            facts=(("对方的要点", point.text),) if point is not None else (),
        ),
    )


@blueprint.route(f"{AT}/answers/send", methods=["GET", "POST"])
@guard(policies.may_handle, load=proceeding_of)
def send_answers(row: Proceeding) -> ResponseReturnValue:
    form, row_id = VersionedForm(data={"version": row.version}), row.id
    return act(
        row_id,
        form,
        lambda: hearing.send_answers(row_id, version=form.shown_version, by=signed_in()),
        Act(
            "发出答复",
            "发出全部答复",
            "答复已发出，请审批人决定。",
            consequences=("对方会看到每个要点的答复，此后不能再改。", "事项转由审批人决定。"),
        ),
    )


@blueprint.route(f"{AT}/legal-review", methods=["GET", "POST"])
@guard(policies.may_handle, load=proceeding_of)
def legal_review(row: Proceeding) -> ResponseReturnValue:
    form, row_id = ReviewForm(data={"version": row.version, "text": row.legal_review}), row.id
    return act(
        row_id,
        form,
        lambda: hearing.review(row_id, form.text.data or "", version=form.shown_version, by=signed_in()),
        Act("法制审核", "保存", "法制审核意见已记录。", lead="由没有参与核实、没有提出措施的人员记录。"),
    )


# ── deciding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@blueprint.route(f"{AT}/decide", methods=["GET", "POST"])
@guard(policies.may_decide, load=proceeding_of)
def decide(row: Proceeding) -> ResponseReturnValue:
    form, row_id = DecideForm.of(row, dated=clock.today()), row.id
    return act(
        row_id,
        form,
        lambda: deciding.decide(row_id, form.entry(), version=form.shown_version, by=signed_in()),
        Act(
            "作出决定",
            "作出决定",
            "决定已作出。送达后生效。",
            consequences=("决定送达后生效；送达之前可以更正文号和日期。", "措施不能比告知的更重。"),
            facts=(
                ("告知的措施", row.intended.label),
                ("查明的事实", row.facts),
                ("陈述、申辩", "　".join(f"{n}. {line}" for n, line in enumerate(wording.hearing_lines(row), 1))),
                ("法制审核意见", row.legal_review or "没有记录"),
            ),
        ),
    )


@blueprint.route(f"{AT}/drop", methods=["GET", "POST"])
@guard(policies.may_decide, load=proceeding_of)
def drop(row: Proceeding) -> ResponseReturnValue:
    form, row_id = ReasonsForm(data={"version": row.version}), row.id
    return act(
        row_id,
        form,
        lambda: deciding.drop(row_id, reasons=form.reasons.data or "", version=form.shown_version, by=signed_in()),
        Act(
            "决定不采取措施",
            "不采取措施",
            "已决定不采取措施，已通知对方。",
            consequences=("对方会看到决定和理由。", "没有其他措施在办的，案件随之办结。", "不能收回。"),
        ),
    )


@blueprint.route(f"{AT}/restate", methods=["GET", "POST"])
@guard(policies.may_decide, load=proceeding_of)
def restate(row: Proceeding) -> ResponseReturnValue:
    form, row_id = RestateForm.of(row), row.id
    return act(
        row_id,
        form,
        lambda: deciding.restate(
            row_id,
            document=form.number,
            dated=given(form.dated.data),
            first_day=form.start,
            version=form.shown_version,
            by=signed_in(),
        ),
        Act("更正文号和日期", "更正", "已更正。", lead="决定还没有送达，可以更正；措施和理由不变。"),
    )


@blueprint.route(f"{AT}/publish", methods=["GET", "POST"])
@guard(policies.may_decide, load=proceeding_of)
def publish(row: Proceeding) -> ResponseReturnValue:
    form, row_id = PublishForm.of(row, wording.publication(row, law.jurisdiction())), row.id
    return act(
        row_id,
        form,
        lambda: publishing.publish(row_id, form.entry(), version=form.shown_version, by=signed_in()),
        Act(
            "公布",
            "公布",
            "已公布，案件随之办结。",
            consequences=("任何人都能看到。", "没有其他措施在办的，案件随之办结。"),
        ),
    )


@blueprint.route(f"{AT}/removal", methods=["GET", "POST"])
@guard(policies.may_decide, load=proceeding_of)
def carry_out(row: Proceeding) -> ResponseReturnValue:
    form, row_id = CarryOutForm(data={"version": row.version}), row.id
    return act(
        row_id,
        form,
        lambda: publishing.carry_out(
            row_id,
            given(form.removed_on.data),
            document="".join((form.document.data or "").split()),
            version=form.shown_version,
            by=signed_in(),
        ),
        Act(
            "登记移出名单",
            "登记",
            "已登记移出。",
            facts=(("名单条目", row.entry.ref.label if row.entry is not None else ""),),
        ),
    )


@blueprint.route(f"{AT}/annul", methods=["GET", "POST"])
@guard(policies.may_decide, load=proceeding_of)
def annul(row: Proceeding) -> ResponseReturnValue:
    form, row_id = ReviewAnnulForm(data={"version": row.version}), row.id
    return act(
        row_id,
        form,
        lambda: publishing.annul(
            row_id,
            document="".join((form.document.data or "").split()),
            reason=form.reason.data or "",
            version=form.shown_version,
            by=signed_in(),
        ),
        Act(
            "经复核撤销",
            "撤销决定",
            "决定已撤销，已通知对方。",
            danger=True,
            consequences=(
                "这一决定不再有效力；同一机构的其他决定不受影响，以最晚的届满日为准。",
                "未办的复核任务不再办理；已移出名单的恢复在列。",
                "不能收回。",
            ),
        ),
    )
