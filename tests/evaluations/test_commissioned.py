"""The applicant's pages: its own evaluations, its word on them, evaluating itself."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.models import User
from agency.models import Place
from core import clock
from core.db import db, transaction
from evaluations import steps
from evaluations.models import Evaluation
from evaluations.rules.states import Action, Level, State
from notices.models import Notice
from tests.factories import Make
from tests.factories.agencies import TINY_PDF

SignIn = Callable[[User], FlaskClient]
LIST = "/applicant/evaluations"


def test_an_applicant_sees_its_own_and_no_other(make: Make, sign_in: SignIn) -> None:
    own, other = make.evaluation(), make.evaluation()
    client = sign_in(make.user_of_applicant(own.applicant))
    page = client.get(LIST).text
    assert own.number in page
    assert other.number not in page
    assert client.get(f"{LIST}/{own.id}").status_code == 200
    for path in ("", "/confirm", "/dispute", f"/files/{other.agreements[0].file_id}"):
        assert client.get(f"{LIST}/{other.id}{path}").status_code == 404


def test_it_confirms_and_may_still_dispute(make: Make, sign_in: SignIn) -> None:
    evaluation = make.evaluation(State.REPORT_ISSUED)
    client = sign_in(make.user_of_applicant(evaluation.applicant))
    at = f"{LIST}/{evaluation.id}"
    assert "是贵单位委托的吗" in client.get(at).text
    assert client.get(f"{at}/confirm").status_code == 200
    assert client.post(f"{at}/confirm", data={"version": evaluation.version}).status_code == 302
    assert client.post(f"{at}/confirm", data={"version": evaluation.version}).status_code == 409
    page = client.get(at).text
    assert "已确认委托" in page
    assert f"{at}/dispute" in page
    blank = client.post(f"{at}/dispute", data={"version": evaluation.version + 1, "reason": ""})
    assert blank.status_code == 422
    answer = client.post(f"{at}/dispute", data={"version": evaluation.version + 1, "reason": "级别不符"})
    assert answer.status_code == 302
    assert "等待主管部门决定" in client.get(at).text


def test_it_evaluates_itself_from_the_first_page_to_handing_over(make: Make, sign_in: SignIn) -> None:
    applicant = make.applicant()
    client = sign_in(make.user_of_applicant(applicant))
    assert "还没有评价" in client.get(LIST).text
    assert client.get(f"{LIST}/new").status_code == 200
    today = clock.today()
    entry: dict[str, Any] = {
        "kind": "factory", "level": "municipal", "year": today.year, "begun_on": today.isoformat(),
        "standard": "other", "other_standard": "地方评价指南", "team": "罗企业\n韩联络",
    }  # fmt: skip
    assert client.post(f"{LIST}/new", data=entry | {"team": ""}).status_code == 422
    assert client.post(f"{LIST}/new", data=entry | {"year": today.year + 5}).status_code == 422
    done = client.post(f"{LIST}/new", data=entry)
    assert done.status_code == 302
    assert client.post(f"{LIST}/new", data=entry).status_code == 409
    at = done.headers["Location"]
    report: dict[str, Any] = {
        "version": 1, "number": "ZP-1", "issued_on": today.isoformat(), "score": "90.5", "conclusion": "conforms",
    }  # fmt: skip
    assert client.get(f"{at}/report").status_code == 200
    assert client.post(f"{at}/report", data=report).status_code == 422
    no_file = client.post(f"{at}/report", data=report | {"file": (BytesIO(b"text"), "报告.pdf")})
    assert no_file.status_code == 422
    answer = client.post(f"{at}/report", data=report | {"file": (BytesIO(TINY_PDF), "报告.pdf")})
    assert answer.status_code == 302
    assert client.get(f"{at}/hand-over").status_code == 200
    assert client.post(f"{at}/hand-over", data={"version": 2}).status_code == 302
    page = client.get(at).text
    assert "等待工信局决定是否采信" in page
    assert "90.5" in page
    officer = sign_in(make.officer("municipal", bureau="changchun"))
    assert "自我评价" in officer.get(f"/desk/evaluations/{at.rpartition('/')[2]}").text


def test_who_is_excluded_is_told_until_when(make: Make, sign_in: SignIn) -> None:
    applicant = make.applicant()
    make.exclusion(applicant)
    client = sign_in(make.user_of_applicant(applicant))
    today = clock.today()
    entry: dict[str, Any] = {
        "kind": "factory", "level": "municipal", "year": today.year, "begun_on": today.isoformat(),
        "standard": "other", "other_standard": "地方评价指南", "team": "罗企业",
    }  # fmt: skip
    answer = client.post(f"{LIST}/new", data=entry)
    assert answer.status_code == 422
    assert "第十一条" in answer.text


def test_an_agencys_evaluation_is_not_worked_on_by_the_applicant(make: Make, sign_in: SignIn) -> None:
    evaluation = make.evaluation(State.REPORT_ISSUED, level=Level.NATIONAL)
    client = sign_in(make.user_of_applicant(evaluation.applicant))
    at = f"{LIST}/{evaluation.id}"
    assert f"{at}/hand-over" not in client.get(at).text
    assert client.post(f"{at}/hand-over", data={"version": evaluation.version}).status_code == 409
    values = {"version": evaluation.version, "reason": "不再申报"}
    assert client.post(f"{at}/withdraw", data=values).status_code == 409


def test_officers_and_agencies_have_no_place_here(make: Make, sign_in: SignIn) -> None:
    evaluation = make.evaluation()
    assert sign_in(make.officer("approver")).get(LIST).status_code == 403
    assert sign_in(make.officer("approver")).get(f"{LIST}/{evaluation.id}").status_code == 403
    assert sign_in(make.user_of(make.filed_agency())).get(f"{LIST}/{evaluation.id}/confirm").status_code == 403


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("confirm", "没有待贵单位确认的委托"),
        ("dispute", "不能提出异议"),
        ("report", "不能登记或更正报告"),
        ("hand-over", "不能提交"),
        ("withdraw", "不能撤回"),
    ],
)
def test_who_comes_too_late_for_an_act_is_led_to_where_the_evaluation_stands(
    make: Make, sign_in: SignIn, act: str, said: str
) -> None:
    evaluation = make.evaluation(State.ADOPTED)
    client = sign_in(make.user_of_applicant(evaluation.applicant))
    answer = client.get(f"{LIST}/{evaluation.id}/{act}")
    assert (answer.status_code, answer.location) == (302, f"{LIST}/{evaluation.id}")
    assert f"这项评价现在是“已采信”，{said}" in client.get(answer.location).text


def course_of(make: Make, evaluation: Evaluation, *actions: Action) -> Evaluation:
    """A self-evaluation brought on its way, as its applicant does it."""
    with make.app.app_context(), transaction() as session:
        row = session.get_one(Evaluation, evaluation.id)
        for action in actions:
            steps.take(session, row, action, by=None, name=row.applicant.name, reason="")
        row.handed_over_on = clock.today() if Action.HAND_OVER in actions else None
    return make.evaluation_now(evaluation.id)


TO_DESK = (Action.START, Action.ISSUE, Action.HAND_OVER)


@pytest.mark.clause("JL-12-1")
@pytest.mark.parametrize(("on_the_way", "after"), [
    ((), State.REGISTERED),
    (TO_DESK, State.HANDED_OVER),
    ((*TO_DESK, Action.ADOPT), State.HANDED_OVER),
])  # fmt: skip
def test_its_own_evaluation_it_raises_without_a_place(
    make: Make, sign_in: SignIn, on_the_way: tuple[Action, ...], after: State
) -> None:
    applicant = make.applicant()
    evaluation = course_of(make, make.self_evaluation(applicant, level=Level.PROVINCIAL), *on_the_way)
    client = sign_in(make.user_of_applicant(applicant))
    at = f"{LIST}/{evaluation.id}"
    assert f"{at}/raise" in client.get(at).text
    page = client.get(f"{at}/raise").text
    assert "不占国家级名额" in page
    assert ("等待新级别的采信" in page) == (Action.ADOPT in on_the_way)
    sent = {"version": evaluation.version, "level": "national", "year": clock.today().year}
    assert client.post(f"{at}/raise", data=sent).status_code == 302
    now = make.evaluation_now(evaluation.id)
    assert (now.level, now.state, now.raised_on) == (Level.NATIONAL, after, clock.today())
    with make.app.app_context():
        assert db.session.scalar(select(func.count(Place.id))) == 0
        raised = select(Notice.audience_kind).where(Notice.event == "evaluation_raised")
        assert set(db.session.scalars(raised)) == ({"role"} if on_the_way else set())  # who asked isn't told
    assert client.post(f"{at}/raise", data=sent).status_code == 409
    assert "已是最高级别" in client.get(f"{at}/raise", follow_redirects=True).text


@pytest.mark.clause("JL-11")
def test_who_is_excluded_meanwhile_does_not_raise_its_own(make: Make, sign_in: SignIn) -> None:
    applicant = make.applicant()
    evaluation = make.self_evaluation(applicant, level=Level.PROVINCIAL)
    make.exclusion(applicant)
    client = sign_in(make.user_of_applicant(applicant))
    sent = {"version": evaluation.version, "level": "national", "year": clock.today().year}
    answer = client.post(f"{LIST}/{evaluation.id}/raise", data=sent)
    assert answer.status_code == 422
    assert "第十一条" in answer.text


def test_what_an_agency_makes_its_applicant_does_not_raise(make: Make, sign_in: SignIn) -> None:
    evaluation = make.evaluation(level=Level.PROVINCIAL)
    client = sign_in(make.user_of_applicant(evaluation.applicant))
    assert client.get(f"{LIST}/{evaluation.id}/raise").status_code == 403
    sent = {"version": evaluation.version, "level": "national", "year": clock.today().year}
    assert client.post(f"{LIST}/{evaluation.id}/raise", data=sent).status_code == 403
