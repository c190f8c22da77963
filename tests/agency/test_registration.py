"""An agency registers, or is told why not and what would lift it (第二十条（一）, readings 12, 20 and 21)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.models import User
from agency import naming
from agency.models import Agency, AgencyGram, CodeCheck, CodeCheckState, FormerName, Person, Representation, Standing
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from notices.models import Notice
from tests.agency.forms import doubtful, registration
from tests.factories import Make
from tests.factories.agencies import TINY_PDF, made_up_number
from tests.numbers import credit_code

SignIn = Callable[[User], FlaskClient]
REGISTER = "/agency/register"
ASK = "/agency/register/code-check"


def registered(app: Flask, code: object) -> Agency | None:
    with app.app_context():
        return db.session.scalar(select(Agency).where(Agency.credit_code == code))


def test_an_agency_registers_and_signs_in(app: Flask, client: FlaskClient) -> None:
    typed = registration()
    answer = client.post(REGISTER, data=typed)
    assert answer.status_code == 302, answer.text
    assert answer.location.endswith("/accounts/login")
    signed_in = client.post("/accounts/login", data={"username": typed["username"], "password": typed["password"]})
    assert signed_in.status_code == 302
    with app.app_context():
        agency = db.session.scalars(select(Agency)).one()
        assert (agency.standing, agency.bureau, agency.division) == (Standing.REGISTERED, "changchun", "220104")
        assert agency.is_unproved
        assert agency.representation is not None
        assert agency.representation.name == "周明远"
        assert agency.service_consent_at is not None
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "agency.registered")).one()
        assert entry.actor == typed["username"]
        assert (
            db.session.scalars(select(Notice).where(Notice.event == "agency_registered")).one().audience_id
            == "reviewer"
        )


def test_a_code_is_read_as_people_write_it(app: Flask, client: FlaskClient) -> None:
    typed = registration()
    code = str(typed["credit_code"])
    assert client.post(REGISTER, data=typed | {"credit_code": f" {code[:8]} {code[8:].lower()} "}).status_code == 302
    assert registered(app, code) is not None


def test_everything_wrong_is_told_at_once_and_what_was_typed_stays(app: Flask, client: FlaskClient) -> None:
    typed = registration(
        name="吉林澄明环境科技有限公司长春分公司",
        representative_number="220103198505200011",
        representative_since="2999-01-01",
    )
    page = client.post(REGISTER, data=typed)
    assert page.status_code == 422
    assert "第二十条（一）" in page.text
    assert "校验位" in page.text
    assert "2999-01-01 在今天之后" in page.text
    assert "吉林澄明环境科技有限公司长春分公司" in page.text
    assert str(typed["password"]) not in page.text
    assert registered(app, typed["credit_code"]) is None


@pytest.mark.clause("JL-20-1")
@pytest.mark.parametrize("ending", ["长春分公司", "吉林分院", "第二分所", "驻长春办事处", "（分支机构）"])
def test_a_branch_is_refused(app: Flask, client: FlaskClient, ending: str) -> None:
    typed = registration(name=f"北京某某认证中心{ending}")
    page = client.post(REGISTER, data=typed)
    assert page.status_code == 422
    assert "分支机构不具有独立法人资格" in page.text
    assert registered(app, typed["credit_code"]) is None


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "   ", "请按营业执照"),
        ("credit_code", "12345", "应为 18 位"),
        ("place", "朝阳", None),
        ("place", "不存在的县", "没有找到"),
        ("place", "长春市", None),
        ("bureau", "tonghua", "与所选的"),
        ("contact_phone", "123", "11 位手机号"),
        ("contact_email", "nobody", "完整的电子邮箱"),
        ("representative_since", "2021-02-30", "没有这个日期"),
        ("service_address", "", "接收送达的电子邮箱"),
        ("password_again", "another", "不一样"),
        ("username", "甲", "3 至 40 个字符"),
        ("authorised", "", "受本机构委托"),
        ("capabilities", [], "至少选择一类"),
        ("kind", "nonsense", "有效"),
        ("name", "吉林\x00澄明有限公司", None),
    ],
)
def test_each_field_says_what_would_be_right(client: FlaskClient, field: str, value: object, told: str | None) -> None:
    page = client.post(REGISTER, data={k: v for k, v in registration(**{field: value}).items() if v != []})
    if told is None:
        assert page.status_code == 302, page.text
    else:
        assert page.status_code == 422
        assert told in page.text


def test_an_ambiguous_place_names_the_candidates(client: FlaskClient) -> None:
    page = client.post(REGISTER, data=registration(province="13", place="桥西区"))
    assert page.status_code == 422
    assert "河北省石家庄市桥西区（130104）" in page.text


@pytest.mark.parametrize(
    ("province", "place", "bureau", "expected"),
    [
        ("22", "梅河口市", "", "meihekou"),
        ("22", "安图县", "changbaishan", "changbaishan"),
        ("22", "安图县", "", "yanbian"),
        ("22", "220184", "", "changchun"),
        ("11", "朝阳区", "", ""),
    ],
)
def test_the_bureau_follows_the_place(
    app: Flask, client: FlaskClient, province: str, place: str, bureau: str, expected: str
) -> None:
    typed = registration(province=province, place=place, bureau=bureau)
    assert client.post(REGISTER, data=typed).status_code == 302
    agency = registered(app, typed["credit_code"])
    assert agency is not None
    assert agency.bureau == expected


@pytest.mark.parametrize(("province", "place"), [("11", "朝阳区"), ("22", "南关区")])
def test_changbaishan_is_refused_elsewhere(client: FlaskClient, province: str, place: str) -> None:
    page = client.post(REGISTER, data=registration(province=province, place=place, bureau="changbaishan"))
    assert page.status_code == 422


def test_a_second_registration_is_refused_and_told_how_to_get_access(app: Flask, client: FlaskClient) -> None:
    first = registration()
    client.post(REGISTER, data=first)
    page = client.post(REGISTER, data=registration(credit_code=first["credit_code"]))
    assert page.status_code == 409
    assert "由本单位已有账号的人员" in page.text
    assert "尚未备案的登记可以移交" in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Agency)) == 1


def test_of_two_registrations_at_once_one_wins_and_the_other_is_told(app: Flask) -> None:
    first = registration()
    second = registration(credit_code=first["credit_code"])

    def register(typed: dict[str, object]) -> int:
        return app.test_client().post(REGISTER, data=typed).status_code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(register, (first, second))) == [302, 409]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Agency)) == 1
        assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_one_person_written_three_ways_is_one_person(app: Flask, client: FlaskClient) -> None:
    number = next(found for found in iter(lambda: made_up_number("220103"), "") if found.endswith("X"))
    for written in (number, number.lower(), "".join(chr(ord(char) + 0xFEE0) for char in number)):
        assert client.post(REGISTER, data=registration(representative_number=written)).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 1
        assert db.session.scalar(select(func.count()).select_from(Representation)) == 3


def test_an_identity_number_is_not_taken_for_a_passport(client: FlaskClient) -> None:
    page = client.post(REGISTER, data=registration(representative_document="passport"))
    assert page.status_code == 422
    assert "这是身份证件号码" in page.text


def test_a_passport_is_free_in_form(app: Flask, client: FlaskClient) -> None:
    typed = registration(representative_document="passport", representative_number="e1234 5678")
    assert client.post(REGISTER, data=typed).status_code == 302
    with app.app_context():
        assert db.session.scalars(select(Person)).one().number == "E12345678"


def test_an_entry_known_from_the_ledger_is_taken_over(app: Flask, client: FlaskClient) -> None:
    typed = registration()
    with app.app_context(), transaction() as session:
        known = Agency(standing=Standing.KNOWN, credit_code=str(typed["credit_code"]), name="")
        naming.set_name(session, known, "吉林澄明环保公司", on=clock.today())
    assert client.post(REGISTER, data=typed).status_code == 302
    with app.app_context():
        agency = db.session.scalars(select(Agency)).one()
        assert agency.standing is Standing.REGISTERED
        assert agency.name == typed["name"]
        assert db.session.scalars(select(FormerName)).all() == []  # what a ledger called it is no former name
        assert "科技" in set(db.session.scalars(select(AgencyGram.gram).where(AgencyGram.agency_id == agency.id)))


def test_a_weak_password_is_refused(client: FlaskClient) -> None:
    page = client.post(REGISTER, data=registration(password="short", password_again="short"))
    assert page.status_code == 422
    assert "至少 10 个字符" in page.text


def test_a_wrong_check_character_offers_the_check_by_a_person(client: FlaskClient) -> None:
    typed = registration()
    code = doubtful(str(typed["credit_code"]))
    page = client.post(REGISTER, data=typed | {"credit_code": code})
    assert page.status_code == 422
    assert f'action="{ASK}"' in page.text
    carried = client.post(ASK, data={"carried": "yes", "credit_code": code, "name": typed["name"]})
    assert carried.status_code == 200
    assert code in carried.text
    assert str(typed["name"]) in carried.text


def test_nothing_is_offered_for_what_is_no_code_at_all(client: FlaskClient) -> None:
    assert f'action="{ASK}"' not in client.post(REGISTER, data=registration(credit_code="12345")).text


def ask(client: FlaskClient, code: str, name: str = "吉林澄明环境科技有限公司", content: bytes = TINY_PDF) -> int:
    typed = {
        "credit_code": code,
        "name": name,
        "contact_name": "吴联系",
        "contact_phone": "13804310011",
        "explanation": "证照上即为此代码",
        "proof": (BytesIO(content), "执照.pdf"),
    }
    return client.post(ASK, data=typed).status_code


def test_a_code_accepted_by_an_officer_registers(app: Flask, client: FlaskClient, make: Make, sign_in: SignIn) -> None:
    typed = registration()
    code = doubtful(str(typed["credit_code"]))
    assert ask(client, code) == 302
    assert ask(client, code) == 422
    pending = client.post(REGISTER, data=typed | {"credit_code": code})
    assert "正在办理" in pending.text
    with app.app_context():
        check = db.session.scalars(select(CodeCheck)).one()
        assert db.session.scalars(select(Notice)).one().event == "code_check_asked"

    desk = sign_in(make.officer("reviewer"))
    listed = desk.get("/desk/agencies/code-checks")
    assert code in listed.text
    assert "13804310011" in desk.get(f"/desk/agencies/code-checks/{check.id}").text
    assert desk.get(f"/desk/agencies/code-checks/{check.id}/pages/1").mimetype == "image/jpeg"
    decided = desk.post(
        f"/desk/agencies/code-checks/{check.id}", data={"decision": "accepted", "reason": "与执照原件一致"}
    )
    assert decided.status_code == 302
    assert client.post(REGISTER, data=typed | {"credit_code": code}).status_code == 302
    agency = registered(app, code)
    assert agency is not None
    assert agency.code_overruled


def test_a_declined_code_is_told_why(app: Flask, client: FlaskClient, make: Make, sign_in: SignIn) -> None:
    code = doubtful(str(registration()["credit_code"]))
    ask(client, code)
    with app.app_context():
        check_id = db.session.scalars(select(CodeCheck.id)).one()
    desk = sign_in(make.officer("approver"))
    assert desk.post(f"/desk/agencies/code-checks/{check_id}", data={"decision": "declined"}).status_code == 422
    desk.post(f"/desk/agencies/code-checks/{check_id}", data={"decision": "declined", "reason": "证照上不是这个代码"})
    again = desk.post(f"/desk/agencies/code-checks/{check_id}", data={"decision": "accepted", "reason": "改判"})
    assert again.status_code == 409
    with app.app_context():
        assert db.session.scalars(select(CodeCheck)).one().state is CodeCheckState.DECLINED
    page = client.post(REGISTER, data=registration(credit_code=code))
    assert "证照上不是这个代码" in page.text


@pytest.mark.parametrize("content", [b"", b"<html>no document</html>"])
def test_a_proof_that_is_no_document_is_refused(app: Flask, client: FlaskClient, content: bytes) -> None:
    assert ask(client, doubtful(str(registration()["credit_code"])), content=content) == 422
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CodeCheck)) == 0


def test_a_sound_code_needs_no_check(client: FlaskClient) -> None:
    assert ask(client, str(registration()["credit_code"])) == 422


def test_code_checks_are_for_the_provincial_desk(client: FlaskClient, make: Make, sign_in: SignIn) -> None:
    assert client.get("/desk/agencies/code-checks").status_code == 302
    assert sign_in(make.user_of(make.agency())).get("/desk/agencies/code-checks").status_code == 403
    assert sign_in(make.officer("municipal", bureau="tonghua")).get("/desk/agencies/code-checks").status_code == 403
    assert sign_in(make.officer("reviewer")).get("/desk/agencies/code-checks/999").status_code == 404


def test_one_network_hands_in_only_so_many(app: Flask, client: FlaskClient) -> None:
    codes = [doubtful(credit_code(number)) for number in range(21)]
    assert [ask(client, code) for code in codes] == [302] * 20 + [422]
    assert "过于频繁" in client.post(REGISTER, data=registration()).text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CodeCheck)) == 20
    assert app.test_client().post(REGISTER, data=registration(), environ_base={"REMOTE_ADDR": "10.0.0.9"}).location
