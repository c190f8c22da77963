"""发件箱: what became of each mail, for whom it is, and sending one again."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from core.refs import Ref
from core.settings import PRODUCTION, Settings
from notices import outbox
from notices.mailing import expanding, forgetting, sending
from notices.models import Mail, MailKind, MailState
from notices.outbox import Audience
from tests.factories import Make
from tests.notices.conftest import GiveAddress
from tests.notices.mail_server import Inbox

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def production(app: Flask) -> Iterator[None]:
    before: Settings = app.extensions["settings"]
    app.extensions["settings"] = replace(before, mode=PRODUCTION)
    yield
    app.extensions["settings"] = before


@pytest.fixture
def mail_id(app: Flask, make: Make, give_address: GiveAddress) -> int:
    """A mail that is kept, for want of a server."""
    user = give_address(make.user_of(make.agency()), "reader@example.com")
    with app.app_context():
        with transaction() as session:
            to = Audience.agency(user.agency_id or 0)
            outbox.post(session, "filing_approved", to=to, about=Ref("filing", 1, "某件备案"))
        expanding.make_mails()
        sending.send_waiting()
        return db.session.scalars(select(Mail.id)).one()


def test_the_admin_sees_state_and_reader_masked_and_no_words(
    mail_id: int, production: None, make: Make, sign_in: SignIn
) -> None:
    admin = sign_in(make.officer("admin"))
    for path in ("/notices/outbox", f"/notices/outbox/{mail_id}"):
        page = admin.get(path).text
        assert "r***@example.com" in page
        assert "reader@example.com" not in page
        assert "留存未发" in page
        assert "某件备案 已准予备案" in page
        assert "个人设置”中关闭邮件" not in page


def test_only_the_demonstration_shows_the_words_and_to_the_desks(
    app: Flask, mail_id: int, make: Make, sign_in: SignIn
) -> None:
    reviewer = sign_in(make.officer("reviewer"))
    assert "个人设置”中关闭邮件" in reviewer.get(f"/notices/outbox/{mail_id}").text
    before: Settings = app.extensions["settings"]
    app.extensions["settings"] = replace(before, mode=PRODUCTION)
    assert reviewer.get(f"/notices/outbox/{mail_id}").status_code == 403
    app.extensions["settings"] = before


def test_without_a_server_nothing_is_offered_to_be_sent_again(
    app: Flask, mail_id: int, make: Make, sign_in: SignIn
) -> None:
    admin = sign_in(make.officer("admin"))
    page = admin.get(f"/notices/outbox/{mail_id}").text
    assert "没有接通邮件服务器，暂时不能再次发送" in page
    assert "send-again" not in page
    assert admin.post(f"/notices/outbox/{mail_id}/send-again", data={"version": "1"}).status_code == 422
    with app.app_context():
        assert db.session.get_one(Mail, mail_id).state is MailState.KEPT


def test_what_is_kept_or_failed_is_sent_again_by_the_admin_once(
    app: Flask, mail_id: int, make: Make, sign_in: SignIn, inbox: Inbox
) -> None:
    admin = sign_in(make.officer("admin"))
    assert "再次发送" in admin.get(f"/notices/outbox/{mail_id}").text
    path = f"/notices/outbox/{mail_id}/send-again"
    assert admin.post(path, data={"version": "9"}).status_code == 409
    assert admin.post(path, data={"version": "1"}).status_code == 302
    assert admin.post(path, data={"version": "1"}).status_code == 409  # the double click
    with app.app_context():
        assert db.session.get_one(Mail, mail_id).state is MailState.WAITING


def test_the_list_is_filtered_in_a_fixed_number_of_queries(
    app: Flask,
    mail_id: int,
    make: Make,
    sign_in: SignIn,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    admin = sign_in(make.officer("admin"))
    with count_queries() as few:
        admin.get("/notices/outbox")
    with app.app_context(), transaction() as session:
        row = session.get_one(Mail, mail_id)
        same = {name: getattr(row, name) for name in ("masked", "subject", "made_at", "due_at")}
        for number in range(30):
            session.add(
                Mail(
                    kind=MailKind.NOTICE,
                    reader=f"user:{number}",
                    message_id=f"<{number}>",
                    state=MailState.FAILED if number else MailState.UNCERTAIN,
                    **same,
                )
            )
    with count_queries() as many:
        page = admin.get("/notices/outbox").text
    assert len(many) == len(few)
    assert "29 封未送达" in page
    assert "1 封是否送达不明" in page
    assert "留存未发</span>" not in admin.get("/notices/outbox?state=failed").text
    assert "没有符合条件" in admin.get("/notices/outbox?kind=sms").text
    assert admin.get("/notices/outbox?state=nonsense&kind=%00&cursor=x").status_code == 200


def test_what_was_sent_long_ago_loses_address_and_text_and_is_not_made_again(
    app: Flask, mail_id: int, make: Make, sign_in: SignIn
) -> None:
    with app.app_context():
        on = clock.today() + timedelta(days=forgetting.KEPT_DAYS)
        forgetting.forget(on)
        assert db.session.get_one(Mail, mail_id).text is not None
        db.session.rollback()
        assert "1 封" in forgetting.forget(on + timedelta(days=1))
        assert "0 封" in forgetting.forget(on + timedelta(days=1))
        db.session.expire_all()
        row = db.session.get_one(Mail, mail_id)
        assert (row.address, row.text, row.state) == (None, None, MailState.KEPT)
        db.session.rollback()
    admin = sign_in(make.officer("admin"))
    assert admin.get(f"/notices/outbox/{mail_id}").status_code == 200
    assert admin.post(f"/notices/outbox/{mail_id}/send-again", data={"version": "1"}).status_code == 422
