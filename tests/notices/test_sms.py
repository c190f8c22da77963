"""Urgent events by short message: to the contact's mobile, through whatever gateway is chosen, once."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from agency.models import Agency
from app import create_app
from core import clock
from core.db import db, transaction
from core.refs import Ref
from core.settings import Misconfigured, Settings
from notices import outbox, sms
from notices.mailing import expanding, sending
from notices.models import Mail, MailKind, MailState
from notices.outbox import Audience
from tests.conftest import settings_for
from tests.factories import Make


class Gateway:
    """Takes what it is handed, unless it is told to fail."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.failure: Exception | None = None

    def send(self, number: str, text: str) -> None:
        if self.failure:
            raise self.failure
        self.taken.append((number, text))


@pytest.fixture
def gateway(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    one, before = Gateway(), app.extensions["settings"]
    monkeypatch.setattr(sms, "GATEWAYS", {"log": sms.LoggingGateway, "one": lambda: one})
    app.extensions["settings"] = replace(before, sms_gateway="one")
    yield one
    app.extensions["settings"] = before


def tell(app: Flask, agency_id: int, event: str, phone: str = "138 0431 0002") -> None:
    with app.app_context(), transaction() as session:
        agency = session.get_one(Agency, agency_id)
        agency.contact_phone = phone
        outbox.post(session, event, to=Audience.agency(agency_id), about=Ref("filing", 1, "某件备案"))


def pulse(app: Flask, later: timedelta = timedelta()) -> int:
    with app.app_context(), clock.frozen(clock.now() + later):
        expanding.make_mails()
        return sending.send_texts()


def states(app: Flask) -> list[MailState]:
    with app.app_context():
        return list(db.session.scalars(select(Mail.state).where(Mail.kind == MailKind.SMS).order_by(Mail.id)))


def test_an_urgent_event_is_texted_once_and_others_are_not(app: Flask, make: Make, gateway: Gateway) -> None:
    agency = make.agency()
    tell(app, agency.id, "filing_returned")
    tell(app, agency.id, "filing_taken")
    assert pulse(app) == 1
    assert pulse(app, timedelta(days=1)) == 0
    assert gateway.taken == [("13804310002", "【绿色制造评价】某件备案 被退回补正，请按清单修改后重新提交")]
    with app.app_context():
        row = db.session.scalars(select(Mail).where(Mail.kind == MailKind.SMS)).one()
        assert (row.masked, row.state) == ("138****0002", MailState.SENT)


def test_a_line_that_takes_no_messages_gets_none(app: Flask, make: Make, gateway: Gateway) -> None:
    for phone in ("0431-88880000", "400-800-1234", ""):
        tell(app, make.agency().id, "filing_returned", phone)
    assert pulse(app) == 0
    assert states(app) == []


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (sms.NotNow("busy"), MailState.WAITING),
        (sms.Refused("no such number"), MailState.FAILED),
        (RuntimeError("13804310002"), MailState.UNCERTAIN),
    ],
)
def test_only_what_was_not_taken_is_tried_again(
    app: Flask, make: Make, gateway: Gateway, failure: Exception, state: MailState
) -> None:
    gateway.failure = failure
    tell(app, make.agency().id, "filing_returned")
    assert pulse(app) == 0
    assert states(app) == [state]
    gateway.failure = None
    pulse(app, timedelta(hours=1))
    assert len(gateway.taken) == (1 if state is MailState.WAITING else 0)
    with app.app_context():
        assert "13804310002" not in (db.session.scalars(select(Mail.error)).first() or "")


def test_without_a_gateway_nothing_is_made(app: Flask, make: Make) -> None:
    before: Settings = app.extensions["settings"]
    app.extensions["settings"] = replace(before, sms_gateway="")
    tell(app, make.agency().id, "filing_returned")
    pulse(app)
    app.extensions["settings"] = before
    assert states(app) == []


def test_the_log_has_no_number_and_no_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    sms.gateway("log").send("13804310002", "某件备案被退回")
    assert "138****0002" in caplog.text
    assert "13804310002" not in caplog.text
    assert "备案" not in caplog.text


def test_a_gateway_that_is_not_there_is_refused_at_the_start(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Misconfigured, match="SMS_GATEWAY"):
        create_app(replace(settings_for(tmp_path, f"sqlite:///{tmp_path}/x"), sms_gateway="pigeon"))
