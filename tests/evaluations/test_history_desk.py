"""The desk's pages of the old years."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.models import User
from applicants.models import Exclusion, Ground
from core.db import db
from core.exports import MIMETYPE
from evaluations.models import ListEntry
from tests.evaluations.lists import LISTS, bring, row, table
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
PAGES = "/desk/evaluations/lists"


def upload(desk: FlaskClient, content: bytes, name: str = "名单.csv") -> tuple[int, str]:
    sent = {"level": "national", "file": (io.BytesIO(content), name)}
    answer = desk.post(f"{PAGES}/new", data=sent, follow_redirects=True)
    return answer.status_code, answer.text


def entry_of(app: Flask, name: str) -> int:
    with app.app_context():
        return db.session.scalars(select(ListEntry.id).where(ListEntry.name == name)).one()


def test_an_officer_brings_the_lists_and_sees_the_three_above_fifteen(app: Flask, make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("reviewer"))
    status, page = upload(desk, LISTS.read_bytes())
    assert status == 200
    assert "已导入 3303 条，新培育对象 3139 家" in page
    assert "2021年度绿色制造名单" in page
    page = desk.get(f"{PAGES}/agencies").text
    assert "第一批绿色制造示范名单（2017 年度）有 3 家超过 15 项" in page
    for told in (
        "中国电子技术标准化研究院 30 项",
        "广州赛宝认证中心服务有限公司 28 项",
        "北京联合智业认证有限公司 16 项",
    ):
        assert told in page
    assert "找到 347 家" in page
    assert "找到 1 家" in desk.get(f"{PAGES}/agencies?q=江苏省、南京市").text
    assert "可能一格几家" not in desk.get(f"{PAGES}/agencies?q=江苏省、南京市").text  # no ledger says so yet
    again = upload(desk, LISTS.read_bytes())[1]
    assert "什么也没有改变" in again


def test_entries_are_filtered_in_the_address_bar(app: Flask, make: Make, sign_in: SignIn) -> None:
    with app.app_context():
        bring()
    desk = sign_in(make.officer("municipal", bureau="changchun"))
    for asked, found in (
        ("", "3303"), ("?year=2018", "680"), ("?list=national:6", "821"), ("?kind=park", "224"), ("?region=兵团", "4"),
        ("?q=啤酒&region=吉林", None), ("?agency=赛宝认证中心", None), ("?year=1900&kind=nonsense", "3303"),
        ("?spelling=中国质量认证中心", "48"), ("?body=abc", "3303"), ("?body=999", None),
    ):  # fmt: skip
        page = desk.get(f"{PAGES}{asked}")
        assert page.status_code == 200
        if found:
            assert f"找到 {found} 条" in page.text, asked
    assert "没有符合条件的条目" in desk.get(f"{PAGES}?q=没有这样的名称").text
    with app.app_context():
        some = db.session.scalars(select(ListEntry).where(ListEntry.credit_code.is_not(None))).first()
        assert some is not None
        shown = desk.get(f"{PAGES}?applicant={some.applicant_id}").text
        assert f"只看“{some.applicant.name}”的条目" in shown
    export = desk.get(f"{PAGES}/export.xlsx?region=吉林")
    assert export.mimetype == MIMETYPE


def test_what_is_wrong_stands_beside_the_file(make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("reviewer"))
    status, page = upload(desk, table(row("甲厂", 1, published="?"), row("乙厂", 2, kind="?")))
    assert status == 422
    assert "第 2 行：公布日期“?”不是日期" in page
    assert "第 3 行：类别“?”应为" in page
    assert upload(desk, b"\x89PNG\x00", "名单.xlsx")[0] == 422


def test_an_entry_is_taken_off_its_list_once_and_article_11_knows(app: Flask, make: Make, sign_in: SignIn) -> None:
    with app.app_context():
        bring(table(row("松江纸业有限公司", 1)))
    address = f"{PAGES}/{entry_of(app, '松江纸业有限公司')}"
    desk = sign_in(make.officer("approver"))
    assert "登记移出" in desk.get(address).text
    for on, message in (("2017-08-22", "不能早于公布日期"), ("2117-01-01", "不能晚于今天")):
        answer = desk.post(f"{address}/remove", data={"on": on, "basis": "公告"})
        assert answer.status_code == 422
        assert message in answer.text
    form = {"on": "2023-11-20", "basis": "工信厅节函〔2023〕384号"}
    assert desk.post(f"{address}/remove", data=form).status_code == 302
    page = desk.get(address).text
    assert "已移出名单" in page
    assert "384号" in page
    assert "登记移出…" not in page
    again = desk.post(f"{address}/remove", data=form)
    assert again.status_code == 409
    with app.app_context():
        fact = db.session.scalars(select(Exclusion)).one()
        assert (fact.ground, fact.on, fact.source) == (Ground.REMOVED, date(2023, 11, 20), form["basis"])
    assert desk.post(f"{address}/put-back", data={"reason": ""}).status_code == 422
    assert desk.post(f"{address}/put-back", data={"reason": "登记错了条目"}).status_code == 302
    assert "已移出名单" not in desk.get(address).text
    assert desk.post(f"{address}/put-back", data={"reason": "登记错了条目"}).status_code == 409
    with app.app_context():
        assert db.session.scalars(select(Exclusion)).one().annulled_reason == "登记错了条目"


def test_a_removal_that_was_entered_already_is_no_second_fact(app: Flask, make: Make, sign_in: SignIn) -> None:
    there = make.applicant(name="松江纸业有限公司")
    make.exclusion(there, ground=Ground.REMOVED, on=date(2023, 11, 20))
    with app.app_context():
        bring(table(row("松江纸业有限公司", 1)))
    desk = sign_in(make.officer("approver"))
    form = {"on": "2023-11-20", "basis": "工信厅节函〔2023〕384号"}
    assert desk.post(f"{PAGES}/{entry_of(app, '松江纸业有限公司')}/remove", data=form).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Exclusion)) == 1


@pytest.mark.parametrize("role", ["municipal", "admin"])
def test_only_the_provincial_desk_brings_and_removes(app: Flask, make: Make, sign_in: SignIn, role: str) -> None:
    with app.app_context():
        bring(table(row("松江纸业有限公司", 1)))
    client = sign_in(make.officer(role, bureau="changchun" if role == "municipal" else None))
    assert client.get(f"{PAGES}/new").status_code == 403
    assert client.get(f"{PAGES}/{entry_of(app, '松江纸业有限公司')}/remove").status_code == 403


@pytest.mark.parametrize(("bureau", "links"), [("changchun", True), ("tonghua", False)])
def test_the_page_of_an_applicant_is_linked_for_those_who_may_open_it(
    app: Flask, make: Make, sign_in: SignIn, bureau: str, links: bool
) -> None:
    applicant = make.applicant(name="松江纸业有限公司", bureau="changchun")
    with app.app_context():
        bring(table(row("松江纸业有限公司", 1)))
    answer = sign_in(make.officer("municipal", bureau=bureau)).get(f"{PAGES}/{entry_of(app, '松江纸业有限公司')}")
    assert (f"/desk/applicants/{applicant.id}" in answer.text) is links


def test_empty_pages_say_what_to_do(make: Make, sign_in: SignIn) -> None:
    assert "还没有导入名单" in sign_in(make.officer("reviewer")).get(PAGES).text
    assert "由省厅办理人导入" in sign_in(make.officer("municipal", bureau="changchun")).get(PAGES).text
    assert "还没有导入名单" in sign_in(make.officer("reviewer")).get(f"{PAGES}/agencies").text
