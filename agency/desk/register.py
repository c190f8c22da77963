"""The desk's register: every agency, filed or not, registered or only known."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import policies
from accounts.signin import signed_in
from agency.desk import blueprint
from agency.forms.register import AgencyFilter
from agency.queries import register as queries
from core import clock, exports
from core.db import db
from core.exports import Column
from core.guards import guard
from core.places import place_label

EXPORTED = (
    Column("机构名称", 36), Column("统一社会信用代码", 22), Column("登记", 14), Column("所在地", 10),
    Column("登记时间", 18), Column("备案状态", 12), Column("备案号", 18), Column("首次备案日期", 14),
    Column("注销日期", 12), Column("条件不符自", 12), Column("补正期限", 12),
)  # fmt: skip


@blueprint.get("")
@guard(policies.is_department)
def agencies() -> ResponseReturnValue:
    form = AgencyFilter(request.args)
    listing = queries.listing(db.session(), form.wanted(), cursor=request.args.get("page"))
    asked = form.in_address()
    page = listing.page
    return render_template(
        "agency/desk/agencies.html",
        form=form,
        listing=listing,
        asked=asked,
        decides=policies.is_provincial(signed_in(), None),
        place_label=place_label,
        previous_url=url_for(".agencies", page=page.previous, **asked) if page.previous else None,
        next_url=url_for(".agencies", page=page.next, **asked) if page.next else None,
    )


@blueprint.get("/export.xlsx")
@guard(policies.is_department)
def agencies_export() -> ResponseReturnValue:
    rows = queries.exported(db.session(), AgencyFilter(request.args).wanted())
    return exports.download(f"第三方机构总表 {clock.today()}", EXPORTED, rows, sheet="机构")
