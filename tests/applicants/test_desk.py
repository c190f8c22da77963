"""One applicant at the desk: entered, shown, corrected, excluded, given accounts; each bureau its own."""

import pytest
from sqlalchemy import select

from accounts.models import User
from applicants.models import Applicant, Exclusion, Ground, Kind
from core import clock
from core.db import db
from tests.factories import Make
from tests.numbers import credit_code

NEW = {
    "name": "长春曜辰光电科技有限公司", "kinds": "factory", "credit_code": credit_code(4001, area="220104"),
    "bureau": "changchun", "industry_code": "C3976", "industry": "光电子器件制造", "listed": "none",
    "representative_document": "resident_id", "is_green_factory": "",
}  # fmt: skip


@pytest.fixture
def desk(make: Make, sign_in):
    return sign_in(make.officer("municipal", bureau="changchun"))


def test_an_officer_enters_an_applicant_and_sees_it(desk):
    answer = desk.post("/desk/applicants/new", data=NEW, follow_redirects=True)
    assert answer.status_code == 200
    assert "已登记" in answer.text
    assert NEW["name"] in answer.text
    assert "长春市工业和信息化局" in answer.text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"credit_code": "91220104107124812A"}, "校验位"),
        ({"industry_code": "36"}, "GB/T 4754"),
        ({"kinds": []}, "请至少选择一类"),
        ({"bureau": "tonghua"}, "您只能登记"),
        ({"industrial_share": "50.04"}, "最多填写一位小数"),
        ({"contact_phone": "12"}, "11 位手机号"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(desk, changed, said):
    answer = desk.post("/desk/applicants/new", data=NEW | changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert NEW["name"] in answer.text


def test_a_share_is_read_and_shown_as_it_was_typed(desk):
    park = NEW | {"kinds": "park", "industrial_share": "48.6", "industry_code": "", "industry": ""}
    page = desk.post("/desk/applicants/new", data=park, follow_redirects=True).text
    assert "48.6%" in page
    assert "第八条（一）" in page
    assert "没有超过 50%" in page
    assert 'value="48.6"' in desk.get("/desk/applicants/1/edit").text


def test_what_stands_against_it_is_told_on_top_with_its_last_day(make: Make, desk):
    applicant = make.applicant()
    today = clock.today()
    make.exclusion(applicant, on=today, source="某决定书")
    page = desk.get(f"/desk/applicants/{applicant.id}").text
    assert "现在不得申请、推荐和列入绿色制造名单" in page
    assert f"到 {today.year + 3}-{today:%m-%d} 为止" in page
    assert "某决定书" in page


def test_a_park_names_the_enterprise_inside(make: Make, desk):
    park = make.applicant(kind=Kind.PARK)
    make.exclusion(make.applicant(park_id=park.id, name="园内某厂"))
    page = desk.get(f"/desk/applicants/{park.id}").text
    assert "园区内企业 园内某厂：" in page


def test_a_page_costs_a_fixed_number_of_queries(make: Make, desk, count_queries):
    def queries(applicant):
        with count_queries() as asked:
            assert desk.get(f"/desk/applicants/{applicant.id}").status_code == 200
        return len(asked)

    one, many = make.applicant(kind=Kind.PARK), make.applicant(kind=Kind.PARK)
    make.exclusion(one)
    make.exclusion(make.applicant(park_id=one.id))
    make.account("applicant", applicant_id=one.id)
    for _ in range(6):
        make.exclusion(many, ground=Ground.ENERGY)
        make.exclusion(make.applicant(park_id=many.id))
        make.account("applicant", applicant_id=many.id)
    assert queries(one) == queries(many)


def edited(make: Make, applicant, **changed):
    return NEW | {"name": applicant.name, "credit_code": applicant.credit_code, "version": applicant.version} | changed


def test_a_correction_is_saved_and_a_stale_one_told(make: Make, desk, app):
    applicant = make.applicant()
    url = f"/desk/applicants/{applicant.id}/edit"
    assert applicant.name in desk.get(url).text
    assert desk.post(url, data=edited(make, applicant, county="南关区")).status_code == 302
    again = desk.post(url, data=edited(make, applicant, county="绿园区"))
    assert again.status_code == 409
    with app.app_context():
        assert db.session.get(Applicant, applicant.id).county == "南关区"


def test_a_fact_is_entered_lifted_and_annulled(make: Make, desk, app):
    applicant = make.applicant()
    fact = {"ground": "abnormal_list", "on": "2025-03-01", "source": "公示系统"}
    assert desk.post(f"/desk/applicants/{applicant.id}/exclusions/new", data=fact).status_code == 302
    with app.app_context():
        row_id = db.session.scalar(select(Exclusion.id))
    page = desk.get(f"/desk/applicants/{applicant.id}").text
    assert f"/exclusions/{row_id}/lift" in page
    lifted = {"lifted_on": "2025-06-01", "reason": "公示系统查询"}
    assert desk.post(f"/desk/applicants/exclusions/{row_id}/lift", data=lifted).status_code == 302
    page = desk.get(f"/desk/applicants/{applicant.id}").text
    assert "2025-06-01 移出" in page
    assert desk.post(f"/desk/applicants/exclusions/{row_id}/lift", data=lifted).status_code == 409
    assert desk.post(f"/desk/applicants/exclusions/{row_id}/annul", data={"reason": ""}).status_code == 422
    assert desk.post(f"/desk/applicants/exclusions/{row_id}/annul", data={"reason": "误登"}).status_code == 302
    assert "撤销：误登" in desk.get(f"/desk/applicants/{applicant.id}").text


def test_another_bureau_has_no_such_applicant(make: Make, desk):
    applicant = make.applicant(bureau="tonghua")
    fact, user = make.exclusion(applicant), make.user_of_applicant(applicant)
    for path in ("", "/edit", "/exclusions/new", "/accounts/new", f"/accounts/{user.id}/reset-password"):
        assert desk.get(f"/desk/applicants/{applicant.id}{path}").status_code == 404
    for verb in ("lift", "annul"):
        assert desk.get(f"/desk/applicants/exclusions/{fact.id}/{verb}").status_code == 404


def test_agencies_and_applicants_keep_none(make: Make, sign_in):
    applicant = make.applicant()
    for user in (make.user_of(make.agency()), make.user_of_applicant(applicant)):
        assert sign_in(user).get(f"/desk/applicants/{applicant.id}").status_code == 403


def first_password(page):
    return page.text.split('<p class="secret code">')[1].split("<")[0]


def test_an_account_is_opened_and_its_password_shown_once(make: Make, desk, app):
    applicant = make.applicant()
    url = f"/desk/applicants/{applicant.id}"
    opened = desk.post(f"{url}/accounts/new", data={"username": "li.chang", "display_name": "厂长李某"})
    first = first_password(opened)
    assert first not in desk.get(url).text
    with app.app_context():
        user = db.session.scalar(select(User).where(User.username == "li.chang"))
        assert (user.applicant_id, [role.value for role in user.roles]) == (applicant.id, ["applicant"])
        assert user.must_change_password
    own = app.test_client()
    signed = own.post("/accounts/login", data={"username": "li.chang", "password": first})
    assert signed.status_code == 302
    assert own.get("/applicant").location.startswith("/accounts/password")  # first, a password of one's own
    taken = desk.post(f"{url}/accounts/new", data={"username": "LI.chang", "display_name": "另一人"})
    assert taken.status_code == 422


def test_an_account_is_reset_closed_and_opened_again(make: Make, desk, sign_in):
    applicant = make.applicant()
    user = make.user_of_applicant(applicant)
    own = sign_in(user)
    url = f"/desk/applicants/{applicant.id}/accounts/{user.id}"
    assert first_password(desk.post(f"{url}/reset-password"))
    assert own.get("/applicant").status_code == 302  # its sessions have ended
    assert desk.post(f"{url}/deactivate", data={"reason": "人员离职"}).status_code == 302
    assert "已停用" in desk.get(f"/desk/applicants/{applicant.id}").text
    assert desk.post(f"{url}/reactivate").status_code == 302
    assert "已停用" not in desk.get(f"/desk/applicants/{applicant.id}").text


def test_only_accounts_of_this_applicant_are_kept_here(make: Make, desk):
    applicant = make.applicant()
    stranger = make.user_of_applicant(make.applicant())
    officer = make.officer("reviewer")
    for user in (stranger, officer):
        url = f"/desk/applicants/{applicant.id}/accounts/{user.id}/reset-password"
        assert desk.get(url).status_code == 404
        assert desk.post(url).status_code == 404


def test_a_code_accepted_from_the_certificate_is_said_to_be_so(make: Make, desk):
    code = NEW["credit_code"][:-1] + ("1" if NEW["credit_code"][-1] != "1" else "2")
    refused = desk.post("/desk/applicants/new", data=NEW | {"credit_code": code})
    assert refused.status_code == 422
    assert "<details open>" in refused.text
    entered = desk.post(
        "/desk/applicants/new", data=NEW | {"credit_code": code, "overrule_code": "已看原件"}, follow_redirects=True
    )
    assert "校验位不符，经核验证照登记" in entered.text
    other = make.applicant()
    assert "经核验证照登记" not in desk.get(f"/desk/applicants/{other.id}").text


def test_the_admin_sees_whose_the_accounts_of_applicants_are(make: Make, sign_in):
    applicant = make.applicant(name="松江某厂")
    user = make.user_of_applicant(applicant)
    agency = make.agency()
    admin = sign_in(make.officer("admin"))
    page = admin.get("/accounts/users").text
    assert "松江某厂" in page
    assert agency.name in page
    shown = admin.get(f"/accounts/users/{user.id}").text
    assert "松江某厂" in shown
    assert "修改姓名和岗位" not in shown


def test_the_own_code_is_no_password(make: Make, sign_in):
    applicant = make.applicant()
    own = sign_in(make.user_of_applicant(applicant))
    change = {"old": "correct horse battery", "new": applicant.credit_code, "again": applicant.credit_code}
    assert own.post("/accounts/password", data=change).status_code == 422


def test_its_evaluations_stand_on_its_page(make: Make, desk):
    applicant, other = make.applicant(), make.applicant()
    number, another = make.evaluation(applicant=applicant).number, make.evaluation(applicant=other).number
    page = desk.get(f"/desk/applicants/{applicant.id}").text
    assert number in page
    assert another not in page
