"""The year of all agencies together: as a page, a spreadsheet, a document."""

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue

from applicants.models import Kind
from core import clock
from core.db import db
from core.exports import MIMETYPE
from core.guards import guard
from evaluations.rules.states import Level
from summaries import document, policies, sheets
from summaries.consolidation import Consolidation
from summaries.desk import blueprint
from summaries.queries import consolidating
from summaries.queries.desk_years import year_seen_by
from summaries.queries.overview import YearLine

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/<int:year>/consolidated")
@guard(policies.may_run_year, load=year_seen_by)
def consolidated(line: YearLine) -> ResponseReturnValue:
    return render_template("summaries/desk/consolidated.html", line=line, year=_of(line), kinds=Kind, levels=Level)


@blueprint.get("/<int:year>/consolidated.xlsx")
@guard(policies.may_run_year, load=year_seen_by)
def consolidated_sheet(line: YearLine) -> Response:
    rows = consolidating.agency_rows(db.session(), line.dates, today=clock.today())
    name = f"{line.year} 年度工作总结汇总 {clock.today()}.xlsx"
    return send_file(sheets.workbook(_of(line), rows), mimetype=MIMETYPE, as_attachment=True, download_name=name)


@blueprint.get("/<int:year>/consolidated.docx")
@guard(policies.may_run_year, load=year_seen_by)
def consolidated_document(line: YearLine) -> Response:
    rows = consolidating.agency_rows(db.session(), line.dates, today=clock.today())
    name = f"{line.year} 年度工作总结汇总 {clock.today()}.docx"
    return send_file(document.document(_of(line), rows), mimetype=WORD, as_attachment=True, download_name=name)


def _of(line: YearLine) -> Consolidation:
    return consolidating.consolidated(db.session(), line.dates, today=clock.today())
