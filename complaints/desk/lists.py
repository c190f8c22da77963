"""The list of complaints, and as a spreadsheet: neither holds what was reported, or by whom."""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from complaints import policies
from complaints.desk import blueprint
from complaints.forms.desk import ComplaintFilter
from complaints.queries import desk
from core import clock, exports
from core.db import db
from core.exports import Column
from core.guards import guard

EXPORTED = (
    Column("编号", 14), Column("状态", 16), Column("被举报单位类别", 24), Column("事项", 40), Column("办理部门", 12),
    Column("办理人", 12), Column("收到", 18), Column("期限至", 12), Column("按期决定", 10), Column("受理", 18),
    Column("核实完毕", 18), Column("答复", 18),
)  # fmt: skip


@blueprint.get("")
@guard(policies.may_list)
def complaints() -> ResponseReturnValue:
    form, session, user = ComplaintFilter(request.args), db.session(), signed_in()
    page, rows, found = desk.complaints(session, user, form.wanted(), cursor=request.args.get("page"))
    asked = form.in_address()
    return render_template(
        "complaints/desk/complaints.html",
        form=form,
        rows=rows,
        found=found,
        asked=asked,
        sums=desk.sums(session, user, clock.today().year),
        previous_url=url_for(".complaints", page=page.previous, **asked) if page.previous else None,
        next_url=url_for(".complaints", page=page.next, **asked) if page.next else None,
    )


@blueprint.get("/export.xlsx")
@guard(policies.may_list)
def complaints_export() -> Response:
    rows = desk.exported(db.session(), signed_in(), ComplaintFilter(request.args).wanted())
    return exports.download(f"举报 {clock.today()}", EXPORTED, rows, sheet="举报")
