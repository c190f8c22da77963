"""The pages of an agreement with its marks, and agreements as they are uploaded: each role, each bad file."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from accounts.models import User
from agency.models import Agency
from core.db import db, transaction
from core.uploads import StoredFile
from evaluations import flagging
from evaluations.models import AgreementScreening, Evaluation, Party
from evaluations.rules.states import MarkStanding, ScreeningState, State
from home.demonstration.paper import typed_agreement
from tests import uploads
from tests.evaluations.reading.makers import docx, paragraph
from tests.evaluations.test_registering_pages import address, typed
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
BET = "甲方未列入公示名单的，乙方在三十日内退还已收取的全部评价费。"
TIED = "甲方同时委托乙方办理能源管理体系认证的，评价费按八折收取。"

pytestmark = pytest.mark.clause("JL-22-1b")


@pytest.fixture
def agency(make: Make) -> Agency:
    return make.filed_agency()


@pytest.fixture
def user(make: Make, agency: Agency) -> User:
    return make.user_of(agency)


def page_of(screening: AgreementScreening, act: str = "") -> str:
    return f"/evaluations/agreements/{screening.id}{act}"


def test_the_agency_sees_the_text_with_its_marks_and_what_it_can_do(make: Make, sign_in: SignIn, user: User) -> None:
    evaluation = make.marked("评价费用与名单结果无关。", BET, TIED)
    client, screening = sign_in(user), make.screening(evaluation)
    shown = client.get(f"/evaluations/{evaluation.id}").text
    assert "第 1 份协议有 2 处条款被标出" in shown
    assert "标出 2 处，待核" in shown
    assert "协议待核" in shown
    page = client.get(page_of(screening)).text
    for words in ("对赌协议", "认证服务搭售评价", "第2条", "触发词语", "第二十二条第一款", 'id="mark-2"', "更换协议"):
        assert words in page
    assert "<mark>" in page
    assert "评价费用与名单结果无关。" in page
    for never in ("确认", "不成立</button>", "删除"):
        assert f">{never}" not in page


def test_one_form_takes_what_it_says_to_one_mark_or_several(make: Make, sign_in: SignIn, user: User) -> None:
    evaluation = make.marked(BET, TIED)
    client, screening = sign_in(user), make.screening(evaluation)
    form = client.get(page_of(screening, "/dispute")).text
    assert form.count("<textarea") == 2
    nothing = client.post(page_of(screening, "/dispute"), data={"version": "1", "mark_1": " ", "mark_2": ""})
    assert nothing.status_code == 422
    assert "请至少对一处标记写明理由" in nothing.text
    answer = client.post(page_of(screening, "/dispute"), data={"version": "1", "mark_2": "可选服务，单独计价"})
    assert answer.location == page_of(screening)
    assert "可选服务，单独计价" in client.get(page_of(screening)).text
    assert [mark.standing for mark in make.screening(evaluation).marks] == [MarkStanding.OPEN, MarkStanding.DISPUTED]
    late = client.post(page_of(screening, "/dispute"), data={"version": "1", "mark_1": "晚到的说明"})
    assert late.status_code == 409
    assert "晚到的说明" in late.text
    long = client.post(page_of(screening, "/dispute"), data={"version": "2", "mark_1": "长" * 1001})
    assert long.status_code == 422


def test_a_partner_reads_and_only_the_leading_agency_acts(make: Make, sign_in: SignIn) -> None:
    evaluation, partner = make.marked(BET), make.filing("filed").agency
    with make.app.app_context(), transaction() as session:
        session.add(Party(evaluation_id=evaluation.id, agency_id=partner.id, leads=False))
    client, screening = sign_in(make.user_of(partner)), make.screening(evaluation)
    page = client.get(page_of(screening))
    assert page.status_code == 200
    assert "由牵头机构" in page.text
    assert "/dispute" not in page.text
    assert client.get(page_of(screening, "/dispute")).status_code == 403
    assert client.get(page_of(screening, "/progress")).status_code == 200


def test_other_agencies_do_not_find_it_and_others_have_no_such_page(make: Make, sign_in: SignIn) -> None:
    evaluation = make.marked(BET)
    screening = make.screening(evaluation)
    stranger = sign_in(make.user_of(make.filing("filed").agency))
    for act in ("", "/dispute", "/progress"):
        assert stranger.get(page_of(screening, act)).status_code == 404
    assert sign_in(make.officer("approver")).get(page_of(screening)).status_code == 403
    assert make.app.test_client().get(page_of(screening)).status_code == 302


def test_the_applicant_reads_its_agreement_without_what_is_held_against_it(make: Make, sign_in: SignIn) -> None:
    applicant = make.applicant()
    evaluation = make.marked(BET, applicant=applicant)
    client = sign_in(make.user_of_applicant(applicant))
    page = client.get(f"/applicant/evaluations/{evaluation.id}").text
    assert "评价协议" in page
    for kept in ("条款核查", "待核", "对赌"):
        assert kept not in page
    assert client.get(page_of(make.screening(evaluation))).status_code == 403


def test_one_who_waits_sees_how_far_it_is_with_and_without_scripts(make: Make, sign_in: SignIn, user: User) -> None:
    evaluation = make.evaluation()
    screening = make.screening(evaluation)
    with make.app.app_context(), transaction() as session:
        row = session.get_one(AgreementScreening, screening.id)
        row.state, row.token, row.finished_at = ScreeningState.RUNNING, "t", None
        row.pages, row.pages_done, row.content = 20, 3, None
    client = sign_in(user)
    for path in (f"/evaluations/{evaluation.id}", page_of(screening)):
        page = client.get(path).text
        assert "已读 3 页，共 20 页" in page
        assert 'max="20" value="3"' in page
        assert page_of(screening, "/progress") in page
        assert "progress.js" in page
        assert ">刷新<" in page
    assert '<noscript><meta http-equiv="refresh"' in client.get(page_of(screening)).text
    told = client.get(page_of(screening, "/progress")).json
    assert told == {"finished": False, "done": 3, "of": 20, "words": "已读 3 页，共 20 页"}


def test_an_unreadable_one_says_why_and_what_to_do(make: Make, sign_in: SignIn, user: User) -> None:
    evaluation = make.unreadable(State.REPORT_ISSUED)
    client = sign_in(user)
    page = client.get(page_of(make.screening(evaluation))).text
    assert "这个文件里没有文字" in page
    assert "更换协议" in page
    refused = client.post(f"/evaluations/{evaluation.id}/hand-over", data={"version": evaluation.version})
    assert refused.status_code == 422
    assert "尚未核查" in refused.text
    assert "人工阅看后方可办理" in refused.text


def test_a_word_document_is_shown_as_its_text_and_saved_as_it_came(
    make: Make, sign_in: SignIn, user: User, agency: Agency
) -> None:
    applicant, client = make.applicant(), sign_in(user)
    content = typed_agreement("评价协议", ["第一条　评价费用一次付清。", f"第二条　{BET}"])
    sent = typed(make.entry(applicant=applicant), agreement=(BytesIO(content), "协议.docx"))
    location = client.post(address(applicant), data=sent).location
    with make.app.app_context():
        file = db.session.scalars(select(StoredFile).order_by(StoredFile.id.desc())).first()
        assert file is not None
        assert (file.kind.value, file.name) == ("docx", "协议.docx")
        file_id = file.id
    for who, side in (
        (client, location),
        (sign_in(make.officer("approver")), location.replace("/evaluations", "/desk/evaluations")),
        (sign_in(make.user_of_applicant(applicant)), location.replace("/evaluations", "/applicant/evaluations")),
    ):
        page = who.get(f"{side}/files/{file_id}")
        assert page.status_code == 200, side
        assert BET in page.text
        assert "<mark>" not in page.text
        assert who.get(f"{side}/files/{file_id}/pages/1").status_code == 404
        saved = who.get(f"{side}/files/{file_id}/download")
        assert saved.data == content
        assert "attachment" in saved.headers["Content-Disposition"]


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream.encode("utf-16-le")


def bomb() -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w>" + b" " * 60_000_000)
    return written.getvalue()


def outside() -> bytes:
    entity = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    return docx(paragraph("&x;"), prologue=entity)


WHOLE = typed_agreement("评价协议", ["第一条　评价费用一次付清。"])
BAD: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty": (lambda: b"", "协议.pdf", "是空的"),
    "old word": (lambda: ole("WordDocument"), "协议.doc", "另存为 .docx"),
    "wps": (lambda: ole("WordDocument"), "协议.wps", "另存为 .docx"),
    "encrypted word": (lambda: ole("EncryptedPackage"), "协议.docx", "打开密码"),
    "encrypted pdf": (lambda: uploads.encrypted_pdf(password=b"secret"), "协议.pdf", "打开密码"),
    "program": (lambda: b"MZ\x90\0" * 200, "协议.docx", "Windows 程序"),
    "cut word": (lambda: WHOLE[: len(WHOLE) // 2], "协议.docx", "已损坏"),
    "cut pdf": (lambda: uploads.blank_pdf(3)[:-200], "协议.pdf", "已损坏"),
    "zip called word": (lambda: uploads.zip_of("a.txt"), "协议.docx", "内容却不是"),
    "text called pdf": (lambda: "评价协议".encode(), "协议.pdf", "不能作为协议读取"),
    "spreadsheet": (lambda: uploads.zip_of("xl/workbook.xml"), "协议.xlsx", "Excel"),
    "bomb": (bomb, "协议.docx", "解压后过大"),
    "external entity": (outside, "协议.docx", "不允许的引用"),
    "2000 pages": (lambda: uploads.blank_pdf(2000), "协议.pdf", "300 页的上限"),
    "huge picture": (lambda: uploads.png_bomb(20_000, 20_000), "协议.png", "像素的上限"),
    "cut picture": (lambda: uploads.photograph((400, 300))[:-900], "协议.jpg", "已损坏"),
    "no words": (lambda: docx(), "协议.docx", "没有文字"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_document_is_refused_with_one_sentence_and_not_kept(
    make: Make, sign_in: SignIn, user: User, case: str
) -> None:
    made, name, told = BAD[case]
    applicant, client = make.applicant(), sign_in(user)
    with make.app.app_context():
        before = len(db.session.scalars(select(StoredFile.id)).all())
    sent = typed(make.entry(applicant=applicant), agreement=(BytesIO(made()), name))
    answer = client.post(address(applicant), data=sent)
    assert answer.status_code == 422
    (message,) = [line for line in answer.text.splitlines() if "错误：" in line]
    assert told in message
    assert message.count("。") == 1
    with make.app.app_context():
        assert len(db.session.scalars(select(StoredFile.id)).all()) == before
        assert not db.session.scalars(select(AgreementScreening.id)).all()


@pytest.mark.parametrize("stage", ["sqlite"], indirect=True)  # recognition takes its time
def test_a_picture_is_kept_and_what_cannot_be_read_of_it_is_said(make: Make, sign_in: SignIn, user: User) -> None:
    applicant, client = make.applicant(), sign_in(user)
    out = BytesIO()
    Image.new("RGB", (300, 400), "white").save(out, "PNG")
    sent = typed(make.entry(applicant=applicant), agreement=(BytesIO(out.getvalue()), "协议.png"))
    assert client.post(address(applicant), data=sent).status_code == 302
    with make.app.app_context():
        screening = db.session.scalars(select(AgreementScreening)).one()
        assert (screening.state, screening.by_eye) == (ScreeningState.UNREADABLE, True)
        assert screening.refusal


def test_a_page_asks_as_many_queries_for_many_versions_as_for_one(
    make: Make, sign_in: SignIn, user: User, count_queries: Callable[[], Any]
) -> None:
    evaluation = make.marked(BET)
    client, screening = sign_in(user), make.screening(evaluation)
    client.get(page_of(screening))
    with count_queries() as few:
        client.get(page_of(screening))
    with make.app.app_context():
        version = db.session.get_one(Evaluation, evaluation.id).version
    for number in range(2):
        sent = {
            "version": version + number,
            "amount_fen": "1",
            "reason": "换",
            "agreement": (BytesIO(WHOLE), "新.docx"),
        }
        assert client.post(f"/evaluations/{evaluation.id}/agreements/new", data=sent).status_code == 302
    with count_queries() as many:
        page = client.get(page_of(screening))
    assert "第 3 份" in page.text
    assert len(many) == len(few)


def test_several_agreements_that_wait_are_told_once(make: Make, sign_in: SignIn, user: User) -> None:
    evaluation = make.replaced(make.marked(BET))
    make.marked(TIED, evaluation=evaluation)
    shown = sign_in(user).get(f"/evaluations/{evaluation.id}").text
    assert shown.count("主管部门核定前不能提交报告") == 1
    assert "第 2 份协议有 1 处条款被标出" in shown
    assert "另有 1 份协议也待核" in shown


def test_who_is_blocked_reads_why_before_what_is_next(make: Make, sign_in: SignIn, user: User) -> None:
    evaluation = make.marked(BET)
    with make.app.app_context(), transaction() as session:
        flagging.block(session, session.get_one(Evaluation, evaluation.id), reason="余款取决于名单", by=None)
    shown = sign_in(user).get(f"/evaluations/{evaluation.id}").text
    assert 0 < shown.index("评价已中止") < shown.index("登记首次现场评价")
    assert "理由：余款取决于名单" in shown
