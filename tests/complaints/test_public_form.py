"""The public form: what comes in, what stays on the page, what is refused."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from applicants.models import ListLevel
from complaints import parties, receipts
from complaints.entries import ComplaintEntry
from complaints.models import Complaint, KeptUpload, Matter, Reporter, ReporterKind, Target
from complaints.proofs import address_key
from complaints.services import receiving
from complaints.services.receiving import AGAIN
from core import clock
from core.audit import AuditEntry
from core.db import db
from notices.mailing import sending
from notices.models import Mail, MailKind, Notice
from tests.complaints import filling
from tests.complaints.filling import opened, post, receipt_of
from tests.factories import Make
from tests.uploads import blank_pdf, encrypted_pdf, photograph, png_bomb, zip_of

ENTRY = ComplaintEntry(
    kind=ReporterKind.PERSON,
    name="辛实名",
    phone="13804310001",
    target=Target.UNKNOWN,
    target_name="某某环境咨询有限公司",
    matters=(Matter.FALSE_REPORT,),
    facts="报告里的能耗数据与电费单不符。",
)


def only(app: Flask) -> Complaint:
    with app.app_context():
        row = db.session.scalars(select(Complaint)).one()
        db.session.refresh(row, ["files", "steps"])
        db.session.expunge_all()
        return row


def test_a_report_without_evidence_is_received_with_number_and_secret(client: FlaskClient, app: Flask) -> None:
    number, secret = receipt_of(client, post(client, opened(client)))
    row = only(app)
    assert (row.number, row.target, row.bureau) == (number, Target.UNKNOWN, None)
    assert number == f"JB{clock.today().year}0001"
    assert "还没有；办理人会请您补充一次" in client.get("/complaints/receipt").text
    with app.app_context():
        assert row.secret == receipts.secret_key(secret)
        assert secret not in str(db.session.execute(select(Complaint.__table__)).all())


def test_the_same_form_sent_twice_is_one_complaint_with_one_receipt(client: FlaskClient, app: Flask) -> None:
    token = opened(client)
    first = receipt_of(client, post(client, token))
    assert receipt_of(client, post(client, token)) == first
    assert only(app).number == first[0]


def test_what_was_sent_long_ago_shows_no_secret_again(client: FlaskClient, make: Make) -> None:
    token = receipts.new_token()
    make.received(token=token, at=clock.now() - AGAIN - timedelta(seconds=1))
    answer = post(client, token)
    assert answer.status_code == 409
    assert "已经提交过" in answer.text


def test_the_secret_is_in_no_address_and_in_no_cookie_in_clear(client: FlaskClient) -> None:
    answer = post(client, opened(client))
    _, secret = receipt_of(client, answer)
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert secret not in answer.headers["Location"]
    with client.session_transaction() as session:
        assert secret not in str(dict(session))
        assert secret.replace("-", "") not in str(dict(session))


def test_the_receipt_is_gone_once_it_is_put_away(client: FlaskClient) -> None:
    receipt_of(client, post(client, opened(client)))
    client.post("/complaints/receipt/done")
    assert client.get("/complaints/receipt").headers["Location"] == "/complaints/follow"


def test_what_is_missing_is_told_at_once_and_what_was_typed_stays(client: FlaskClient, app: Flask) -> None:
    page = post(client, opened(client), name="", phone="", facts="只写了经过", consents=None)
    assert page.status_code == 422
    assert "只写了经过" in page.text
    for id_ in ("name", "phone", "consents"):
        assert f'href="#{id_}"' in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count(Complaint.id))) == 0


def test_the_log_names_no_place_that_a_report_came_from(client: FlaskClient, app: Flask) -> None:
    post(client, opened(client), place="198.51.100.77")
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "complaint")).one()
        assert (entry.origin, entry.actor_id, entry.reason) == ("public", None, None)
        assert "198.51.100.77" not in str(db.session.execute(select(AuditEntry.__table__)).all())


def test_whoever_is_signed_in_is_not_written_down(make: Make, sign_in, app: Flask) -> None:  # type: ignore[no-untyped-def]
    agency = make.filing("filed").agency
    client = sign_in(make.user_of(agency))
    assert "不会与您的账号关联" in client.get(filling.FORM).text
    post(client, opened(client))
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "complaint")).one()
        assert entry.actor_id is None


def test_the_notice_says_the_number_and_nothing_else(client: FlaskClient, app: Flask) -> None:
    post(client, opened(client), files=[(blank_pdf(1), "辛实名的合同.pdf")])
    with app.app_context():
        texts = db.session.scalars(select(Notice.text)).all()
    assert set(texts) == {f"收到举报 {only(app).number}，请指派办理人"}


# ── whom ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_is_looked_for_without_losing_what_was_typed(client: FlaskClient, make: Make, app: Flask) -> None:
    agency = make.filing("filed").agency
    token = opened(client)
    page = post(client, token, "find", target_name=agency.name[2:8], facts="写了一半", consents=None)
    assert page.status_code == 200
    assert agency.name in page.text
    assert "写了一半" in page.text
    post(client, token, target_name=agency.name[2:8], party=f"agency:{agency.id}")
    row = only(app)
    assert (row.target, row.agency_id) == (Target.AGENCY, agency.id)


def test_who_was_shown_some_to_choose_from_says_which_or_none(client: FlaskClient, make: Make, app: Flask) -> None:
    agency = make.filing("filed").agency
    token = opened(client)
    page = post(client, token, target_name=agency.name[2:8], offered="yes")
    assert page.status_code == 422
    assert "请选择要举报的是哪一个" in page.text
    assert f'value="agency:{agency.id}"' in page.text
    post(client, token, target_name=agency.name[2:8], offered="yes", party="none")
    assert only(app).agency_id is None


def test_a_name_written_to_the_letter_needs_no_choosing(client: FlaskClient, make: Make, app: Flask) -> None:
    agency = make.filing("filed").agency
    post(client, opened(client), target_name=agency.name)
    assert only(app).agency_id == agency.id


def test_who_is_not_public_can_be_neither_found_nor_chosen(client: FlaskClient, make: Make, app: Flask) -> None:
    agency, applicant = make.agency(), make.applicant()
    assert agency.name not in client.post("/complaints/parties", data={"target_name": agency.name}).text
    assert applicant.name not in client.post("/complaints/parties", data={"target_name": applicant.name}).text
    token = opened(client)
    post(client, token, party=f"agency:{agency.id}")
    assert only(app).agency_id is None


@pytest.mark.parametrize(("listed", "bureau"), [(ListLevel.MUNICIPAL, "changchun"), (ListLevel.PROVINCIAL, None)])
def test_a_listed_unit_goes_to_whoever_is_competent(
    client: FlaskClient, make: Make, app: Flask, listed: ListLevel, bureau: str | None
) -> None:
    unit = make.applicant(listed=listed)
    found = client.post("/complaints/parties", data={"target_name": unit.name[:6]}).text
    assert f'value="listed:{unit.id}"' in found
    post(client, opened(client), target_name=unit.name[:6], party=f"listed:{unit.id}")
    row = only(app)
    assert (row.target, row.applicant_id, row.bureau) == (Target.LISTED, unit.id, bureau)


def test_an_agencys_page_leads_to_the_form_with_its_name(client: FlaskClient, make: Make) -> None:
    agency = make.filing("filed").agency
    page = client.get(f"/register/{agency.credit_code}").text
    address = re.search(r'href="(/complaints/new\?[^"]+)"', page)
    assert address is not None
    form = client.get(address[1]).text
    assert f'value="{agency.name}"' in form
    assert f'value="agency:{agency.id}" checked' in form


def test_looking_up_parties_takes_a_fixed_number_of_queries(make: Make, context: None, count_queries) -> None:  # type: ignore[no-untyped-def]
    for _ in range(2):
        make.filing("filed")
        make.applicant(listed=ListLevel.NATIONAL)
    with count_queries() as few:
        parties.find(db.session(), "长春")
    for _ in range(3):
        make.applicant(listed=ListLevel.NATIONAL)
    db.session.rollback()
    with count_queries() as many:
        assert len(parties.find(db.session(), "长春")) > 3
    assert len(many) == len(few)


# ── mail ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def code_mailed(app: Flask) -> str:
    with app.app_context():
        mail = db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
        found = re.search(r"验证码是 (\d{6})", mail.text or "")
    assert found is not None
    return found[1]


def test_an_address_counts_once_its_code_is_entered(client: FlaskClient, app: Flask) -> None:
    token = opened(client)
    refused = post(client, token, phone="", email="reporter@example.org")
    assert refused.status_code == 422
    assert "邮箱还没有确认" in refused.text
    assert post(client, token, "code", email="reporter@example.org").status_code == 200
    wrong = post(client, token, phone="", email="reporter@example.org", code="000000")
    assert "还可以试 4 次" in wrong.text
    post(client, token, phone="", email="reporter@example.org", code=code_mailed(app))
    with app.app_context():
        reporter = db.session.get_one(Reporter, only(app).id)
        assert reporter.email == "reporter@example.org"
        assert reporter.email_key == address_key("REPORTER@example.org")
        assert reporter.email_confirmed_at is not None


def test_a_code_is_for_the_address_that_it_was_mailed_to(client: FlaskClient, app: Flask) -> None:
    token = opened(client)
    post(client, token, "code", email="reporter@example.org")
    page = post(client, token, phone="", email="somebody@example.org", code=code_mailed(app))
    assert page.status_code == 422
    assert "没有发往这个邮箱的验证码" in page.text


def test_a_reporters_address_is_in_no_outbox_and_goes_when_the_mail_has_gone(client: FlaskClient, app: Flask) -> None:
    post(client, opened(client), "code", email="reporter@telling-host.example.org")
    with app.app_context():
        mail = db.session.scalars(select(Mail)).one()
        assert (mail.kind, mail.masked) == (MailKind.VISITOR, "不显示")
        assert "telling-host" not in f"{mail.reader}{mail.subject}{mail.message_id}"
        db.session.rollback()
        sending.keep()  # no server: nothing will ever be sent
        db.session.expire_all()
        mail = db.session.scalars(select(Mail)).one()
        assert (mail.address, mail.text) == (None, None)


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_files_stay_with_the_form_while_the_rest_is_put_right(client: FlaskClient, app: Flask) -> None:
    token = opened(client)
    page = post(client, token, name="", files=[(blank_pdf(1), "合同.pdf"), (photograph((40, 30)), "现场.jpg")])
    assert page.status_code == 422
    assert "已收到 2 个文件" in page.text
    receipt_of(client, post(client, token))
    with app.app_context():
        row = db.session.scalars(select(Complaint)).one()
        assert [each.file.name for each in row.files] == ["合同.pdf", "现场.jpg"]
        assert db.session.scalar(select(func.count(KeptUpload.id))) == 0


def test_a_kept_file_can_be_removed_by_its_own_form_alone(client: FlaskClient, app: Flask) -> None:
    token, other = opened(client), opened(client)
    post(client, token, "keep", files=[(blank_pdf(1), "合同.pdf")])
    with app.app_context():
        upload = db.session.scalars(select(KeptUpload)).one()
    assert "合同.pdf" in post(client, token, "remove:999").text
    post(client, other, f"remove:{upload.id}")
    assert "合同.pdf" in post(client, token, "keep").text
    assert "合同.pdf" not in post(client, token, f"remove:{upload.id}").text
    assert not app.extensions["files"].exists(upload.digest)


HOSTILE = {
    "locked": encrypted_pdf(password=b"x"),
    "bomb": png_bomb(60_000, 60_000),
    "zip": zip_of("word/document.xml"),
    "program": b"MZ\x90\x00" + bytes(100),
    "page": b"<!doctype html><script>alert(1)</script>",
    "polyglot": b"<script>alert(1)</script>\n" + blank_pdf(1),
    "empty": b"",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_by_its_content_and_the_good_one_stays(client: FlaskClient, content: bytes) -> None:
    page = post(client, opened(client), files=[(content, "<b>证据</b>.pdf"), (blank_pdf(1), "合同.pdf")])
    assert page.status_code == 422
    assert "没有收下" in page.text
    assert "<b>证据" not in page.text
    assert "合同.pdf" in page.text


def test_two_hundred_files_are_refused_with_the_number_that_may_come(client: FlaskClient) -> None:
    page = post(client, opened(client), files=[(blank_pdf(1), f"{number}.pdf") for number in range(200)])
    assert page.status_code == 422
    assert "一共最多 20 个文件" in page.text


def test_the_twenty_first_file_is_refused_also_when_they_come_one_after_the_other(client: FlaskClient) -> None:
    token = opened(client)
    first = [(blank_pdf(1) + b"%% %d\n" % number, f"{number}.pdf") for number in range(20)]
    assert post(client, token, "keep", files=first).status_code == 200
    page = post(client, token, "keep", files=[(blank_pdf(2), "还有.pdf")])
    assert page.status_code == 422
    assert "一共最多 20 个文件" in page.text


# ── what people and programs type ─────────────────────────────────────────────────────────────────────────────────────

TEXTS = ("target_name", "facts", "happened", "name", "contact", "address", "relation")
SCRIPT = "<script>alert(1)</script>\u202e\x00\x07’; DROP TABLE"
TIDY = "&lt;script&gt;alert(1)&lt;/script&gt;’; DROP TABLE"


@pytest.mark.parametrize("field", [*TEXTS, "phone", "email", "code", "riddle_answer"])
def test_markup_and_control_characters_in_a_field_are_text_or_refused(
    client: FlaskClient, app: Flask, field: str
) -> None:
    answer = post(client, opened(client), **{field: SCRIPT})
    assert "<script>alert" not in answer.text
    if field in TEXTS:
        number, secret = receipt_of(client, answer)
        filling.enter(client, number, secret)
        page = client.get("/complaints/follow/complaint").text
        assert "<script>alert" not in page
        assert (TIDY in page) == (field in ("target_name", "facts", "happened"))
    else:
        assert answer.status_code in (303, 422)


@pytest.mark.parametrize("field", [*TEXTS, "phone", "email", "code"])
def test_a_megabyte_in_a_field_is_refused_politely(client: FlaskClient, app: Flask, field: str) -> None:
    answer = post(client, opened(client), **{field: "长" * 340_000})
    assert answer.status_code == 422
    assert "字以内" in answer.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "robot"),
        ("matters", ["false_report", "../../etc"]),
        ("party", "agency:99999999999999999999"),
        ("party", "case:1"),
        ("do", "remove:²"),
        ("do", "\x00"),
        ("riddle", "<b>"),
        ("token", "x"),
    ],
)
def test_values_that_no_page_offers_break_nothing(client: FlaskClient, field: str, value: object) -> None:
    token = opened(client)
    data = {"token": token, "do": "send", **filling.TYPED, field: value}
    assert client.post(filling.FORM, data=data).status_code in (200, 303, 422)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/complaints/new?agency=%00", 200),
        ("/complaints/riddle/%00.png", 404),
        ("/complaints/riddle/..%2f..%2fx.wav", 404),
        ("/complaints/follow/questions/99999999999999999999", 404),
    ],
)
def test_addresses_that_no_page_offers_break_nothing(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml"])
def test_another_content_type_is_an_empty_form(client: FlaskClient, kind: str) -> None:
    assert client.post(filling.FORM, data='{"facts": ["x"]}', content_type=kind).status_code == 422


def test_more_than_a_report_may_bring_is_cut_off(client: FlaskClient) -> None:
    answer = client.post(
        filling.FORM,
        data=b"x",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(10**9)},
    )
    assert answer.status_code == 413


# ── at once ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_form_sent_by_many_at_once_is_one_complaint(app: Flask, make: Make) -> None:
    token = receipts.new_token()

    def send(_: int) -> tuple[str, str]:
        with app.app_context():
            receipt = receiving.receive(ENTRY, token=token, address="192.0.2.7")
            db.session.remove()
            return receipt.number, receipt.secret

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(8)))) == 1
    assert only(app).number.endswith("0001")
