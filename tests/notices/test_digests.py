"""The officers' mail of the morning."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import User
from core.db import db, transaction
from core.refs import Ref
from notices import outbox
from notices.mailing import digests, expanding
from notices.models import Mail, MailKind
from notices.outbox import Audience
from tests.factories import Make
from tests.notices.conftest import GiveAddress

WEDNESDAY, SATURDAY, MADE_UP = date(2025, 12, 10), date(2025, 12, 13), date(2025, 9, 28)
HOLIDAY = date(2025, 10, 1)


def mails(app: Flask) -> list[Mail]:
    with app.app_context():
        found = list(db.session.scalars(select(Mail).order_by(Mail.id)))
        db.session.expunge_all()
        return found


def told(app: Flask, label: str, to: Audience, event: str = "filing_submitted", about: int = 7) -> None:
    with app.app_context(), transaction() as session:
        outbox.post(session, event, to=to, about=Ref("filing", about, label))


def morning(app: Flask, on: date = WEDNESDAY) -> str:
    with app.app_context():
        expanding.make_mails()
        return digests.send_digests(on)


@pytest.fixture
def officer(make: Make, give_address: GiveAddress) -> User:
    return give_address(make.officer("reviewer"), "officer@example.com")


def test_an_officer_gets_one_mail_a_day_with_what_is_unread(app: Flask, officer: User) -> None:
    for number in range(12):
        told(app, f"第{number:02d}件", Audience.role("reviewer"), about=number)
    told(app, "某机构", Audience.role("reviewer"), event="conditions_lost", about=99)
    assert "1 人" in morning(app)
    assert "0 人" in morning(app)  # again, after a break or by hand
    [mail] = mails(app)
    assert (mail.kind, mail.day) == (MailKind.DIGEST, WEDNESDAY)
    assert mail.subject == "12月10日工作汇总：未读消息 13 条"
    assert mail.text is not None
    assert "【备案】12 条" in mail.text
    assert "另有 2 条" in mail.text
    assert "某机构 不再符合第二十条的备案条件" in mail.text
    morning(app, date(2025, 12, 11))
    assert [mail.day for mail in mails(app)] == [WEDNESDAY, date(2025, 12, 11)]


def test_what_waits_stands_first(app: Flask, make: Make, officer: User) -> None:
    make.filing("submitted")
    morning(app)
    [mail] = mails(app)
    assert mail.subject == "12月10日工作汇总：待办 1 件，未读消息 1 条"
    assert mail.text is not None
    assert mail.text.index("待办：1 件  http://localhost/") < mail.text.index("【备案】1 条")


def test_nothing_is_mailed_where_nothing_waits(app: Flask, officer: User) -> None:
    assert "0 人" in morning(app)
    assert mails(app) == []


@pytest.mark.parametrize(("on", "sent"), [(SATURDAY, 0), (HOLIDAY, 0), (MADE_UP, 1)])
def test_only_on_working_days(app: Flask, officer: User, on: date, sent: int) -> None:
    told(app, "某件", Audience.role("reviewer"))
    morning(app, on)
    assert len(mails(app)) == sent


def test_who_wants_no_mail_or_has_no_address_or_is_no_officer_gets_none(
    app: Flask, make: Make, give_address: GiveAddress, officer: User
) -> None:
    make.officer("reviewer")
    gone, outside = give_address(make.officer("reviewer"), "gone@example.com"), make.user_of(make.agency())
    give_address(outside, "outside@example.com")
    with app.app_context(), transaction() as session:
        session.get_one(User, officer.id).mail_off = True
        session.get_one(User, gone.id).active = False
    told(app, "某件", Audience.role("reviewer"))
    morning(app)
    assert mails(app) == []
