"""Floods: limits in our own table, the riddle past them, the refusal that says what else there is."""

from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from complaints import guarding, receipts, riddles
from complaints.guarding import EVERYWHERE, HERE, Kind, network
from complaints.models import Complaint, Guard, KeptUpload, MailCode, ReporterVisit, Riddle, State
from complaints.rules.course import NotPossibleNow
from complaints.services import following, keeping, sweeping
from complaints.uploads import MOST_FILES, NotTaken, Sent, judge, require_there
from core import clock
from core.db import db, transaction
from tests.complaints import filling
from tests.complaints.filling import enter, opened, post, receipt_of, riddle_in
from tests.factories import Make
from tests.uploads import blank_pdf

PLACE = "192.0.2.7"


def came(app: Flask, kind: Kind, amount: int, address: str = PLACE) -> None:
    """As if so much had come from there in this hour."""
    with app.app_context(), transaction() as session:
        guarding.count(session, kind, address, amount)


def counted(app: Flask, kind: Kind) -> int | None:
    """How much of it there was from there in this hour."""
    with app.app_context():
        return db.session.scalar(select(Guard.count).where(Guard.key == guarding._key(kind, PLACE)))


def unique_pdf() -> bytes:
    """A document that no other test has put into the store."""
    return blank_pdf(1) + f"% {token_hex()}\n".encode()


def in_store(app: Flask) -> int:
    """How many files lie in the store."""
    return sum(path.is_file() for path in (Path(app.extensions["settings"].instance) / "files").rglob("*"))


def answer_of(app: Flask, token: str) -> str:
    with app.app_context():
        return db.session.get_one(Riddle, token).answer


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("", "unknown"),
    ],
)
def test_one_place_is_an_address_or_the_sixty_four_bits_of_one(address: str, place: str) -> None:
    assert network(address) == place


def test_a_riddle_is_asked_from_the_threshold_on_and_not_before(client: FlaskClient, app: Flask) -> None:
    came(app, Kind.SEND, HERE[Kind.SEND].riddle - 1)
    receipt_of(client, post(client, opened(client)))
    token = opened(client)
    page = post(client, token, facts="写了很久的经过")
    assert page.status_code == 422
    assert "写了很久的经过" in page.text
    riddle = riddle_in(page.text)
    assert client.get(f"/complaints/riddle/{riddle}.png").data.startswith(b"\x89PNG")
    assert client.get(f"/complaints/riddle/{riddle}.wav").data.startswith(b"RIFF")
    receipt_of(client, post(client, token, riddle=riddle, riddle_answer=answer_of(app, riddle)))


def test_other_places_are_asked_nothing(client: FlaskClient, app: Flask) -> None:
    came(app, Kind.SEND, HERE[Kind.SEND].riddle)
    receipt_of(client, post(client, opened(client), place="198.51.100.9"))


def test_a_flood_from_everywhere_asks_everybody(client: FlaskClient, app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.add(Guard(key=guarding._key(Kind.SEND), window=guarding._window(), count=EVERYWHERE[Kind.SEND].riddle))
    assert "验证题" in post(client, opened(client), place="203.0.113.5").text


def test_a_riddle_is_used_once(client: FlaskClient, app: Flask) -> None:
    came(app, Kind.SEND, HERE[Kind.SEND].riddle)
    token, other = opened(client), opened(client)
    riddle = riddle_in(post(client, token).text)
    right = answer_of(app, riddle)
    wrong = post(client, token, riddle=riddle, riddle_answer="12")
    assert "回答不正确" in wrong.text
    assert riddle_in(wrong.text) != riddle
    assert post(client, token, riddle=riddle, riddle_answer=right).status_code == 422  # used up by the wrong answer
    assert client.get(f"/complaints/riddle/{riddle}.png").status_code == 404
    fresh = riddle_in(post(client, token).text)
    assert post(client, other, riddle=fresh, riddle_answer=answer_of(app, fresh)).status_code == 422  # of another form


def test_a_riddle_is_over_after_its_time(client: FlaskClient, app: Flask) -> None:
    came(app, Kind.SEND, HERE[Kind.SEND].riddle)
    token = opened(client)
    riddle = riddle_in(post(client, token).text)
    right, now = answer_of(app, riddle), clock.now()
    with clock.frozen(now + guarding.RIDDLE_VALID - timedelta(seconds=1)):
        assert client.get(f"/complaints/riddle/{riddle}.png").status_code == 200
    with clock.frozen(now + guarding.RIDDLE_VALID):
        assert client.get(f"/complaints/riddle/{riddle}.png").status_code == 404
        assert "已过时" in post(client, token, riddle=riddle, riddle_answer=right).text


def test_another_riddle_comes_without_losing_what_was_typed(client: FlaskClient, app: Flask) -> None:
    came(app, Kind.SEND, HERE[Kind.SEND].riddle)
    token = opened(client)
    riddle = riddle_in(post(client, token).text)
    page = post(client, token, "riddle", facts="写了很久的经过", riddle=riddle)
    assert page.status_code == 200
    assert riddle_in(page.text) != riddle
    assert "写了很久的经过" in page.text


def test_past_the_last_limit_comes_a_refusal_that_says_when_and_how_else(client: FlaskClient, app: Flask) -> None:
    came(app, Kind.SEND, HERE[Kind.SEND].most)
    token = opened(client)
    riddle = riddle_in(post(client, token).text)
    page = post(client, token, riddle=riddle, riddle_answer=answer_of(app, riddle))
    assert page.status_code == 429
    assert "分钟后再试" in page.text
    assert "12345" in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count(Complaint.id))) == 0


def test_in_the_next_hour_it_begins_anew(client: FlaskClient, app: Flask) -> None:
    came(app, Kind.SEND, HERE[Kind.SEND].most)
    with clock.frozen(clock.now() + guarding.WINDOW):
        receipt_of(client, post(client, opened(client)))


def test_files_in_a_flood_are_not_looked_at_before_the_riddle(client: FlaskClient, app: Flask) -> None:
    came(app, Kind.UPLOAD, HERE[Kind.UPLOAD].riddle)
    page = post(client, opened(client), "keep", files=[(blank_pdf(1), "合同.pdf")]).text
    assert "近来提交较多" in page
    assert "这次选的文件还没有收下" in page
    with app.app_context():
        assert db.session.scalar(select(func.count(KeptUpload.id))) == 0


def test_files_that_are_none_count_too(client: FlaskClient, app: Flask) -> None:
    came(app, Kind.UPLOAD, HERE[Kind.UPLOAD].riddle - 1)
    post(client, opened(client), "keep", files=[(b"no document", "合同.pdf")])
    assert "近来提交较多" in post(client, opened(client), "keep", files=[(blank_pdf(1), "合同.pdf")]).text


def test_what_strangers_leave_waiting_fills_no_disk(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_WAITING", len(blank_pdf(1)))
    post(client, opened(client), "keep", files=[(blank_pdf(1), "合同.pdf")])
    page = post(client, opened(client), "keep", files=[(blank_pdf(2), "报告.pdf")]).text
    assert "可以先提交文字" in page
    with app.app_context():
        assert db.session.scalar(select(func.count(KeptUpload.id))) == 1


def test_of_files_that_were_too_many_nothing_stays_in_the_store(client: FlaskClient, app: Flask) -> None:
    token = opened(client)
    post(client, token, "keep", files=[(unique_pdf(), "甲.pdf") for _ in range(MOST_FILES)])
    before = in_store(app)
    assert "一共最多 20 个文件" in post(client, token, "keep", files=[(unique_pdf(), "乙.pdf")]).text
    assert in_store(app) == before


def test_of_files_that_come_when_it_is_over_nothing_stays_in_the_store(app: Flask, make: Make) -> None:
    complaint, before = make.complaint(), in_store(app)
    with app.app_context():
        with transaction() as session:
            session.get_one(Complaint, complaint.id).state = State.CLOSED
        with pytest.raises(NotPossibleNow):
            following.add(complaint.id, "", [Sent.of("甲.pdf", unique_pdf())], address=PLACE)
    assert in_store(app) == before
    assert counted(app, Kind.UPLOAD) == 1  # it was work all the same


def test_a_file_whose_content_went_meanwhile_is_not_kept(app: Flask) -> None:
    with app.app_context():
        taken = judge([Sent.of("甲.pdf", unique_pdf())]).taken
        require_there(taken)
        app.extensions["files"].delete(taken[0].digest)
        with pytest.raises(NotTaken):
            require_there(taken)


def test_nobody_is_mailed_more_than_a_few_codes(client: FlaskClient) -> None:
    for number in range(HERE[Kind.MAILBOX].most):
        assert (
            post(client, opened(client), "code", email="a@example.org", place=f"198.51.100.{number}").status_code == 200
        )
    page = post(client, opened(client), "code", email="a@example.org", place="198.51.100.99")
    assert page.status_code == 429
    assert "先查看收件箱和垃圾箱" in page.text


def test_what_is_kept_of_a_place_is_neither_it_nor_beside_a_report(client: FlaskClient, app: Flask) -> None:
    post(client, opened(client), place="198.51.100.77")
    with app.app_context():
        for table in (Guard, Complaint):
            assert "198.51.100.77" not in str(db.session.execute(select(table.__table__)).all())


def test_digits_are_spoken_one_after_the_other_in_a_sound_of_some_seconds() -> None:
    sound = riddles.sound("120987")
    assert sound[8:12] == b"WAVE"
    assert 6 < len(sound) / riddles.SECOND < 20


def test_what_was_never_sent_goes_after_its_time(client: FlaskClient, app: Flask, make: Make) -> None:
    token = opened(client)
    came(app, Kind.SEND, HERE[Kind.SEND].riddle)
    post(client, token, "riddle")
    complaint = make.complaint(address="198.51.100.1")
    enter(client, complaint.number, make.secret_of(complaint))
    post(client, opened(client), "keep", place="198.51.100.2", files=[(blank_pdf(1), "合同.pdf")])
    post(client, opened(client), "code", place="198.51.100.3", email="b@example.org")
    with app.app_context():
        digest = db.session.scalars(select(KeptUpload.digest)).one()
        sweeping.sweep()
        assert db.session.scalar(select(func.count(KeptUpload.id))) == 1
        with clock.frozen(clock.now() + sweeping.CODES_KEPT + timedelta(seconds=1)):
            assert sweeping.sweep() > 0
            assert sweeping.sweep() == 0
        for table in (KeptUpload, Riddle, Guard, ReporterVisit, MailCode):
            assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert not app.extensions["files"].exists(digest)


def test_a_form_token_of_ones_own_making_helps_nobody(client: FlaskClient) -> None:
    assert len(receipts.new_token()) > 40
    assert "JB" in receipt_of(client, post(client, "x" * 50))[0]
    assert filling.SECRET.fullmatch(receipt_of(client, post(client, "x" * 50))[1])
