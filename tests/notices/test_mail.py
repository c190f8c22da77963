"""From the commit of an act to the reader's mailbox: once, whatever the server does."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from accounts.models import User
from core import clock
from core.db import db, transaction
from core.refs import Ref
from notices import outbox
from notices.mailing import expanding, sending
from notices.models import Mail, MailServer, MailState, Notice
from notices.outbox import Audience
from notices.services import resending
from tests.factories import Make
from tests.notices import mail_server
from tests.notices.conftest import GiveAddress, Use
from tests.notices.mail_server import Inbox

ROOT = Path(__file__).parent.parent.parent
Tell = Callable[..., None]


@pytest.fixture
def tell(app: Flask) -> Tell:
    """Post a notice to an agency's people, committed."""

    def post(agency_id: int, label: str = "某件备案", event: str = "filing_taken") -> None:
        with app.app_context(), transaction() as session:
            outbox.post(session, event, to=Audience.agency(agency_id), about=Ref("filing", 7, label))

    return post


@pytest.fixture
def reader(make: Make, give_address: GiveAddress) -> User:
    """Of an agency, with an address."""
    return give_address(make.user_of(make.agency()), "reader@example.com")


def pulse(app: Flask, *, later: timedelta = timedelta()) -> int:
    with app.app_context(), clock.frozen(clock.now() + later):
        expanding.make_mails()
        return sending.send_waiting()


def mails(app: Flask) -> list[Mail]:
    with app.app_context():
        found = list(db.session.scalars(select(Mail).order_by(Mail.id)))
        db.session.expunge_all()
        return found


def states(app: Flask) -> list[MailState]:
    return [mail.state for mail in mails(app)]


def test_a_notice_is_mailed_once_with_its_link_and_the_way_out(
    app: Flask, inbox: Inbox, reader: User, tell: Tell
) -> None:
    tell(reader.agency_id, "长春某机构的备案")
    assert pulse(app) == 1
    assert pulse(app) == pulse(app, later=timedelta(days=3)) == 0
    [mail], [row] = inbox.taken, mails(app)
    assert mail["To"] == "reader@example.com"
    assert mail["Subject"] == "长春某机构的备案 已受理，进入审核"
    sender = str(make_header(decode_header(message_from_bytes(inbox.sources[0])["From"])))
    assert sender == "吉林省绿色制造第三方评价机构管理系统 <notices@example.gov.cn>"
    assert mail["Message-ID"] == row.message_id
    assert parsedate_to_datetime(mail["Date"]) == row.made_at.replace(microsecond=0)
    text = mail.get_content()
    assert f"http://localhost/notices/{row.notice_id}" in text
    assert "个人设置" in text
    assert (row.state, row.tries, row.error) == (MailState.SENT, 1, "")


def test_nothing_is_mailed_of_an_act_that_was_rolled_back(app: Flask, inbox: Inbox, reader: User) -> None:
    def fail() -> None:
        with transaction() as session:
            outbox.post(
                session, "filing_taken", to=Audience.agency(reader.agency_id or 0), about=Ref("filing", 7, "事")
            )
            session.flush()
            raise ZeroDivisionError

    with app.app_context(), pytest.raises(ZeroDivisionError):
        fail()
    assert pulse(app) == 0
    assert inbox.taken == []


def test_who_turned_mail_off_has_the_notice_and_no_mail(
    app: Flask, inbox: Inbox, make: Make, give_address: GiveAddress, tell: Tell
) -> None:
    agency = make.agency()
    off = give_address(make.user_of(agency), "off@example.com")
    on = give_address(make.account("agency", agency_id=agency.id), "on@example.com")
    with app.app_context(), transaction() as session:
        session.get_one(User, off.id).mail_off = True
    tell(agency.id)
    pulse(app)
    assert [mail["To"] for mail in inbox.taken] == ["on@example.com"]
    with app.app_context(), transaction() as session:
        session.get_one(User, on.id).mail_off = True
    tell(agency.id)
    pulse(app)
    assert len(inbox.taken) == 1  # nor the agency's contact: all of them want none
    with app.app_context():
        assert db.session.scalar(select(func.count(Notice.id))) == 2


def test_an_agency_without_addresses_is_written_to_at_its_contacts(
    app: Flask, inbox: Inbox, make: Make, tell: Tell
) -> None:
    agency = make.agency()
    make.user_of(agency)
    tell(agency.id)
    pulse(app)
    assert [mail["To"] for mail in inbox.taken] == [agency.contact_email]
    assert [mail.reader for mail in mails(app)] == [f"agency:{agency.id}"]


@pytest.mark.parametrize(
    "address", ["", "two@example.com,three@example.com", "a@example.com\r\nBcc: b@example.com", "名字@example.com"]
)
def test_a_contact_that_is_no_plain_address_is_not_written_to(
    app: Flask, inbox: Inbox, make: Make, tell: Tell, address: str
) -> None:
    agency = make.agency()
    make.user_of(agency)
    with app.app_context(), transaction() as session:
        session.get_one(type(agency), agency.id).contact_email = address
    tell(agency.id)
    pulse(app)
    assert not any("b@example.com" in source.decode() for source in inbox.sources)
    assert mails(app) == [] or address.startswith("a@")


@pytest.mark.parametrize(
    "label",
    [
        "甲\r\nBcc: victim@example.com",
        "甲\nSubject: 另一封",
        "甲\u2028Bcc: victim@example.com",
        "甲\0乙",
        "=?utf-8?q?x?=",
    ],
)
def test_a_label_cannot_break_out_of_the_subject(
    app: Flask, inbox: Inbox, reader: User, tell: Tell, label: str
) -> None:
    if "\0" in label and db_is_postgresql(app):
        return  # no such character is kept there
    tell(reader.agency_id, label)
    assert pulse(app) == 1
    [mail] = inbox.taken
    assert mail.get_all("Bcc") is None
    assert len(mail.get_all("Subject") or ()) == 1
    assert mail["To"] == "reader@example.com"
    head = inbox.sources[0].split(b"\r\n\r\n")[0]
    assert all(len(line) <= 998 and b"\n" not in line for line in head.split(b"\r\n"))


def db_is_postgresql(app: Flask) -> bool:
    return str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("postgresql")


@pytest.mark.parametrize("label", ["长" * 190, "a" * 190, "长a " * 60, "🌱" * 90])
def test_a_long_subject_is_cut_and_folded(app: Flask, inbox: Inbox, reader: User, tell: Tell, label: str) -> None:
    tell(reader.agency_id, label)
    assert pulse(app) == 1
    subject = str(inbox.taken[0]["Subject"])
    assert subject.startswith(label[:50].rstrip())
    assert len(subject) <= 120
    head = inbox.sources[0].split(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 200


def test_a_refused_reader_fails_with_the_reason_and_keeps_nobody_else_from_theirs(
    app: Flask, inbox: Inbox, make: Make, give_address: GiveAddress, tell: Tell
) -> None:
    agency = make.agency()
    for number in range(4):
        give_address(make.account("agency", agency_id=agency.id), f"reader{number}@example.com")
    inbox.refused = {
        "reader1@example.com": "550 5.1.1 <reader1@example.com> unknown",
        "reader2@example.com": "451 greylisted",
    }
    tell(agency.id)
    assert pulse(app) == 2
    assert states(app) == [MailState.SENT, MailState.FAILED, MailState.WAITING, MailState.SENT]
    error = mails(app)[1].error
    assert error.startswith("550")
    assert "reader1" not in error
    inbox.refused = {}
    assert pulse(app) == 0  # not at once
    assert pulse(app, later=timedelta(minutes=1)) == 1
    assert states(app) == [MailState.SENT, MailState.FAILED, MailState.SENT, MailState.SENT]
    assert set(inbox.times_taken().values()) == {1}


@pytest.mark.parametrize(("answer", "state"), [("554 no", MailState.FAILED), ("452 full", MailState.WAITING)])
def test_a_refusal_of_the_whole_mail_counts_like_one_of_the_reader(
    app: Flask, inbox: Inbox, reader: User, tell: Tell, answer: str, state: MailState
) -> None:
    inbox.answer = answer
    tell(reader.agency_id)
    assert pulse(app) == 0
    assert states(app) == [state]


def test_tries_become_rarer_and_end_some_day() -> None:
    waits = [sending.backoff(tries) for tries in range(1, sending.MOST_TRIES)]
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(waits) == timedelta(hours=1)
    assert timedelta(days=2) < sum(waits, timedelta()) < timedelta(days=5)


def test_no_mail_waits_for_a_clock_that_was_set_back(app: Flask, inbox: Inbox, reader: User, tell: Tell) -> None:
    """Made, tried in vain and given a next try while the clock stood a year ahead."""
    assert reader.agency_id is not None
    year = timedelta(days=366)
    with clock.frozen(clock.now() + year):
        tell(reader.agency_id)
        with app.app_context():
            expanding.make_mails()
            sending._note_failure("连接超时")
    assert (pulse(app), states(app)) == (1, [MailState.SENT])
    with app.app_context(), transaction() as session:  # claimed by a process that died while the clock stood ahead
        session.execute(update(Mail).values(state=MailState.SENDING, claimed_at=clock.now() + year))
    pulse(app)
    assert states(app) == [MailState.UNCERTAIN]


def test_after_many_temporary_refusals_it_fails(app: Flask, inbox: Inbox, reader: User, tell: Tell) -> None:
    inbox.answer = "451 later"
    tell(reader.agency_id)
    pulse(app)
    with app.app_context(), transaction() as session:
        session.scalars(select(Mail)).one().tries = sending.MOST_TRIES - 1
    pulse(app, later=timedelta(hours=2))
    assert states(app) == [MailState.FAILED]
    assert "451" in mails(app)[0].error


def test_a_server_that_is_down_costs_one_knock_and_no_mail(
    app: Flask, reader: User, tell: Tell, use_server: Use
) -> None:
    port = mail_server.free_port()
    use_server(mail_server.at(port))
    for _ in range(3):
        tell(reader.agency_id)
    assert pulse(app) == pulse(app) == 0
    with app.app_context():
        row = db.session.get_one(MailServer, 1)
        assert row.failures == 1  # the second round did not knock
        assert row.error
    assert [(mail.state, mail.tries) for mail in mails(app)] == [(MailState.WAITING, 0)] * 3
    back = Inbox()
    with mail_server.running(back, port):
        assert pulse(app) == 0  # it is not yet tried again
        assert pulse(app, later=timedelta(seconds=31)) == 3
        assert back.connections == 1
    with app.app_context():
        assert db.session.get_one(MailServer, 1).failures == 0


def test_a_sender_that_the_server_will_not_have_is_no_fault_of_the_mails(
    app: Flask, inbox: Inbox, reader: User, tell: Tell
) -> None:
    inbox.on_mail = "550 we don't know you"
    tell(reader.agency_id)
    pulse(app)
    assert states(app) == [MailState.WAITING]
    with app.app_context():
        assert "550" in db.session.get_one(MailServer, 1).error


def test_a_line_that_goes_midway_loses_and_doubles_nothing(
    app: Flask, inbox: Inbox, make: Make, give_address: GiveAddress, tell: Tell
) -> None:
    agency = make.agency()
    for number in range(6):
        give_address(make.account("agency", agency_id=agency.id), f"reader{number}@example.com")
    inbox.refused = {"reader3@example.com": "421 closing"}
    tell(agency.id)
    pulse(app)
    inbox.refused = {}
    for minutes in (2, 4, 8, 20):
        pulse(app, later=timedelta(minutes=minutes))
    assert states(app) == [MailState.SENT] * 6
    assert sorted(inbox.times_taken().values()) == [1] * 6


def test_a_line_that_goes_after_the_whole_mail_leaves_it_to_a_person(
    app: Flask, inbox: Inbox, make: Make, give_address: GiveAddress, tell: Tell
) -> None:
    agency = make.agency()
    for number in range(4):
        give_address(make.account("agency", agency_id=agency.id), f"reader{number}@example.com")
    inbox.drops_after = {2}
    tell(agency.id)
    pulse(app)
    pulse(app, later=timedelta(hours=5))
    assert states(app) == [MailState.SENT, MailState.UNCERTAIN, MailState.SENT, MailState.SENT]
    assert sorted(inbox.times_taken().values()) == [1] * 4
    admin = make.officer("admin")
    with app.app_context():
        uncertain = db.session.scalars(select(Mail).where(Mail.state == MailState.UNCERTAIN)).one()
        resending.send_again(uncertain.id, version=uncertain.version, by=admin)
    assert pulse(app) == 1
    assert states(app) == [MailState.SENT] * 4
    assert sorted(inbox.times_taken().values()) == [1, 1, 1, 2]  # under one Message-ID


def test_a_server_that_is_too_slow_to_answer_leaves_it_to_a_person(
    app: Flask, reader: User, tell: Tell, use_server: Use
) -> None:
    slow, port = Inbox(delays=3.0), mail_server.free_port()
    with mail_server.running(slow, port):
        use_server(mail_server.at(port, timeout=0.1))
        tell(reader.agency_id)
        assert pulse(app) == 0
        pulse(app, later=timedelta(hours=1))
        assert states(app) == [MailState.UNCERTAIN]


def test_a_server_that_says_nothing_at_all_is_given_up_for_now(
    app: Flask, reader: User, tell: Tell, use_server: Use
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        use_server(mail_server.at(silent.getsockname()[1], timeout=0.2))
        tell(reader.agency_id)
        assert pulse(app) == 0
    assert [(mail.state, mail.tries) for mail in mails(app)] == [(MailState.WAITING, 0)]


def test_a_line_that_goes_while_the_mail_is_judged_leaves_it_to_a_person(
    app: Flask, inbox: Inbox, reader: User, tell: Tell
) -> None:
    inbox.drops_before = {1}
    tell(reader.agency_id)
    pulse(app)
    assert states(app) == [MailState.UNCERTAIN]  # the whole mail was on its way: nobody knows
    assert inbox.taken == []


@contextmanager
def process(app: Flask, port: int) -> Iterator[subprocess.Popen[str]]:
    settings = app.extensions["settings"]
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.notices.sender", settings.instance, settings.database_url, str(port)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with started:
        yield started


def test_a_sender_killed_after_the_server_took_the_mail_never_sends_it_again(
    app: Flask, reader: User, tell: Tell, make: Make, use_server: Use
) -> None:
    taking, port = Inbox(), mail_server.free_port()
    for label in ("甲", "乙"):
        tell(reader.agency_id, label)
    with mail_server.running(taking, port), process(app, port) as sender:
        taking.then = lambda: os.kill(sender.pid, signal.SIGKILL)
        sender.communicate(timeout=60)
        assert sender.returncode == -signal.SIGKILL
        taking.then = lambda: None
        use_server(mail_server.at(port))
        assert states(app) == [MailState.SENDING, MailState.WAITING]
        assert pulse(app) == 1  # the other one
        assert pulse(app, later=timedelta(minutes=16)) == 0
        assert states(app) == [MailState.UNCERTAIN, MailState.SENT]
        assert sorted(taking.times_taken().values()) == [1, 1]


def test_two_senders_at_once_send_each_mail_once(app: Flask, make: Make, give_address: GiveAddress, tell: Tell) -> None:
    agency, taking, port = make.agency(), Inbox(), mail_server.free_port()
    for number in range(3):
        give_address(make.account("agency", agency_id=agency.id), f"reader{number}@example.com")
    for number in range(20):
        tell(agency.id, f"第 {number} 件")
    with mail_server.running(taking, port), process(app, port) as one, process(app, port) as other:
        outputs = [sender.communicate(timeout=120) for sender in (one, other)]
        assert [(one.returncode, other.returncode), outputs] == [(0, 0), outputs], outputs
    assert sum(int(out) for out, _ in outputs) == 60
    assert sorted(taking.times_taken().values()) == [1] * 60
    assert set(states(app)) == {MailState.SENT}


def test_without_a_server_nothing_leaves_and_everything_is_kept(
    app: Flask, reader: User, tell: Tell, use_server: Use
) -> None:
    use_server(None)
    tell(reader.agency_id)
    assert pulse(app) == 0
    assert states(app) == [MailState.KEPT]
