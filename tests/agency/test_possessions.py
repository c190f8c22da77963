"""An agency keeps what it has, and the proofs of it."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.models import User
from agency.models import Agency, Material, Office, OutsideProjects, Record, Training
from core import clock
from core.audit import AuditEntry
from core.db import db
from tests.factories import Make
from tests.factories.agencies import TINY_PDF

SignIn = Callable[[User], FlaskClient]

OFFICE = {"address": "长春市朝阳区 1 号", "area_m2": "３２０.5", "tenure": "leased", "leased_until": "2030年1月31日"}
RECORD = {
    "kind": "evaluation",
    "role": "led",
    "title": "某园区评价",
    "number": "",
    "commissioner": "",
    "on": "2025-03-20",
}
TRAINING = {"topic": "标准宣贯", "on": "2025/6/1", "attendees": "全体", "hours": "6"}
OUTSIDE = {"year": "2025", "province": "辽宁省", "capability": "factory", "count": "3"}
SHELVES = [
    ("offices", OFFICE, Office),
    ("records", RECORD, Record),
    ("trainings", TRAINING, Training),
    ("outside-projects", OUTSIDE, OutsideProjects),
]


@pytest.mark.parametrize(("shelf", "typed", "model"), SHELVES)
def test_a_row_is_added_changed_and_removed(
    app: Flask, make: Make, sign_in: SignIn, shelf: str, typed: dict[str, str], model: type[Office]
) -> None:
    agency = make.agency()
    user = sign_in(make.user_of(agency))
    added = user.post(f"/agency/{shelf}/new", data=typed | {"version": agency.version})
    assert added.status_code == 302, added.text
    twice = user.post(f"/agency/{shelf}/new", data=typed | {"version": agency.version})
    assert twice.status_code == 409
    with app.app_context():
        row_id = db.session.scalars(select(model.id)).one()
    for value in typed.values():
        assert user.get(f"/agency/{shelf}/{row_id}").status_code == 200, value
    assert user.get(f"/agency/{shelf}").status_code == 200
    changed = user.post(f"/agency/{shelf}/{row_id}", data=typed | {"version": agency.version + 1})
    assert changed.status_code == 302, changed.text
    assert user.get(f"/agency/{shelf}/{row_id}/remove").status_code == 200
    assert user.post(f"/agency/{shelf}/{row_id}/remove", data={"version": agency.version + 2}).status_code == 302
    assert user.get(f"/agency/{shelf}/{row_id}").status_code == 404
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
        actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("%.%"))).all()
        assert [action.split(".")[1] for action in actions if not action.startswith(("account", "agency"))] == [
            "added",
            "changed",
            "removed",
        ]


@pytest.mark.parametrize(("shelf", "typed", "model"), SHELVES)
def test_anothers_row_does_not_exist(
    app: Flask, make: Make, sign_in: SignIn, shelf: str, typed: dict[str, str], model: type[Office]
) -> None:
    owner = make.agency()
    sign_in(make.user_of(owner)).post(f"/agency/{shelf}/new", data=typed | {"version": owner.version})
    with app.app_context():
        row_id = db.session.scalars(select(model.id)).one()
    stranger = sign_in(make.user_of(make.agency()))
    for path in (f"/agency/{shelf}/{row_id}", f"/agency/{shelf}/{row_id}/remove"):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, data=typed).status_code == 404


TOMORROW = (clock.today() + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("shelf", "typed", "told"),
    [
        ("offices", OFFICE | {"area_m2": "0"}, "面积应大于 0"),
        ("offices", OFFICE | {"area_m2": "-3"}, "面积应大于 0"),
        ("offices", OFFICE | {"area_m2": "约三百"}, "请填写数字"),
        ("offices", OFFICE | {"area_m2": "nan"}, "不合情理"),
        ("offices", OFFICE | {"leased_until": ""}, "请填写租赁到期日"),
        ("offices", OFFICE | {"tenure": "owned"}, "自有的场所没有租赁到期日"),
        ("offices", OFFICE | {"leased_until": "2030-02-30"}, "没有这个日期"),
        ("records", RECORD | {"on": TOMORROW}, "在今天之后"),
        ("records", RECORD | {"kind": ""}, "请选择业绩类型"),
        ("trainings", TRAINING | {"on": TOMORROW}, "在今天之后"),
        ("trainings", TRAINING | {"hours": "0"}, "学时应大于 0"),
        ("outside-projects", OUTSIDE | {"count": "0"}, "大于 0 的整数"),
        ("outside-projects", OUTSIDE | {"count": "2.5"}, "请填写整数"),
        ("outside-projects", OUTSIDE | {"year": "1999"}, "年度应在 2017"),
        ("outside-projects", OUTSIDE | {"province": "吉林省"}, "有效"),
    ],
)
def test_a_row_that_cannot_be_is_refused(
    make: Make, sign_in: SignIn, shelf: str, typed: dict[str, str], told: str
) -> None:
    agency = make.agency()
    page = sign_in(make.user_of(agency)).post(f"/agency/{shelf}/new", data=typed | {"version": agency.version})
    assert page.status_code == 422
    assert told in page.text


def test_a_lapsed_lease_is_kept_and_flagged(make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    user = sign_in(make.user_of(agency))
    typed = OFFICE | {"leased_until": "2020-01-31", "version": str(agency.version)}
    assert user.post("/agency/offices/new", data=typed).status_code == 302
    assert "（已到期）" in user.get("/agency/offices").text
    assert "1 处租赁已到期" in user.get("/agency/particulars").text


def test_the_same_outside_projects_are_declared_once(make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    user = sign_in(make.user_of(agency))
    assert user.post("/agency/outside-projects/new", data=OUTSIDE | {"version": agency.version}).status_code == 302
    again = user.post("/agency/outside-projects/new", data=OUTSIDE | {"version": agency.version + 1})
    assert again.status_code == 422
    assert "已经登记" in again.text


def test_who_does_not_say_what_was_shown_changes_nothing(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    assert sign_in(make.user_of(agency)).post("/agency/offices/new", data=OFFICE).status_code == 409
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Office)) == 0


def upload(user: FlaskClient, version: int, *files: tuple[bytes, str], path: str, kind: str) -> int:
    chosen = [(BytesIO(content), name) for content, name in files]
    return user.post(path, data={"version": version, "kind": kind, "files": chosen}).status_code


def test_several_files_are_uploaded_looked_at_saved_and_taken_out(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    user = sign_in(make.user_of(agency))
    path = "/agency/materials/new"
    assert user.get(path + "?kind=licence").status_code == 200
    files = ((TINY_PDF, "执照.pdf"), (TINY_PDF + b"\n", "副本.exe"))
    assert upload(user, agency.version, *files, path=path, kind="licence") == 302
    with app.app_context():
        first, second = db.session.scalars(select(Material).order_by(Material.id)).all()
        assert (first.file.name, second.file.name) == ("执照.pdf", "副本.exe.pdf")
    page = user.get(f"/agency/materials/{first.id}")
    assert "第 1 页，共 1 页" in page.text
    picture = user.get(f"/agency/materials/{first.id}/pages/1")
    assert picture.mimetype == "image/jpeg"
    assert user.get(f"/agency/materials/{first.id}/pages/2").status_code == 404
    saved = user.get(f"/agency/materials/{first.id}/download")
    assert saved.data == TINY_PDF
    disposition = saved.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert disposition.isascii()  # a real server refuses to send others
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert user.post(f"/agency/materials/{first.id}/remove", data={"version": agency.version + 1}).status_code == 302
    assert "执照.pdf" not in user.get("/agency/materials").text
    assert user.get(f"/agency/materials/{first.id}").status_code == 200  # what was handed in may hold it


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"<html></html>"])
def test_of_several_files_one_that_is_no_document_refuses_all(
    app: Flask, make: Make, sign_in: SignIn, content: bytes
) -> None:
    agency = make.agency()
    user = sign_in(make.user_of(agency))
    files = ((TINY_PDF, "执照.pdf"), (content, "别的.pdf"))
    assert upload(user, agency.version, *files, path="/agency/materials/new", kind="licence") == 422
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Material)) == 0


def test_an_upload_without_a_file_is_refused(make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    user = sign_in(make.user_of(agency))
    assert upload(user, agency.version, path="/agency/materials/new", kind="licence") == 422


def test_a_material_hangs_on_a_row_of_ones_own(make: Make, sign_in: SignIn, app: Flask) -> None:
    owner, other = make.qualified_agency(), make.agency()
    with app.app_context():
        office = db.session.scalars(select(Office.id).where(Office.agency_id == owner.id)).one()
        material = db.session.scalars(select(Material.id).where(Material.agency_id == owner.id)).first()
    stranger = sign_in(make.user_of(other))
    assert stranger.get(f"/agency/materials/new/office/{office}").status_code == 404
    assert stranger.get("/agency/materials/new/nonsense").status_code == 404
    for rest in ("", "/pages/1", "/download", "/remove"):
        assert stranger.get(f"/agency/materials/{material}{rest}").status_code == 404
    own = sign_in(make.user_of(owner))
    path = f"/agency/materials/new/office/{office}"
    assert upload(own, owner.version, (TINY_PDF, "租约.pdf"), path=path, kind="office") == 302
    # a kind that belongs to something else
    assert upload(own, owner.version + 1, (TINY_PDF, "执照.pdf"), path=path, kind="licence") == 422


def test_removing_a_row_takes_its_proofs_out(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.qualified_agency()
    with app.app_context():
        office = db.session.scalars(select(Office.id).where(Office.agency_id == agency.id)).one()
    user = sign_in(make.user_of(agency))
    assert user.post(f"/agency/offices/{office}/remove", data={"version": agency.version}).status_code == 302
    with app.app_context():
        proofs = db.session.scalars(select(Material).where(Material.subject == "office")).all()
        assert [proof.removed_at is not None for proof in proofs] == [True]
        assert db.session.get_one(Agency, agency.id).version == agency.version + 1


@pytest.mark.parametrize(
    ("back", "leads_to"), [("rules", "/agency/rules"), ("", "/agency/materials"), ("//elsewhere", "/agency/materials")]
)
def test_after_an_upload_one_is_back_where_one_came_from(make: Make, sign_in: SignIn, back: str, leads_to: str) -> None:
    agency = make.agency()
    data = {"version": agency.version, "kind": "quality_rules", "files": [(BytesIO(TINY_PDF), "制度.pdf")]}
    done = sign_in(make.user_of(agency)).post(f"/agency/materials/new?back={back}", data=data)
    assert (done.status_code, done.location) == (302, leads_to)
