"""What was written of cases before they were verified comes through the migration sealed, and back in clear."""

import flask_migrate
from flask import Flask
from sqlalchemy import text

from core.db import db
from supervision.models import Case
from supervision.services import handling
from tests.factories import Make

WRITTEN = text("SELECT c.facts, n.text FROM supervision_case c JOIN supervision_case_note n ON n.case_id = c.id")


def test_cases_with_notes_go_back_and_come_again(app: Flask, make: Make) -> None:
    officer = make.officer("reviewer")
    case = make.case(by=officer)
    make.proceeding("published")
    with app.app_context():
        handling.add_note(case.id, "到现场看过台账", version=1, by=officer)
        db.session.remove()
        flask_migrate.downgrade(revision="0009")
        assert db.session.execute(WRITTEN).all() == [("协议日没有有效的备案\n信息来源：现场督查", "到现场看过台账")]
        db.session.remove()
        flask_migrate.upgrade()
        again = db.session.get_one(Case, case.id)
        assert (again.facts.splitlines()[0], again.notes[0].text) == ("协议日没有有效的备案", "到现场看过台账")
        assert again.notes[0].kind.label == "办理记录"
