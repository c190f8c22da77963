"""A stack of scans goes to the persons it is about, in one go."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, select

from accounts.models import User
from agency.entries import UploadEntry
from agency.models import Agency, Material, StaffMember
from agency.particulars import MaterialKind
from agency.proofs import WhoseIsIt, by_name
from agency.services import materials
from core.audit import AuditEntry
from core.db import db
from core.documents import DocumentRefused
from core.errors import Refusals
from tests.factories import Make
from tests.factories.agencies import TINY_PDF

SignIn = Callable[[User], FlaskClient]
PATH = "/agency/staff/proofs?kind=insurance"


@pytest.mark.parametrize(
    ("file", "whose"),
    [
        ("王伟 职称证书.pdf", [1]),
        ("02_王伟民.jpg", [2]),
        ("李 娜.png", [3]),
        ("王伟民、李娜 劳动合同.pdf", [2, 3]),
        ("欧阳Ａ.pdf", [4]),
    ],
)
def test_a_file_goes_to_whom_its_name_names(file: str, whose: list[int]) -> None:
    people = {1: "王伟", 2: "王伟民", 3: "李娜", 4: "欧阳A"}
    assert [list(share.members) for share in by_name([UploadEntry(file, b"")], people)] == [whose]


@pytest.mark.parametrize(("file", "told"), [("扫描件001.pdf", "没有在职人员的姓名"), ("王伟.pdf", "同名")])
def test_a_file_that_leaves_open_whose_it_is_is_refused(file: str, told: str) -> None:
    with pytest.raises(WhoseIsIt, match=told):
        by_name([UploadEntry(file, b"")], {1: "王伟", 2: "王伟"})


def test_all_files_that_name_nobody_are_told_together() -> None:
    with pytest.raises(Refusals) as refused:
        by_name([UploadEntry(name, b"") for name in ("一.pdf", "李娜.pdf", "二.pdf")], {3: "李娜"})
    assert [refusal.message[:5] for refusal in refused.value.refusals] == ["一.pdf", "二.pdf"]


def hand_in(
    own: FlaskClient, version: int, shared: str, *files: tuple[bytes, str], members: tuple[int, ...] = ()
) -> tuple[int, str]:
    chosen = [(BytesIO(content), name) for content, name in files]
    data = {"version": version, "shared": shared, "files": chosen, "members": [str(row) for row in members]}
    answer = own.post(PATH, data=data)
    return answer.status_code, answer.text


def proofs(app: Flask) -> list[tuple[int | None, str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(Material).order_by(Material.subject_id, Material.id)).all()
        return [(row.subject_id, row.kind.value, row.file.name) for row in rows]


@pytest.fixture
def pair(make: Make) -> tuple[Agency, StaffMember, StaffMember]:
    agency = make.agency()
    return agency, make.staff_member(agency, name="王伟"), make.staff_member(agency, name="李娜")


Pair = tuple[Agency, StaffMember, StaffMember]


def test_one_file_is_kept_for_everyone_ticked(app: Flask, make: Make, sign_in: SignIn, pair: Pair) -> None:
    agency, first, second = pair
    own = sign_in(make.user_of(agency))
    page = own.get(PATH).text
    assert page.count(" checked") == 3  # one of two ways, and the two people whose proof is due
    ticked = (first.id, second.id)
    assert hand_in(own, agency.version, "by_all", (TINY_PDF, "参保名单.pdf"), members=ticked)[0] == 302
    assert proofs(app) == [(row, "insurance", "参保名单.pdf") for row in ticked]
    with app.app_context():
        assert db.session.get_one(Agency, agency.id).version == agency.version + 1
        told = db.session.scalars(select(AuditEntry.after).where(AuditEntry.action == "material.added")).all()
        assert told == ["社会保险缴纳证明 1 个，2 人"]
    assert hand_in(own, agency.version, "by_all", (TINY_PDF, "参保名单.pdf"), members=ticked)[0] == 409
    assert len(proofs(app)) == 2


def test_a_stack_is_sorted_by_the_names_of_its_files(app: Flask, make: Make, sign_in: SignIn, pair: Pair) -> None:
    agency, first, second = pair
    own = sign_in(make.user_of(agency))
    files = ((TINY_PDF, "李娜.pdf"), (TINY_PDF + b"\n", "王伟.pdf"))
    assert hand_in(own, agency.version, "by_name", *files)[0] == 302
    assert proofs(app) == [(first.id, "insurance", "王伟.pdf"), (second.id, "insurance", "李娜.pdf")]


@pytest.mark.parametrize(
    ("shared", "files", "told"),
    [
        ("by_name", [(TINY_PDF, "王伟.pdf"), (TINY_PDF, "扫描.pdf")], "扫描.pdf：文件名中没有在职人员的姓名"),
        ("by_name", [(TINY_PDF, "王伟.pdf"), (b"MZ\x90", "李娜.pdf")], "李娜.pdf："),
        ("by_name", [], "请选择要上传的文件"),
        ("by_all", [(TINY_PDF, "名单.pdf")], "请勾选文件归哪些人"),
        ("", [(TINY_PDF, "王伟.pdf")], "请选择文件归谁"),
    ],
)
def test_what_cannot_be_kept_keeps_nothing(
    app: Flask, make: Make, sign_in: SignIn, pair: Pair, shared: str, files: list[tuple[bytes, str]], told: str
) -> None:
    own = sign_in(make.user_of(pair[0]))
    status, page = hand_in(own, pair[0].version, shared, *files)
    assert status == 422
    assert told in page
    assert proofs(app) == []


def test_nobody_elses_staff_can_be_ticked(app: Flask, make: Make, sign_in: SignIn, pair: Pair) -> None:
    stranger = make.agency()
    make.staff_member(stranger)
    own = sign_in(make.user_of(stranger))
    status, _ = hand_in(own, stranger.version, "by_all", (TINY_PDF, "名单.pdf"), members=(pair[1].id,))
    assert status == 422
    assert proofs(app) == []


def test_before_there_is_staff_the_page_leads_to_it(make: Make, sign_in: SignIn) -> None:
    page = sign_in(make.user_of(make.agency())).get("/agency/staff/proofs").text
    assert "还没有录入人员" in page


def test_files_are_judged_before_anything_is_locked(app: Flask, make: Make) -> None:
    """Judging a stack of scans takes many seconds: nobody else could sign in or save meanwhile."""
    agency, begun = make.agency(), []
    user = make.user_of(agency)
    cut_off = [UploadEntry("执照.pdf", TINY_PDF[:-9])]

    def note(connection: Connection) -> None:
        begun.append(connection.get_execution_options().get("write"))

    with app.app_context():
        event.listen(db.engine, "begin", note)
        try:
            with pytest.raises(DocumentRefused):
                materials.add(agency.id, MaterialKind.LICENCE, None, cut_off, version=agency.version, by=user)
        finally:
            event.remove(db.engine, "begin", note)
    assert True not in begun
