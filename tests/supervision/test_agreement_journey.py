"""From the marked agreement to the adoption, on all three sides, through the pages."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import User
from core.db import db
from evaluations.models import Evaluation
from evaluations.rules.states import Level, State
from home.demonstration.paper import typed_agreement
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
BET = "未入选绿色工厂名单的，乙方退还全部评价费。"
CLEAN = typed_agreement("评价协议", ("第一条　甲方委托乙方开展评价。", "第二条　评价费用于签订之日付清，与结果无关。"))


@pytest.mark.clause("JL-22-1b")
def test_a_marked_agreement_is_put_right_and_the_result_adopted(app: Flask, make: Make, sign_in: SignIn) -> None:
    evaluation = make.marked(BET, state=State.REPORT_ISSUED, level=Level.PROVINCIAL)
    screening = make.screening(evaluation)
    agency = sign_in(make.user_of(evaluation.parties[0].agency))
    reviewer, approver = sign_in(make.officer("reviewer")), sign_in(make.officer("approver"))
    own, desk = f"/evaluations/{evaluation.id}", f"/desk/supervision/agreements/{screening.id}"

    def version() -> dict[str, int]:
        with app.app_context():
            return {"version": db.session.get_one(Evaluation, evaluation.id).version}

    refused = agency.post(f"{own}/hand-over", data=version())
    assert "1 处标记待主管部门核定" in refused.text
    agency.post(
        f"/evaluations/agreements/{screening.id}/dispute",
        data={"version": screening.version, "mark_1": "退费另有约定，与结果无关"},
    )
    assert "退费另有约定" in reviewer.get(desk).text
    shown = make.screening_now(screening.id)
    reviewer.post(
        f"{desk}/marks/{shown.marks[0].id}",
        data={"version": shown.version, "verdict": "confirm", "reason": "原件并无另外的约定"},
    )
    assert "原件并无另外的约定" in agency.get(f"/evaluations/agreements/{screening.id}").text
    assert agency.post(f"{own}/withdraw", data=version() | {"reason": "不做了"}).status_code == 422
    assert agency.post(f"{own}/hand-over", data=version()).status_code == 422

    replaced = agency.post(
        f"{own}/agreements/new",
        data=version() | {"amount_fen": "80000", "reason": "删去退费", "agreement": (BytesIO(CLEAN), "新协议.docx")},
    )
    assert replaced.status_code == 302, replaced.text
    assert "现用协议已无问题" in approver.get("/desk/supervision/cases/1").text
    approver.post("/desk/supervision/cases/1/correct", data={"version": 1, "reason": "已更换协议"})
    assert agency.post(f"{own}/hand-over", data=version()).status_code == 302
    assert "有认定条款" in approver.get(f"/desk/evaluations/{evaluation.id}").text  # it is not forgotten
    now = make.evaluation_now(evaluation.id)
    assert now.state is State.HANDED_OVER
    assert [agreement.number for agreement in now.agreements] == [1, 2]
