"""What anyone may see."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock, exports, law
from core.db import LARGEST_INTEGER, db
from core.exports import Column
from core.guards import open_to_all
from public import circulars as published
from public import feed, queries
from public.forms import CircularFilter, ReceiptForm, RegisterFilter

blueprint = Blueprint("public", __name__)

EXPORTED = (
    Column("机构名称", 36), Column("统一社会信用代码", 22), Column("性质", 10), Column("所在地", 10),
    Column("注册地址", 40), Column("法定代表人", 12), Column("评价领域", 30), Column("备案状态", 12),
    Column("备案号", 18), Column("首次备案日期", 14), Column("注销日期", 12), Column("今年评价（项）", 10),
    Column("条件不符自", 12), Column("补正期限", 12), Column("不予采信至", 12),
)  # fmt: skip


@blueprint.route("/")
@open_to_all("the front door")
def home() -> ResponseReturnValue:
    return render_template("public/home.html", form=RegisterFilter(request.args), numbers=queries.numbers(db.session()))


@blueprint.route("/register")
@open_to_all("the register is public")
def register() -> ResponseReturnValue:
    form = RegisterFilter(request.args)
    listing = queries.register(db.session(), form.wanted(), cursor=request.args.get("page"))
    asked = form.in_address()
    return render_template(
        "public/register.html",
        form=form,
        listing=listing,
        asked=asked,
        previous_url=url_for(".register", page=listing.previous, **asked) if listing.previous else None,
        next_url=url_for(".register", page=listing.next, **asked) if listing.next else None,
    )


@blueprint.route("/register.xlsx")
@open_to_all("the register is public")
def register_export() -> ResponseReturnValue:
    rows = queries.exported(db.session(), RegisterFilter(request.args).wanted())
    return exports.download(f"绿色制造第三方评价机构名录 {clock.today()}", EXPORTED, rows, sheet="机构名录")


@blueprint.route("/register/<credit_code>")
@open_to_all("the register is public")
def show(credit_code: str) -> ResponseReturnValue:
    agency = queries.find_public(db.session(), credit_code)
    if agency is None:
        abort(404)
    return render_template("public/show.html", agency=agency, entry=agency.entry)


@blueprint.route("/circulars")
@open_to_all("what was published is everybody's to read")
def circulars() -> ResponseReturnValue:
    form, session = CircularFilter(request.args), db.session()
    word, asked = form.q.data or "", form.in_address()
    page, found = published.announcements(session, word, form.wanted_measure(), cursor=request.args.get("page"))
    return render_template(
        "public/circulars.html",
        form=form,
        asked=asked,
        announcements=found,
        bars=published.periods(session, word),
        previous_url=url_for(".circulars", page=page.previous, **asked) if page.previous else None,
        next_url=url_for(".circulars", page=page.next, **asked) if page.next else None,
    )


@blueprint.route("/circulars/<int:proceeding_id>")
@open_to_all("what was published is everybody's to read")
def circular(proceeding_id: int) -> ResponseReturnValue:
    found = published.find_announcement(db.session(), proceeding_id) if proceeding_id <= LARGEST_INTEGER else None
    if found is None:
        abort(404)
    return render_template("public/circular.html", found=found)


@blueprint.route("/circulars.atom")
@open_to_all("what was published is everybody's to read")
def circulars_feed() -> ResponseReturnValue:
    content = feed.atom(
        published.newest(db.session()),
        title=f"{law.jurisdiction().department}：通报公告",
        at=url_for(".circulars", _external=True),
        own=url_for(".circulars_feed", _external=True),
        page_of=lambda each: url_for(".circular", proceeding_id=each.id, _external=True),
    )
    return Response(content, mimetype="application/atom+xml")


@blueprint.route("/rules")
@open_to_all("what is checked, and on what ground, is everybody's business")
def rules() -> ResponseReturnValue:
    return render_template("public/rules.html", law=law.jurisdiction())


@blueprint.route("/verify", methods=["GET", "POST"])
@open_to_all("whoever holds a receipt may check it")
def verify() -> ResponseReturnValue:
    form = ReceiptForm()
    if form.submitted():
        return redirect(url_for(".verified", token=form.token()))
    return render_template("public/verify.html", form=form), form.status


@blueprint.route("/verify/<token>")
@open_to_all("whoever holds a receipt may check it")
def verified(token: str) -> ResponseReturnValue:
    found = queries.find_verified(db.session(), token)
    if found is None:
        return render_template("public/not_genuine.html", form=ReceiptForm(), token=token[:60]), 404
    return render_template("public/verified.html", found=found)
