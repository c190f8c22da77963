"""The officers' register of applicants: a bureau's own, or all."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_department, is_provincial
from accounts.signin import signed_in
from applicants.desk.routing import blueprint
from applicants.forms.register import ApplicantFilter
from applicants.queries import register as queries
from core import clock, exports
from core.db import db
from core.exports import Column
from core.guards import guard
from core.places import bureaus

EXPORTED = (
    Column("名称", 36), Column("统一社会信用代码", 22), Column("管理机构", 30), Column("管理机构代码", 22),
    Column("类型", 24), Column("所属", 10), Column("县（市、区）", 18), Column("地址", 40), Column("行业代码", 10),
    Column("行业", 24), Column("名单", 12), Column("绿色工厂", 10), Column("工业增加值占比（%）", 12),
    Column("所在园区", 30), Column("第十一条受限", 12),
)  # fmt: skip


def scope_of(user: User) -> str | None:
    """The one bureau whose applicants an officer sees; None: all."""
    return None if is_provincial(user, None) else user.bureau or ""


@blueprint.get("")
@guard(is_department)
def applicants() -> ResponseReturnValue:
    user = signed_in()
    form = ApplicantFilter(request.args, scope=scope_of(user))
    listing = queries.listing(db.session(), form.wanted(), on=clock.today(), cursor=request.args.get("page"))
    asked = form.in_address()
    page = listing.page
    return render_template(
        "applicants/desk/applicants.html",
        form=form,
        listing=listing,
        asked=asked,
        bureaus=bureaus(),
        own_bureau=user.bureau_name,
        previous_url=url_for(".applicants", page=page.previous, **asked) if page.previous else None,
        next_url=url_for(".applicants", page=page.next, **asked) if page.next else None,
    )


@blueprint.get("/export.xlsx")
@guard(is_department)
def applicants_export() -> ResponseReturnValue:
    form = ApplicantFilter(request.args, scope=scope_of(signed_in()))
    rows = queries.exported(db.session(), form.wanted(), on=clock.today())
    return exports.download(f"培育对象 {clock.today()}", EXPORTED, rows, sheet="培育对象")
