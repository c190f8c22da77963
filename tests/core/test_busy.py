"""A database that others keep for too long: a polite refusal, and nothing done."""

import pytest
from flask import Flask

from core.db import Busy, db, transaction


def test_whoever_does_not_get_to_write_is_told(app: Flask, context: None) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL locks rows, never the whole
    with db.engine.connect().execution_options(write=True) as other, other.begin():
        db.session.connection().exec_driver_sql("PRAGMA busy_timeout=20")
        with pytest.raises(Busy, match="过一会儿"), transaction():
            pass
    with transaction():
        db.session.connection().exec_driver_sql("PRAGMA busy_timeout=15000")
