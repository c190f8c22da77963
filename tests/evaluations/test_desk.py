"""The officers' pages of evaluations: whose they are, what they offer, what they refuse."""

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from flask.testing import FlaskClient

from accounts.models import User
from core.db import transaction
from evaluations import flagging
from evaluations.models import Evaluation
from evaluations.rules.states import Level, Release, State
from tests.factories import Make
from tests.factories.agencies import TINY_PDF

SignIn = Callable[[User], FlaskClient]
LIST = "/desk/evaluations"


def test_a_bureau_sees_its_own_and_no_other(make: Make, sign_in: SignIn) -> None:
    """梅河口 lies in 通化's code and is not of its bureau."""
    own = make.evaluation(applicant=make.applicant(name="梅河口某药业", bureau="meihekou"))
    other = make.evaluation(applicant=make.applicant(name="通化某药业", bureau="tonghua"))
    client = sign_in(make.officer("municipal", bureau="meihekou"))
    page = client.get(LIST).text
    assert own.applicant.name in page
    assert other.applicant.name not in page
    assert "找到 1 项评价" in page
    assert client.get(f"{LIST}/{own.id}").status_code == 200
    for path in (f"{LIST}/{other.id}", f"{LIST}/{other.id}/adopt", f"{LIST}/{other.id}/files/1"):
        assert client.get(path).status_code == 404
    assert other.applicant.name not in client.get(f"{LIST}?bureau=tonghua&applicant={other.applicant_id}").text
    assert rows_of(client.get(f"{LIST}/export.xlsx?bureau=tonghua").data) == [own.number]


def rows_of(content: bytes) -> list[object]:
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert sheet is not None
    return [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_the_province_sees_all_and_exports_what_is_filtered(make: Make, sign_in: SignIn) -> None:
    municipal = make.evaluation(State.HANDED_OVER)
    national = make.evaluation(level=Level.NATIONAL)
    client = sign_in(make.officer("reviewer"))
    page = client.get(LIST).text
    assert municipal.number in page
    assert national.number in page
    filtered = client.get(f"{LIST}?level=national&year={national.year}&q={national.applicant.name}").text
    assert national.number in filtered
    assert municipal.number not in filtered
    assert rows_of(client.get(f"{LIST}/export.xlsx?level=national").data) == [national.number]


def test_a_filter_that_is_none_shows_everything_and_an_empty_list_says_what_to_do(make: Make, sign_in: SignIn) -> None:
    client = sign_in(make.officer("reviewer"))
    assert "还没有评价" in client.get(LIST).text
    evaluation = make.evaluation()
    page = client.get(f"{LIST}?level=galactic&agency=x&state=no&page=broken").text
    assert evaluation.number in page
    assert "没有符合条件的评价" in client.get(f"{LIST}?q=没有这家企业").text


def test_a_bureau_adopts_on_its_page(make: Make, sign_in: SignIn) -> None:
    evaluation = make.evaluation(State.HANDED_OVER)
    client = sign_in(make.officer("municipal", bureau="changchun"))
    assert f"{LIST}/{evaluation.id}/adopt" in client.get(f"{LIST}/{evaluation.id}").text
    assert client.get(f"{LIST}/{evaluation.id}/adopt").status_code == 200
    refused = client.post(f"{LIST}/{evaluation.id}/adopt", data={"version": evaluation.version, "reason": " "})
    assert refused.status_code == 422
    done = client.post(f"{LIST}/{evaluation.id}/adopt", data={"version": evaluation.version, "reason": "符合"})
    assert done.status_code == 302
    page = client.get(f"{LIST}/{evaluation.id}").text
    assert "已采信" in page
    assert f"{LIST}/{evaluation.id}/adopt" not in page
    again = client.post(f"{LIST}/{evaluation.id}/adopt", data={"version": evaluation.version, "reason": "符合"})
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("level", "role", "status"),
    [
        (Level.MUNICIPAL, "approver", 403),
        (Level.PROVINCIAL, "approver", 200),
        (Level.NATIONAL, "approver", 200),
        (Level.NATIONAL, "reviewer", 403),
        (Level.PROVINCIAL, "municipal", 403),
        (Level.NATIONAL, "admin", 404),
        (Level.NATIONAL, "applicant", 403),
    ],
)
def test_who_adopts_depends_on_the_level(make: Make, sign_in: SignIn, level: Level, role: str, status: int) -> None:
    evaluation = make.evaluation(State.HANDED_OVER, level=level)
    user = (
        make.user_of_applicant(evaluation.applicant)
        if role == "applicant"
        else make.officer(role, bureau="changchun" if role == "municipal" else None)
    )
    assert sign_in(user).get(f"{LIST}/{evaluation.id}/adopt").status_code == status


def test_reviewers_release_and_restore_but_decide_nothing(make: Make, sign_in: SignIn) -> None:
    evaluation = make.evaluation(State.WITHDRAWN, level=Level.NATIONAL)
    client = sign_in(make.officer("reviewer"))
    page = client.get(f"{LIST}/{evaluation.id}").text
    assert f"{LIST}/{evaluation.id}/release" in page
    assert f"{LIST}/{evaluation.id}/block" not in page
    answer = client.post(
        f"{LIST}/{evaluation.id}/release",
        data={"version": evaluation.version, "outcome": "granted", "reason": "未进场"},
    )
    assert answer.status_code == 302
    assert make.evaluation_now(evaluation.id).release is Release.GRANTED
    assert client.get(f"{LIST}/{evaluation.id}/block").status_code == 403
    answer = client.post(
        f"{LIST}/{evaluation.id}/restore", data={"version": evaluation.version + 1, "reason": "继续申报"}
    )
    assert answer.status_code == 302
    assert make.evaluation_now(evaluation.id).state is State.REGISTERED


def test_a_dispute_is_decided_before_anything_else_is_offered(make: Make, sign_in: SignIn) -> None:
    evaluation = make.evaluation(State.HANDED_OVER)
    applicant = sign_in(make.user_of_applicant(evaluation.applicant))
    own = f"/applicant/evaluations/{evaluation.id}"
    asked = applicant.post(f"{own}/dispute", data={"version": evaluation.version, "reason": "本单位没有委托"})
    assert asked.status_code == 302
    client = sign_in(make.officer("municipal", bureau="changchun"))
    page = client.get(f"{LIST}/{evaluation.id}").text
    assert "本单位没有委托" in page
    assert f"{LIST}/{evaluation.id}/adopt" not in page
    values = {"version": evaluation.version + 1, "outcome": "upheld", "reason": "印章不符"}
    assert client.post(f"{LIST}/{evaluation.id}/dispute", data=values).status_code == 302
    page = client.get(f"{LIST}/{evaluation.id}").text
    assert "已中止" in page
    assert f"{LIST}/{evaluation.id}/lift" in page
    assert "异议成立" in applicant.get(own).text
    lifted = client.post(f"{LIST}/{evaluation.id}/lift", data={"version": evaluation.version + 2, "reason": "已补签"})
    assert lifted.status_code == 302
    assert "培育对象重新确认委托后方可办理" in client.get(f"{LIST}/{evaluation.id}").text


def test_an_officer_uploads_the_letter_and_reads_it_as_a_picture(make: Make, sign_in: SignIn) -> None:
    evaluation = make.evaluation(State.REPORT_ISSUED)
    client = sign_in(make.officer("municipal", bureau="changchun"))
    answer = client.post(
        f"{LIST}/{evaluation.id}/letter",
        data={"version": evaluation.version, "letter": (BytesIO(TINY_PDF), "确认函.pdf")},
    )
    assert answer.status_code == 302
    confirmation = make.evaluation_now(evaluation.id).confirmation
    assert confirmation is not None
    path = f"{LIST}/{evaluation.id}/files/{confirmation.file_id}"
    assert "培育对象确认函" in client.get(path).text
    assert client.get(f"{path}/pages/1").mimetype == "image/jpeg"
    assert client.get(f"{LIST}/{evaluation.id}/files/{(confirmation.file_id or 0) + 1}").status_code == 404


def test_what_stands_against_adopting_is_told_with_its_clause(make: Make, sign_in: SignIn) -> None:
    evaluation = make.evaluation(State.HANDED_OVER, level=Level.PROVINCIAL)
    make.exclusion(evaluation.applicant)
    client = sign_in(make.officer("approver"))
    page = client.get(f"{LIST}/{evaluation.id}").text
    assert "现在不能采信" in page
    assert "第十一条" in page
    answer = client.post(f"{LIST}/{evaluation.id}/adopt", data={"version": evaluation.version, "reason": "符合"})
    assert answer.status_code == 422


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_page(make: Make, sign_in: SignIn, state: State) -> None:
    evaluation = make.evaluation(state, level=Level.NATIONAL)
    page = sign_in(make.officer("approver")).get(f"{LIST}/{evaluation.id}")
    assert page.status_code == 200
    assert state.label in page.text


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (State.HANDED_OVER, "adopt"),
        (State.HANDED_OVER, "decline"),
        (State.HANDED_OVER, "block"),
        (State.WITHDRAWN, "release"),
        (State.WITHDRAWN, "restore"),
        (State.REPORT_ISSUED, "letter"),
        (State.REPORT_ISSUED, "dispute"),
        (State.REPORT_ISSUED, "lift"),
    ],
)
def test_every_decision_has_its_page_and_needs_its_words(make: Make, sign_in: SignIn, state: State, act: str) -> None:
    evaluation = make.evaluation(state, level=Level.NATIONAL)
    holding = {"dispute": flagging.dispute, "lift": flagging.block}.get(act)
    if holding is not None:
        with make.app.app_context(), transaction() as session:
            holding(session, session.get_one(Evaluation, evaluation.id), reason="待核实", by=None)
    client = sign_in(make.officer("approver"))
    assert client.get(f"{LIST}/{evaluation.id}/{act}").status_code == 200
    assert client.post(f"{LIST}/{evaluation.id}/{act}", data={"version": evaluation.version}).status_code == 422
    assert make.evaluation_now(evaluation.id).version == evaluation.version


LATE = {  # act → a state in which it isn't possible, and what is said
    "adopt": (State.IN_PROGRESS, "不能采信"),
    "decline": (State.IN_PROGRESS, "不能决定不予采信"),
    "dispute": (State.IN_PROGRESS, "没有待决定的异议"),
    "partner": (State.IN_PROGRESS, "没有待决定的联合评价答复"),
    "block": (State.ADOPTED, "不能中止"),
    "lift": (State.IN_PROGRESS, "没有待解除的中止"),
    "release": (State.IN_PROGRESS, "没有待确认释放的名额"),
    "restore": (State.IN_PROGRESS, "没有撤回"),
    "place": (State.IN_PROGRESS, "没有超额的名额要核定"),
    "letter": (State.ADOPTED, "不需要上传确认函"),
}


@pytest.mark.parametrize("act", LATE)
def test_who_comes_too_late_for_an_act_is_led_to_where_the_evaluation_stands(
    make: Make, sign_in: SignIn, act: str
) -> None:
    state, said = LATE[act]
    evaluation = make.evaluation(state)
    client = sign_in(make.officer("municipal", bureau="changchun"))
    answer = client.get(f"{LIST}/{evaluation.id}/{act}")
    assert answer.status_code == 302
    assert answer.location.endswith(f"{LIST}/{evaluation.id}")
    page = client.get(answer.location).text
    assert said in page
    assert state.label in page
    # what was typed before is not thrown away unread: sent, it is answered by the service
    data = {"version": evaluation.version, "reason": "理由", "outcome": "upheld"}
    assert client.post(f"{LIST}/{evaluation.id}/{act}", data=data).status_code in (409, 422)


def test_the_form_of_what_cannot_be_adopted_is_not_shown(make: Make, sign_in: SignIn) -> None:
    open_form = make.evaluation(State.HANDED_OVER)
    stopped = make.joint(make.filed_agency(), make.agency(), state=State.HANDED_OVER)  # not confirmed by the other one
    client = sign_in(make.officer("municipal", bureau="changchun"))
    assert client.get(f"{LIST}/{open_form.id}/adopt").status_code == 200
    assert "采信前核对" in client.get(f"{LIST}/{stopped.id}/adopt", follow_redirects=True).text
