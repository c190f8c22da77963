"""A database that others keep for too long: a polite refusal, and nothing done. Acts after a commit."""

import logging

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import Busy, afterwards, db, transaction
from core.numbers import NumberSequence, next_number


def test_whoever_does_not_get_to_write_is_told(app: Flask, context: None) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL locks rows, never the whole
    with db.engine.connect().execution_options(write=True) as other, other.begin():
        db.session.connection().exec_driver_sql("PRAGMA busy_timeout=20")
        with pytest.raises(Busy, match="过一会儿"), transaction():
            pass
    with transaction():
        db.session.connection().exec_driver_sql("PRAGMA busy_timeout=15000")


def test_what_fails_after_the_commit_is_logged_and_what_was_done_stays_done(
    context: None, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def break_off() -> None:
        raise OSError("the disk is full")

    with caplog.at_level(logging.ERROR, logger="core.db"), transaction() as session:
        next_number(session, "try", 2026)
        afterwards(session, break_off)
        afterwards(session, lambda: done.append("the next act"))
    assert done == ["the next act"]
    assert "the disk is full" in caplog.text
    assert db.session.scalars(select(NumberSequence.last).where(NumberSequence.series == "try")).one() == 1
