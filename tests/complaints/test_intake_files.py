"""What was kept for a form becomes the complaint's evidence."""

from flask import Flask

from complaints import receipts
from complaints.models import KeptUpload
from complaints.services import keeping
from complaints.uploads import Sent
from core import clock
from core.db import db, transaction
from tests.factories import Make
from tests.uploads import blank_pdf


def test_a_file_that_two_presses_at_once_kept_twice_is_taken_once(app: Flask, make: Make) -> None:
    token = receipts.new_token()
    with app.app_context():
        keeping.keep(token, [Sent.of("账单.pdf", blank_pdf(1))], address="")
        with transaction() as session:
            one = session.query(KeptUpload).one()
            row = {name: getattr(one, name) for name in ("form", "digest", "kind", "pages", "size", "name")}
            session.add(KeptUpload(**row, kept_at=clock.now()))
    complaint = make.complaint(token=token)
    assert len(complaint.files) == 1
    with app.app_context():
        assert db.session.query(KeptUpload).count() == 0
