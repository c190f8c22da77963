"""The log holds: what was changed, removed, put in or cut off is found, and the database itself refuses to do it."""

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from agency.models import Agency, Person
from core import audit
from core.audit import AuditEntry, AuditHead
from core.db import db, transaction
from core.refs import Ref
from tests.factories import Make

ENTRIES = audit.CHECKPOINT_EVERY + 10


@pytest.fixture
def log(app: Flask) -> Flask:
    """A log of some entries, with the checkpoint that fell among them."""
    with app.app_context(), transaction() as session:
        for number in range(ENTRIES):
            audit.record(session, "thing.done", Ref("thing", number, f"第 {number} 件"), by=None, after="done")
    return app


def faults(app: Flask) -> tuple[str, ...]:
    with app.app_context():
        return audit.verify(db.session()).faults


def tamper(app: Flask, *statements: object) -> None:
    """As somebody with the database's own password would: past the triggers."""
    with app.app_context(), db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER audit_entry_no_{verb}")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def test_an_untouched_log_is_whole(log: Flask) -> None:
    with log.app_context():
        result = audit.verify(db.session())
    assert (result.entries, result.faults) == (ENTRIES, ())
    assert audit_lines(log) == 2


def audit_lines(app: Flask) -> int:
    with app.app_context():
        return len(audit.checkpoint_file().read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    "changed",
    [
        {"actor": "somebody.else"}, {"action": "thing.undone"}, {"before": "draft"}, {"after": None},
        {"object_id": 999}, {"object_label": "别的"}, {"origin": "elsewhere"}, {"reason": "事后补写"},
        {"mac": "0" * 64},
    ],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
@pytest.mark.parametrize("number", [1, 30, ENTRIES])
def test_a_changed_entry_is_found(log: Flask, number: int, changed: dict[str, object]) -> None:
    tamper(log, update(AuditEntry).where(AuditEntry.number == number).values(**changed))
    assert any(f"第 {number} 条" in fault for fault in faults(log))


@pytest.mark.parametrize("number", [1, 30, ENTRIES])
def test_a_removed_entry_is_found(log: Flask, number: int) -> None:
    tamper(log, delete(AuditEntry).where(AuditEntry.number == number))
    assert faults(log)


def test_a_removed_entry_is_found_when_the_numbers_are_closed_up(log: Flask) -> None:
    tamper(
        log,
        delete(AuditEntry).where(AuditEntry.number == ENTRIES - 1),
        update(AuditEntry).where(AuditEntry.number == ENTRIES).values(number=ENTRIES - 1),
        update(AuditHead).values(count=ENTRIES - 1),
    )
    assert any("不相衔接" in fault for fault in faults(log))


def test_an_entry_put_in_is_found(log: Flask) -> None:
    with log.app_context():
        last = db.session.get_one(AuditEntry, ENTRIES)
        values = {column.key: getattr(last, column.key) for column in AuditEntry.__table__.columns}
    tamper(
        log,
        insert(AuditEntry).values(values | {"number": ENTRIES + 1}),
        update(AuditHead).values(count=ENTRIES + 1),
    )
    assert any(f"第 {ENTRIES + 1} 条" in fault for fault in faults(log))


def test_two_entries_that_changed_places_are_found(log: Flask) -> None:
    tamper(
        log,
        update(AuditEntry).where(AuditEntry.number == 20).values(number=-1),
        update(AuditEntry).where(AuditEntry.number == 21).values(number=20),
        update(AuditEntry).where(AuditEntry.number == -1).values(number=21),
    )
    assert faults(log)


def test_a_cut_tail_is_found_by_the_head(log: Flask) -> None:
    tamper(log, delete(AuditEntry).where(AuditEntry.number > ENTRIES - 3))
    assert any("尾部被截断" in fault for fault in faults(log))


def test_a_tail_cut_with_the_head_is_found_by_the_checkpoint_file(log: Flask) -> None:
    kept = audit.CHECKPOINT_EVERY - 5
    with log.app_context():
        mac = db.session.get_one(AuditEntry, kept).mac
    tamper(
        log,
        delete(AuditEntry).where(AuditEntry.number > kept),
        update(AuditHead).values(count=kept, mac=mac),
    )
    assert any("检查点" in fault and f"日志只有 {kept} 条" in fault for fault in faults(log))


def test_a_tail_cut_and_written_anew_is_found_by_the_checkpoint_file(log: Flask) -> None:
    """With the application's own key, even: the file remembers what stood there."""
    kept = audit.CHECKPOINT_EVERY - 5
    with log.app_context():
        mac = db.session.get_one(AuditEntry, kept).mac
    tamper(log, delete(AuditEntry).where(AuditEntry.number > kept), update(AuditHead).values(count=kept, mac=mac))
    with log.app_context(), transaction() as session:
        for _ in range(10):
            audit.record(session, "thing.else", Ref("thing", 1, "别的"), by=None)
    assert any("检查点" in fault and "与日志不符" in fault for fault in faults(log))


def test_a_tail_cut_with_the_head_after_the_last_checkpoint_is_found(log: Flask) -> None:
    """The head's seal can't be made without the key, and the MAC of the entry it is set back to is none."""
    kept = ENTRIES - 3
    with log.app_context():
        mac = db.session.get_one(AuditEntry, kept).mac
    tamper(log, delete(AuditEntry).where(AuditEntry.number > kept), update(AuditHead).values(count=kept, mac=mac))
    assert any("尾部被截断" in fault for fault in faults(log))


def test_a_short_log_that_was_emptied_is_found(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        audit.record(session, "thing.done", Ref("thing", 1, "第 1 件"), by=None)
    tamper(app, delete(AuditEntry), update(AuditHead).values(count=0, mac=audit.START))
    assert any("检查点" in fault for fault in faults(app))


def test_a_lost_checkpoint_file_is_found(log: Flask) -> None:
    with log.app_context():
        audit.checkpoint_file().unlink()
    assert any("检查点文件不在" in fault for fault in faults(log))


def test_an_emptied_log_is_found(log: Flask) -> None:
    tamper(log, delete(AuditEntry), update(AuditHead).values(count=0, mac=audit.START))
    assert faults(log)


def test_a_lost_head_is_found(log: Flask) -> None:
    tamper(log, delete(AuditHead))
    assert faults(log)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET actor = 'x' WHERE number = 1", "DELETE FROM audit_entry WHERE number = 1"],
)
def test_the_database_refuses_to_change_or_remove_an_entry(log: Flask, statement: str) -> None:
    with log.app_context(), pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert faults(log) == ()


def begin_and_fail() -> None:
    with transaction() as session:
        audit.record(session, "thing.done", Ref("thing", 1, "一件"), by=None)
        raise ZeroDivisionError


def test_what_is_undone_leaves_no_entry(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            begin_and_fail()
        assert db.session.scalars(select(AuditEntry)).all() == []
    assert faults(app) == ()


def test_an_entry_says_who_when_what_from_where(app: Flask, make: Make) -> None:
    officer = make.officer("reviewer")
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.9"}):
        app.preprocess_request()
        with transaction() as session:
            audit.record(
                session, "thing.moved", Ref("thing", 7, "七号"), by=officer, before="a", after="b", reason="理由"
            )
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.actor_id, entry.actor, entry.origin) == (officer.id, officer.username, "192.0.2.9")
        assert (entry.before, entry.after, entry.reason) == ("a", "b", "理由")


def test_no_personal_data_of_a_filed_agency_is_in_the_log_in_clear(app: Flask, make: Make) -> None:
    """After a registration's and a filing's whole course: no identity number, no phone."""
    make.filing()
    with app.app_context():
        written = "\n".join(entry.content().decode() for entry in db.session.scalars(select(AuditEntry)))
        numbers = [person.number for person in db.session.scalars(select(Person))]
        phones = [agency.contact_phone or "" for agency in db.session.scalars(select(Agency))]
    assert len(numbers) > 10
    assert "filing.approve" in written
    assert [secret for secret in [*numbers, *phones] if secret in written] == []


@pytest.fixture
def runner(log: Flask) -> FlaskCliRunner:
    return log.test_cli_runner()


def test_the_command_says_whether_the_log_is_whole(log: Flask, runner: FlaskCliRunner) -> None:
    good = runner.invoke(args=["audit", "verify"])
    assert (good.exit_code, good.output.strip()) == (0, f"{ENTRIES} 条，未发现改动")
    tamper(log, update(AuditEntry).where(AuditEntry.number == 7).values(actor="x"))
    bad = runner.invoke(args=["audit", "verify"])
    assert bad.exit_code == 1
    assert "第 7 条" in bad.output


def test_a_checkpoint_can_be_written_at_any_time(log: Flask, runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["audit", "checkpoint"]).exit_code == 0
    assert audit_lines(log) == 3
    tamper(log, delete(AuditEntry).where(AuditEntry.number == ENTRIES))
    assert any("检查点" in fault for fault in faults(log))
