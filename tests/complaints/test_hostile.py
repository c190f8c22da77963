"""What attackers type and send, in every field that a reporter has: nothing breaks, all is bounded."""

import re
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from accounts.models import User
from complaints.models import Complaint, State
from complaints.services import assigning
from core import clock
from core.db import db
from notices.mailing import message
from notices.models import Mail
from tests.complaints import filling
from tests.complaints.filling import enter, opened, post, receipt_of
from tests.complaints.test_following import asked, set_back
from tests.factories import Make
from tests.uploads import CATALOGUE, blank_pdf, page, page_tree, pdf, photograph, stream

SignIn = Callable[[User], FlaskClient]
MARK = "qzx"
PAYLOADS = {
    "script": f"{MARK}</textarea><script>alert(1)</script>",
    "handler": f'{MARK}" autofocus onfocus="alert(1)',
    "template": f"{MARK}{{{{7*7}}}}{{% raise %}}${{7*7}}#{{7*7}}",
    "sql": f"{MARK}'); DROP TABLE complaint; --",
    "null": f"{MARK}\x00\x1b[2J\x08",
    "bidi": f"{MARK}\u202e\u2066\ufeff\u200b",
    "combining": f"{MARK}" + "\u0301" * 40,
    "lines": f"{MARK}\r\nBcc: victim@example.org\r\n\r\n<b>x</b>",
    "formula": f'=cmd|"/c calc"!A1{MARK}',
    "surrogate": f"{MARK}\U000f0000\ud83d",
    "percent": f"{MARK}%s%n%(x)s%00../../etc/passwd",
}
LIVE = ("<script>alert", 'onfocus="alert', "<b>x</b>", "\u202e", "\x00")
TEXTS = ("target_name", "facts", "happened", "name", "contact", "address", "relation")
FIELDS = (
    *TEXTS, "phone", "email", "code", "party", "matters", "kind", "consents", "riddle", "riddle_answer", "token", "do",
)  # fmt: skip


def harmless(page: str) -> bool:
    return not any(each in page for each in LIVE) and f"{MARK}49" not in page


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_field_of_the_form_breaks_or_runs(client: FlaskClient, payload: str) -> None:
    for number, field in enumerate(FIELDS):
        data = {"token": opened(client), "do": "send", **filling.TYPED, field: typed(payload)}
        answer = filling.closed(client.post(filling.FORM, data=data, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}))
        assert answer.status_code in (200, 303, 422), field
        assert harmless(answer.text), field


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_what_was_typed_is_text_wherever_it_is_shown(
    app: Flask, make: Make, client: FlaskClient, sign_in: SignIn, payload: str
) -> None:
    payload = typed(payload)
    answer = post(client, opened(client), **dict.fromkeys(TEXTS, payload), files=[(blank_pdf(1), f"{payload}.pdf")])
    number, secret = receipt_of(client, answer)
    enter(client, number, secret)
    complaint = only(app)
    desk, url = sign_in(held(app, complaint)), f"/desk/complaints/{complaint.id}"
    assert desk.post(f"{url}/ask", data={"version": version(app), "text": payload}).status_code == 302
    for path in ("questions/1", "add", "withdraw"):
        file = (BytesIO(blank_pdf(1) + path.encode()), f"{payload}.pdf")
        answer = filling.closed(client.post(f"/complaints/follow/{path}", data={"text": payload, "files": file}))
        assert answer.status_code == 303, path
    pages = [client.get("/complaints/follow/complaint")]
    pages += [desk.get(url), desk.get("/desk/complaints"), desk.post(f"{url}/reporter", data={"purpose": "call"})]
    for shown in pages:
        assert shown.status_code == 200
        assert MARK in shown.text
        assert harmless(shown.text)
    book = load_workbook(BytesIO(desk.get("/desk/complaints/export.xlsx").data))
    cells = [cell for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert not any(cell.data_type == "f" or MARK in str(cell.value) for cell in cells)


@pytest.mark.parametrize("address", [
    "a@example.org\r\nBcc: victim@example.org", "a@example.org,victim@example.org", "<a@example.org>", "a@example.org ",
    "=?utf-8?b?YQ==?=@example.org", "a@example.org\x00", "a\u202e@example.org",
])  # fmt: skip
def test_an_address_writes_to_one_mailbox_or_to_none(client: FlaskClient, app: Flask, address: str) -> None:
    post(client, opened(client), "code", email=address)
    with app.app_context():
        for mail in db.session.scalars(select(Mail)):
            assert (mail.address or "").strip() == mail.address
            heads = message.on_the_wire(mail, "desk@example.org").partition(b"\r\n\r\n")[0].decode().split("\r\n")
            assert not any(head.lower().startswith(("bcc", "cc")) for head in heads)
            assert [head for head in heads if head.startswith("To:")] == [f"To: {mail.address}"]
            assert "victim" not in (mail.address or "")


@pytest.mark.parametrize("path", ["add", "question", "withdraw", "review"])
def test_a_megabyte_is_refused_on_every_page_of_the_reporter(
    app: Flask, make: Make, client: FlaskClient, path: str
) -> None:
    complaint = make.complaint()
    enter(client, complaint.number, make.secret_of(complaint))
    if path == "question":
        path = f"questions/{asked(app, make, complaint)}"
    if path == "review":
        set_back(app, complaint, state=State.REPLIED, replied_at=clock.now(), reply="不属实。")
    answer = filling.closed(client.post(f"/complaints/follow/{path}", data={"text": "长" * 340_000}))
    assert answer.status_code == 422
    assert "字以内" in answer.text


def test_number_and_secret_of_any_length_and_kind_are_only_wrong(client: FlaskClient) -> None:
    for place, payload in enumerate((*PAYLOADS.values(), "J" * 10**6, "１２３", "JB²")):
        answer = enter(client, typed(payload), typed(payload), f"192.0.2.{place}")
        assert answer.status_code == 422
        assert harmless(answer.text)


def bomb() -> bytes:
    """A page whose drawing is half a gigabyte of blanks once it is unpacked."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 2**20) for _ in range(512)) + packer.flush()
    return pdf(CATALOGUE, page_tree(1), page(extra=b"/Contents 4 0 R"), stream(packed, b"/Filter/FlateDecode"))


FILES = {
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "现场.jpg", False),
    "html": (b"<html><script>alert(1)</script></html>", "现场.png", False),
    "jpeg with html": (photograph((40, 30)) + b"<script>alert(1)</script>", "a.html", True),
    "bomb": (bomb(), "合同.pdf", True),
    "name": (blank_pdf(1), "../../../etc/X: y\u202efdp.exe", True),
}


@pytest.mark.parametrize(("content", "name", "taken"), FILES.values(), ids=FILES)
@pytest.mark.parametrize("where", ["form", "add"])
def test_a_file_is_what_its_content_is_and_leaves_as_nothing_else(
    app: Flask, make: Make, client: FlaskClient, sign_in: SignIn, content: bytes, name: str, taken: bool, where: str
) -> None:
    if where == "form":
        answer = post(client, opened(client), files=[(content, name)])
        assert (answer.status_code == 303) is taken
    else:
        complaint = make.complaint()
        enter(client, complaint.number, make.secret_of(complaint))
        answer = filling.closed(
            client.post("/complaints/follow/add", data={"text": "见附件", "files": (BytesIO(content), name)})
        )
        assert (answer.status_code == 303) is taken
    if not taken:
        assert "没有收下" in answer.text
        return
    complaint = only(app)
    desk, url = sign_in(held(app, complaint)), f"/desk/complaints/{complaint.id}"
    assert desk.get(url).status_code == 200
    file_id = complaint.files[0].id
    saved = desk.get(f"{url}/files/{file_id}")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.mimetype in ("application/pdf", "image/jpeg")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert not set("\r\n\u202e/") & set(saved.headers["Content-Disposition"])
    picture = desk.get(f"{url}/files/{file_id}/1")  # made anew from what is seen, or not at all
    assert b"<script>" not in picture.data
    assert picture.status_code < 500


@pytest.mark.parametrize("where", ["add", "question"])
def test_two_hundred_files_are_refused_also_later(app: Flask, make: Make, client: FlaskClient, where: str) -> None:
    complaint = make.complaint()
    enter(client, complaint.number, make.secret_of(complaint))
    path = "add" if where == "add" else f"questions/{asked(app, make, complaint)}"
    files = [(BytesIO(blank_pdf(1)), f"{number}.pdf") for number in range(200)]
    answer = filling.closed(client.post(f"/complaints/follow/{path}", data={"text": "见附件", "files": files}))
    assert answer.status_code == 422
    assert only(app).files == []


# ── number and secret ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_wrong_secret_looks_to_the_byte_like_an_unknown_number(app: Flask, make: Make) -> None:
    complaint = make.complaint()
    answers = []
    for place, (number, secret) in enumerate(
        [
            (complaint.number, "2" * 20),
            ("JB20269999", "2" * 20),
            ("JB20269999", make.secret_of(complaint)),
            (complaint.number, make.secret_of(complaint)[:-1]),
        ]
    ):
        answer = enter(app.test_client(), number, secret, f"198.51.100.{place}")
        said = re.sub(r'(name="(csrf_token|number)"[^>]*value=")[^"]*', r"\1", answer.text)
        heads = {name: value for name, value in answer.headers if name not in ("Date", "Set-Cookie", "Content-Length")}
        answers.append((answer.status_code, re.sub(r'value="[^"]*"', "", said), heads))
    assert all(each == answers[0] for each in answers)


def test_a_forged_cookie_opens_nothing(client: FlaskClient, make: Make) -> None:
    complaint = make.complaint()
    for key in ("1", str(complaint.id), complaint.number, "", "x" * 64, "\x00"):
        with client.session_transaction() as session:
            session.update(complaint_visit=key, complaint_visit_used=clock.now().timestamp())
        assert client.get("/complaints/follow/complaint").headers["Location"] == "/complaints/follow"
    client.set_cookie("session", "eyJjb21wbGFpbnRfdmlzaXQiOiIxIn0.aaaa.bbbb")  # not signed by us
    assert client.get("/complaints/follow/complaint").headers["Location"] == "/complaints/follow"


# ── what they share ───────────────────────────────────────────────────────────────────────────────────────────────────


def typed(payload: str) -> str:
    """As a browser would send it: what is no character is sent as a question mark."""
    return payload.encode("utf-8", "replace").decode()


def only(app: Flask) -> Complaint:
    with app.app_context():
        assert db.session.scalar(select(func.count(Complaint.id))) == 1
        row = db.session.scalars(select(Complaint)).one()
        db.session.refresh(row, ["files"])
        db.session.expunge_all()
        return row


def held(app: Flask, complaint: Complaint) -> User:
    """Its handler, who has declared no interest."""
    make = Make(app)
    officer, assigner = make.officer("reviewer"), make.officer("approver")
    with app.app_context():
        assigning.assign(complaint.id, officer.id, version=version(app), by=assigner)
        assigning.declare(complaint.id, version=version(app), by=officer)
    return officer


def version(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(Complaint.version)).one()
