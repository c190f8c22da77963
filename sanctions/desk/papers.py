"""The circular or announcement of a proceeding as an official document, to be edited and signed."""

from flask import request, send_file
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.guards import guard
from sanctions import document, policies
from sanctions.desk import blueprint
from sanctions.desk.acting import proceeding_of
from sanctions.document import Concerned
from sanctions.models import Proceeding
from sanctions.queries import proceedings as queries

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/<int:proceeding_id>/circular.docx")
@guard(policies.may_see_proceeding, load=proceeding_of)
def circular_document(row: Proceeding) -> ResponseReturnValue:
    """`head=none` in the address bar: without the red head, for printed paper."""
    lines = queries.evaluations_of(db.session(), row.evaluation_ids)
    concerned = tuple(Concerned(each.number, each.applicant, each.kind) for each in lines)
    file = document.paper(
        document.content_of(row, concerned), red_head=request.args.get("head") != "none", at=clock.now()
    )
    name = f"{row.measure.label} {row.document or row.number}.docx"
    return send_file(file, mimetype=MIMETYPE, as_attachment=True, download_name=name)
