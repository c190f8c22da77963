"""The pages of the old ledger: who may look, who decides, what is refused."""

import dataclasses
import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import User
from agency.ledgers.bodies import find_known
from agency.models import Agency, Proposal, Spelling
from agency.services import ledgers
from core.db import db
from tests.factories import Make
from tests.ledgers import CELL, FIRST, FULL, LONELY, PUBLISHED, SECOND, SHORT, bring, table
from tests.numbers import credit_code

SignIn = Callable[[User], FlaskClient]
LEDGERS = "/desk/agencies/ledgers"


@pytest.fixture
def desk(make: Make, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.officer("reviewer"))


@pytest.fixture
def ledger(make: Make) -> int:
    """A ledger with a certain and a likely proposal, a cell that may name two, and a lonely name."""
    return make.ledger().id


def upload(client: FlaskClient, content: bytes, name: str = "台账.csv") -> TestResponse:
    return client.post(f"{LEDGERS}/new", data={"file": (io.BytesIO(content), name)}, follow_redirects=True)


def names(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(Agency.name)))


def proposal_of(app: Flask, text: str) -> tuple[int, dict[str, int]]:
    """The proposal in which a spelling takes part, and the ids of its spellings."""
    with app.app_context():
        found = db.session.scalars(select(Proposal).where(Proposal.spellings.any(Spelling.text == text))).one()
        return found.id, {row.text: row.id for row in found.spellings}


def decide(client: FlaskClient, proposal: int, *, chosen: list[int], main: int, **more: str) -> TestResponse:
    fields = {"chosen": chosen, "main": main, "version": 1} | (more or {"join": "1"})
    return client.post(
        f"/desk/agencies/proposals/{proposal}", data={f"p{proposal}-{key}": value for key, value in fields.items()}
    )


# who


def paths(app: Flask, ledger: int) -> dict[str, str]:
    proposal, _ = proposal_of(app, FIRST)
    with app.app_context():
        ledgers.settle_rest(ledger, by=None)
        cell = db.session.scalars(select(Spelling.id).where(Spelling.text == CELL)).one()
        lonely = db.session.scalars(select(Spelling).where(Spelling.text == LONELY)).one()
        known, agency = lonely.id, lonely.agency_id
    return {
        "look": f"{LEDGERS} {LEDGERS}/{ledger} /desk/agencies /desk/agencies/export.xlsx "
        f"/desk/agencies/{agency}/spellings",
        "decide": f"{LEDGERS}/new {LEDGERS}/{ledger}/settle {LEDGERS}/{ledger}/certain "
        f"/desk/agencies/proposals/{proposal} /desk/agencies/cells/{cell} /desk/agencies/spellings/{known}/split",
    }


@pytest.mark.parametrize(
    ("role", "looks", "decides"),
    [
        ("reviewer", 200, 200),
        ("approver", 200, 200),
        ("municipal", 200, 403),
        ("admin", 403, 403),
        ("agency", 403, 403),
    ],
)
def test_the_desk_decides_and_a_bureau_looks(
    app: Flask, make: Make, sign_in: SignIn, ledger: int, role: str, looks: int, decides: int
) -> None:
    asked = paths(app, ledger)
    user = make.user_of(make.agency()) if role == "agency" else make.officer(role, bureau="tonghua")
    client = sign_in(user)
    assert {path: client.get(path).status_code for path in asked["look"].split()} == dict.fromkeys(
        asked["look"].split(), looks
    )
    assert {path: client.get(path).status_code for path in asked["decide"].split()} == dict.fromkeys(
        asked["decide"].split(), decides
    )


def test_a_visitor_is_asked_to_sign_in(app: Flask, client: FlaskClient, ledger: int) -> None:
    for path in " ".join(paths(app, ledger).values()).split():
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.location.startswith("/accounts/login"), path


@pytest.mark.parametrize(
    "path",
    [
        "ledgers/9",
        "ledgers/9/settle",
        "ledgers/9/certain",
        "proposals/9",
        "cells/9",
        "spellings/9/split",
        "9/spellings",
    ],
)
def test_what_is_not_there_is_404(desk: FlaskClient, path: str) -> None:
    assert desk.get(f"/desk/agencies/{path}").status_code == 404


def test_a_bureau_sees_the_proposals_without_buttons(make: Make, sign_in: SignIn, ledger: int) -> None:
    page = sign_in(make.officer("municipal", bureau="tonghua")).get(f"{LEDGERS}/{ledger}?part=certain").text
    assert FIRST in page
    assert "勾选的是一家" not in page
    assert "各建一家…" not in page


# bringing


def test_the_published_ledger_is_brought_by_page(app: Flask, desk: FlaskClient) -> None:
    page = upload(desk, PUBLISHED.read_bytes(), PUBLISHED.name)
    assert "读入 347 行，新写法 347 个，建议 36 条" in page.text
    assert names(app) == set()
    again = upload(desk, PUBLISHED.read_bytes(), PUBLISHED.name)
    assert "什么也没有改变" in again.text
    settled = desk.post(page.request.path + "/settle", follow_redirects=True)
    assert "已新建 275 家机构" in settled.text
    assert len(names(app)) == 275


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x00\x01\x02", "这不是可以读取的电子表格"),
        (b"", "这不是可以读取的电子表格"),
        (b"1,2\n3,4\n", "没有找到机构名称"),
    ],
)
def test_what_can_not_be_read_is_refused_in_a_sentence(
    app: Flask, desk: FlaskClient, content: bytes, sentence: str
) -> None:
    answer = upload(desk, content, "a.xlsx")
    assert answer.status_code == 422
    assert sentence in answer.text


def test_without_a_file_the_page_asks_for_one(desk: FlaskClient) -> None:
    answer = desk.post(f"{LEDGERS}/new")
    assert answer.status_code == 422
    assert "请选择台账文件" in answer.text


def test_limits_come_from_the_settings(app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    tight = dataclasses.replace(app.extensions["settings"], sheet_rows=2)
    monkeypatch.setitem(app.extensions, "settings", tight)
    answer = upload(desk, table(FIRST, SECOND, LONELY))
    assert answer.status_code == 422
    assert "超过 2 行" in answer.text


# deciding


def test_what_differs_is_marked(desk: FlaskClient, ledger: int) -> None:
    assert "松江低碳<mark>(</mark>吉林<mark>)</mark>研究院" in desk.get(f"{LEDGERS}/{ledger}?part=certain").text


def test_a_proposal_is_joined_and_shown_as_decided(app: Flask, desk: FlaskClient, ledger: int) -> None:
    proposal, ids = proposal_of(app, FULL)
    answer = decide(desk, proposal, chosen=list(ids.values()), main=ids[SHORT])
    assert answer.location == f"{LEDGERS}/{ledger}?part=likely"
    assert names(app) == {SHORT}
    page = desk.get(f"{LEDGERS}/{ledger}?part=decided").text
    assert "依建议：只有公司组织形式的写法不同" in page


def test_a_second_decision_is_409_and_what_was_typed_is_not_taken(app: Flask, desk: FlaskClient, ledger: int) -> None:
    proposal, ids = proposal_of(app, FULL)
    decide(desk, proposal, chosen=list(ids.values()), main=ids[FULL])
    answer = decide(desk, proposal, chosen=[], main=ids[FULL], apart="1", reason="两家")
    assert answer.status_code == 409
    assert "已作出决定" in answer.text
    assert names(app) == {FULL}


def test_a_join_of_one_is_refused_and_what_was_chosen_stays(app: Flask, desk: FlaskClient, ledger: int) -> None:
    proposal, ids = proposal_of(app, FULL)
    answer = decide(desk, proposal, chosen=[ids[SHORT]], main=ids[SHORT])
    assert answer.status_code == 422
    assert "请至少勾选两个写法" in answer.text
    assert answer.text.count(" checked") == 2  # one box, one main name
    assert names(app) == set()


def test_leaving_apart_asks_for_the_reason(app: Flask, desk: FlaskClient, ledger: int) -> None:
    proposal, ids = proposal_of(app, FULL)
    answer = decide(desk, proposal, chosen=list(ids.values()), main=ids[FULL], apart="1")
    assert answer.status_code == 422
    assert "请写明为什么不是一家" in answer.text
    assert decide(desk, proposal, chosen=[], main=ids[FULL], apart="1", reason="两家均在营").status_code == 302
    assert names(app) == {FULL, SHORT}


def test_spellings_of_another_proposal_are_not_taken(app: Flask, desk: FlaskClient, ledger: int) -> None:
    proposal, ids = proposal_of(app, FULL)
    _, others = proposal_of(app, FIRST)
    answer = decide(desk, proposal, chosen=[*ids.values(), *others.values()], main=ids[FULL])
    assert answer.status_code == 422
    assert names(app) == set()


def test_the_certain_ones_are_listed_and_joined_together(app: Flask, desk: FlaskClient, ledger: int) -> None:
    page = desk.get(f"{LEDGERS}/{ledger}/certain").text
    assert FIRST in page
    assert FULL not in page
    proposal, _ = proposal_of(app, FIRST)
    shown = {"shown": f"{proposal}:1 7:x <"}
    assert desk.post(f"{LEDGERS}/{ledger}/certain", data=shown).status_code == 302
    assert names(app) == {FIRST}
    answer = desk.post(f"{LEDGERS}/{ledger}/certain", data=shown)
    assert answer.status_code == 409
    assert "已作出决定" in answer.text


def test_a_cell_is_divided_by_an_officer(app: Flask, desk: FlaskClient, ledger: int) -> None:
    with app.app_context():
        cell = db.session.scalars(select(Spelling.id).where(Spelling.text == CELL)).one()
    path = f"/desk/agencies/cells/{cell}"
    refused = desk.post(path, data={"decision": "divide", "names": "砚田低碳研究院有限公司", "reason": "两家公司"})
    assert refused.status_code == 422
    assert "至少两个名称" in refused.text
    assert "砚田低碳研究院有限公司</textarea>" in refused.text
    data = {"decision": "divide", "names": "砚田低碳研究院有限公司\r\n松江咨询有限责任公司", "reason": "两家公司"}
    assert desk.post(path, data=data).status_code == 302
    assert desk.post(path, data=data).status_code == 409
    assert names(app) == {"砚田低碳研究院有限公司", "松江咨询有限责任公司"}
    assert "分成 2 家" in desk.get(f"{LEDGERS}/{ledger}?part=cells").text


def test_a_wrong_join_is_undone(app: Flask, desk: FlaskClient, ledger: int) -> None:
    proposal, ids = proposal_of(app, FULL)
    decide(desk, proposal, chosen=list(ids.values()), main=ids[FULL])
    with app.app_context():
        agency = db.session.scalars(select(Agency.id)).one()
    path = f"/desk/agencies/spellings/{ids[SHORT]}/split"
    assert path in desk.get(f"/desk/agencies/{agency}/spellings").text
    assert desk.post(path, data={"agency": agency}).status_code == 422
    assert desk.post(path, data={"agency": agency, "reason": "两家"}).status_code == 302
    assert names(app) == {FULL, SHORT}
    assert desk.post(path, data={"agency": agency, "reason": "两家"}).status_code == 409


@pytest.mark.parametrize("part", ["certain", "all", "decided"])
def test_a_long_ledger_costs_no_more_queries(
    app: Flask,
    desk: FlaskClient,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
    part: str,
) -> None:
    with app.app_context():
        short = bring(FIRST, SECOND).ledger_id
        numbers = [f"{'甲乙丙丁戊己庚辛壬癸'[number]}原评价（长春）中心" for number in range(10)]
        long = bring(*numbers, *(name.replace("（", "(") for name in numbers)).ledger_id
    counts = []
    for ledger in (short, long):
        with count_queries() as queries:
            assert desk.get(f"{LEDGERS}/{ledger}?part={part}").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# registration takes over


def test_a_body_that_registers_takes_over_its_entry(app: Flask, make: Make) -> None:
    with app.app_context():
        brought = bring(LONELY, (FULL, credit_code(7)))
        ledgers.settle_rest(brought.ledger_id or 0, by=None)
        found = find_known(db.session(), LONELY)
        assert found is not None
        assert found.name == LONELY
        assert find_known(db.session(), FULL) is None  # with a code: by the code alone
