"""The agency's page of an evaluation and the pages of each act on it: succeeded, refused, forbidden, too late."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import User
from agency.models import Agency, StaffMember
from core import clock
from core.db import db, transaction
from evaluations.models import Agreement, Evaluation, Hold, Party
from evaluations.rules.states import HoldKind, Level, State
from tests.factories import Make
from tests.factories.agencies import TINY_PDF

SignIn = Callable[[User], FlaskClient]
ACTS = (
    "plan", "team", "visits/new", "reviews/new", "agreements/new", "advice/new", "letter", "report", "report/correct",
    "hand-over", "withdraw",
)  # fmt: skip
POSSIBLE = {
    State.REGISTERED: {"plan", "team", "visits/new", "agreements/new", "advice/new", "letter", "withdraw"},
    State.IN_PROGRESS: set(ACTS) - {"report/correct", "hand-over"},
    State.REPORT_ISSUED: set(ACTS) - {"plan", "team", "report"},
    State.HANDED_OVER: {"agreements/new", "advice/new", "letter", "report/correct", "withdraw"},
    State.ADOPTED: {"advice/new"},
    State.NOT_ADOPTED: {"advice/new"},
    State.WITHDRAWN: set(),
}


def begun(make: Make, state: State = State.REGISTERED, **given: Any) -> Evaluation:
    return make.evaluation(state, begun_on=clock.today() - timedelta(days=30), **given)


def day(ago: int) -> str:
    return (clock.today() - timedelta(days=ago)).isoformat()


def pdf() -> tuple[BytesIO, str]:
    return BytesIO(TINY_PDF), "报告.pdf"


def own(make: Make, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user_of(make.filed_agency()))


def reviewer(make: Make) -> int:
    """Somebody of the filed staff who is on no team."""
    with make.app.app_context():
        staff = select(StaffMember.person_id).where(StaffMember.agency_id == make.filed_agency().id)
        return list(db.session.scalars(staff.order_by(StaffMember.id)))[5]


def post(client: FlaskClient, evaluation: Evaluation, act: str, **data: Any) -> TestResponse:
    return client.post(f"/evaluations/{evaluation.id}/{act}", data={"version": evaluation.version} | data)


def test_an_evaluation_goes_from_its_first_visit_to_the_desk(make: Make, sign_in: SignIn) -> None:
    client, evaluation = own(make, sign_in), begun(make)
    acts: tuple[tuple[str, Callable[[], dict[str, Any]], str], ...] = (
        (
            "visits/new",
            lambda: {"on": day(20), "place": "一号厂房", "attendees": "高职员01", "record": "查看计量台账"},
            "评价中",
        ),
        ("reviews/new", lambda: {"person_id": reviewer(make), "on": day(15), "opinions": "证据充分"}, "证据充分"),
        (
            "report",
            lambda: {"number": "R-2026-1", "issued_on": day(10), "score": "86.5", "conclusion": "conforms",
                     "report": pdf()},
            "86.5",
        ),
        ("hand-over", dict, "等待市（州）工信局决定是否采信"),
        ("letter", lambda: {"letter": pdf()}, "以确认函确认"),
    )  # fmt: skip
    for act, data, shown in acts:
        now = make.evaluation_now(evaluation.id)
        assert client.get(f"/evaluations/{evaluation.id}/{act}").status_code == 200
        answer = post(client, now, act, **data())
        assert (answer.status_code, answer.location) == (302, f"/evaluations/{evaluation.id}"), answer.text
        assert shown in client.get(answer.location).text
    assert make.evaluation_now(evaluation.id).state is State.HANDED_OVER


@pytest.mark.parametrize("state", State)
def test_the_page_offers_what_is_possible_and_an_old_link_leads_back_to_it(
    make: Make, sign_in: SignIn, state: State
) -> None:
    client, evaluation = own(make, sign_in), begun(make, state)
    for act in ACTS:
        answer = client.get(f"/evaluations/{evaluation.id}/{act}")
        assert (answer.status_code == 200) == (act in POSSIBLE[state]), act
    page = client.get(f"/evaluations/{evaluation.id}")
    assert page.status_code == 200
    offered = {act for act in ACTS if f'href="/evaluations/{evaluation.id}/{act}"' in page.text}
    assert offered <= POSSIBLE[state]
    assert page.text.count('class="button"') <= 1, "one main action"


def test_what_is_refused_stays_typed_with_the_reason_at_its_field(make: Make, sign_in: SignIn) -> None:
    client, evaluation = own(make, sign_in), begun(make, State.IN_PROGRESS)
    answer = post(client, evaluation, "visits/new", on=day(-1), place="二号厂房", attendees="甲", record="乙")
    assert answer.status_code == 422
    assert "今天之后" in answer.text
    assert "二号厂房" in answer.text
    data = {"number": "R-1", "issued_on": day(0), "score": "86.55", "conclusion": "conforms"}
    answer = post(client, evaluation, "report", **data)
    assert answer.status_code == 422
    assert "最多一位小数" in answer.text
    assert "请选择评价报告文件" in answer.text
    for beyond in ("9e999999", "1e99999999999"):
        answer = post(client, evaluation, "report", **data | {"score": beyond, "report": pdf()})
        assert answer.status_code == 422
        assert "得分应在 0 至 100 分之间" in answer.text
    answer = post(client, evaluation, "report", **data | {"score": "", "report": (BytesIO(b"GIF89a"), "report.pdf")})
    assert answer.status_code == 422
    assert "内部技术复核" in answer.text
    answer = post(client, evaluation, "agreements/new", amount_fen="-5", reason="补充", agreement=pdf())
    assert answer.status_code == 422
    assert "不能小于 0" in answer.text
    answer = post(client, evaluation, "withdraw", reason=" ")
    assert answer.status_code == 422
    assert make.evaluation_now(evaluation.id).version == evaluation.version


def test_a_team_is_changed_on_its_page(make: Make, sign_in: SignIn) -> None:
    client, evaluation, agency = own(make, sign_in), begun(make), make.filed_agency()
    person = reviewer(make)
    page = client.get(f"/evaluations/{evaluation.id}/team").text
    assert page.count("checked") == 2
    answer = post(client, evaluation, "team", team=[f"{agency.id}-{person}"], leader_id=str(person))
    assert answer.status_code == 302
    assert [member.person_id for member in make.evaluation_now(evaluation.id).team] == [person]
    now = make.evaluation_now(evaluation.id)
    answer = post(client, now, "team", team=[f"{agency.id}-99999"], leader_id="99999")
    assert answer.status_code == 422
    answer = post(client, now, "team", team=[], leader_id="")
    assert answer.status_code == 422


def test_who_comes_second_is_led_to_what_is_newest(make: Make, sign_in: SignIn) -> None:
    client, evaluation = own(make, sign_in), begun(make)
    visit = {"on": day(0), "place": "一号厂房", "attendees": "甲", "record": "乙"}
    assert post(client, evaluation, "visits/new", **visit).status_code == 302
    late = post(client, evaluation, "visits/new", **visit)
    assert late.status_code == 409
    address = f"/evaluations/{evaluation.id}/visits/new"
    assert f'<a href="{address}">重新打开这一页' in late.text
    assert client.get(address).status_code == 200


def test_a_choice_that_the_page_no_longer_offers_is_refused_in_chinese(make: Make, sign_in: SignIn) -> None:
    answer = post(own(make, sign_in), begun(make), "team", team=["1-999999"], leader_id="999999")
    assert answer.status_code == 422
    assert "已不在可选范围内" in answer.text
    assert "valid choice" not in answer.text


def test_a_second_click_is_told_so(make: Make, sign_in: SignIn) -> None:
    client, evaluation = own(make, sign_in), begun(make)
    data = {"on": day(20), "place": "一号厂房", "attendees": "甲", "record": "乙"}
    assert post(client, evaluation, "visits/new", **data).status_code == 302
    again = post(client, evaluation, "visits/new", **data)
    assert again.status_code == 409
    assert "重复提交" in again.text
    assert post(client, evaluation, "withdraw", reason="推迟").status_code == 409
    assert len(make.evaluation_now(evaluation.id).visits) == 1


def test_looking_changes_nothing(make: Make, sign_in: SignIn) -> None:
    client, evaluation = own(make, sign_in), begun(make, State.REPORT_ISSUED)
    for act in ACTS:
        client.get(f"/evaluations/{evaluation.id}/{act}")
    assert make.evaluation_now(evaluation.id).version == evaluation.version


def join(make: Make, evaluation: Evaluation) -> Agency:
    """Another agency that makes it jointly."""
    agency = make.agency()
    with make.app.app_context(), transaction() as session:
        session.add(Party(evaluation_id=evaluation.id, agency_id=agency.id, leads=False))
    return agency


def test_who_joins_reads_and_does_not_write_and_others_see_nothing(make: Make, sign_in: SignIn) -> None:
    evaluation = begun(make)
    partner, stranger = sign_in(make.user_of(join(make, evaluation))), sign_in(make.user_of(make.agency()))
    page = partner.get(f"/evaluations/{evaluation.id}")
    assert page.status_code == 200
    assert "由牵头机构登记" in page.text
    assert f"/evaluations/{evaluation.id}/visits/new" not in page.text
    assert stranger.get(f"/evaluations/{evaluation.id}").status_code == 404
    for act in ACTS:
        assert post(partner, evaluation, act).status_code == 403
        assert post(stranger, evaluation, act).status_code == 404


def test_its_files_are_shown_and_saved_and_no_other_file_is(make: Make, sign_in: SignIn) -> None:
    evaluation, other = begun(make, State.REPORT_ISSUED), begun(make)
    client = own(make, sign_in)
    files = [evaluation.agreements[0].file_id, evaluation.reports[0].file_id]
    for file_id in files:
        at = f"/evaluations/{evaluation.id}/files/{file_id}"
        assert client.get(at).status_code == 200
        assert client.get(f"{at}/pages/1").mimetype == "image/jpeg"
        assert "attachment" in client.get(f"{at}/download").headers["Content-Disposition"]
        assert sign_in(make.user_of(make.agency())).get(at).status_code == 404
    for foreign in (other.agreements[0].file_id, 99999):
        assert client.get(f"/evaluations/{evaluation.id}/files/{foreign}").status_code == 404
        assert client.get(f"/evaluations/{evaluation.id}/files/{foreign}/download").status_code == 404


def test_the_page_says_what_holds_it_up(make: Make, sign_in: SignIn) -> None:
    client, evaluation = own(make, sign_in), begun(make, State.REPORT_ISSUED)
    hold = {"kind": HoldKind.DISPUTE, "reason": "本单位未委托", "opened_at": clock.now()}
    with make.app.app_context(), transaction() as session:
        session.add(Hold(evaluation_id=evaluation.id, **hold))
    page = client.get(f"/evaluations/{evaluation.id}").text
    assert "暂时不能提交" in page
    assert "本单位未委托" in page
    answer = post(client, evaluation, "hand-over")
    assert answer.status_code == 422
    assert "异议" in answer.text


def test_the_page_shows_the_places_and_what_becomes_of_them(make: Make, sign_in: SignIn) -> None:
    client, evaluation = own(make, sign_in), begun(make, level=Level.NATIONAL)
    assert "第 1 项" in client.get(f"/evaluations/{evaluation.id}").text
    assert "省厅确认撤回原因后释放" in client.get(f"/evaluations/{evaluation.id}/withdraw").text
    post(client, evaluation, "withdraw", reason="推迟创建")
    page = client.get(f"/evaluations/{evaluation.id}").text
    assert "名额是否释放待省厅确认" in page
    assert "推迟创建" in page


def test_the_page_asks_the_same_questions_however_much_there_is(
    make: Make, sign_in: SignIn, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    client, evaluation = own(make, sign_in), begun(make, State.REPORT_ISSUED, level=Level.NATIONAL)
    client.get(f"/evaluations/{evaluation.id}")
    with count_queries() as few:
        client.get(f"/evaluations/{evaluation.id}")
    with make.app.app_context(), transaction() as session:
        row = session.get_one(Evaluation, evaluation.id)
        for number in range(2, 8):
            row.agreements.append(
                Agreement(number=number, amount_fen=1, file_id=row.agreements[0].file_id, entered_at=clock.now())
            )
    with count_queries() as many:
        client.get(f"/evaluations/{evaluation.id}")
    assert len(many) == len(few)
    assert len(few) < 36, "\n".join(few)
