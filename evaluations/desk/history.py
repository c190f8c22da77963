"""Published lists of the old years: bringing one, looking entries up, taking one off its list."""

from typing import Any, cast

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_department, is_provincial
from accounts.signin import signed_in
from applicants.queries import applicant_seen_by
from core import clock
from core.db import db
from core.errors import DomainError, Refusals
from core.exports import download
from core.forms import given
from core.guards import guard
from core.law import jurisdiction
from core.settings import Settings
from core.sheets import Limits
from evaluations.desk.routing import blueprint
from evaluations.forms.history import EntryFilter, ListForm, PutBackForm, RemovalForm
from evaluations.models import ListEntry
from evaluations.queries import history as queries
from evaluations.services import history as services

PAGE = 50


def _filter() -> EntryFilter:
    session = db.session()
    return EntryFilter(request.args, queries.lists(session), queries.regions(session))


@blueprint.get("/lists")
@guard(is_department)
def entries() -> ResponseReturnValue:
    form = _filter()
    wanted, asked = form.wanted(), form.in_address()
    listing = queries.listing(db.session(), wanted, cursor=request.args.get("page"))

    def at(cursor: str | None) -> str | None:
        return url_for(".entries", **asked, page=cursor) if cursor else None

    return render_template(
        "evaluations/desk/entries.html",
        form=form,
        listing=listing,
        asked=asked,
        agency_meant=_agency_meant(wanted),
        previous_url=at(listing.page.previous),
        next_url=at(listing.page.next),
        may_bring=is_provincial(signed_in(), None),
    )


def _agency_meant(wanted: queries.Wanted) -> str:
    """Whom a link asked for: fields that are not seen would filter unseen."""
    if wanted.spelling:
        return wanted.spelling
    return queries.name_of_body(db.session(), wanted.body) if wanted.body is not None else ""


@blueprint.get("/lists/export.xlsx")
@guard(is_department)
def entries_export() -> ResponseReturnValue:
    return download(
        f"历年名单_{clock.today()}",
        queries.COLUMNS,
        queries.exported(db.session(), _filter().wanted()),
        sheet="历年名单",
    )


@blueprint.get("/lists/agencies")
@guard(is_department)
def batches() -> ResponseReturnValue:
    session, word = db.session(), request.args.get("q", "")
    lists, rows = queries.lists(session), queries.behind(session)
    cap = jurisdiction().number("national_cap", on=clock.today())
    shown = queries.called(rows, word)
    pages = max(1, -(-len(shown) // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)

    def at(number: int) -> str | None:
        return url_for(".batches", q=word or None, page=number) if 1 <= number <= pages else None

    return render_template(
        "evaluations/desk/batches.html",
        lists=lists,
        word=word,
        cap=cap,
        above=queries.above(rows, lists, cap),
        found=len(shown),
        rows=shown[(page - 1) * PAGE : page * PAGE],
        totals=[
            ("条目", [each.entries for each in lists]),
            ("其中公布了第三方机构的", [each.entries - each.without_agency for each in lists]),
            ("没有公布的", [each.without_agency for each in lists]),
        ],
        page=page,
        pages=pages,
        previous_url=at(page - 1),
        next_url=at(page + 1),
    )


@blueprint.route("/lists/new", methods=["GET", "POST"])
@guard(is_provincial)
def bring_list() -> ResponseReturnValue:
    form = ListForm()
    settings = cast(Settings, current_app.extensions["settings"])
    if form.submitted():
        limits = Limits(settings.upload_bytes, settings.sheet_unpacked_bytes, settings.sheet_rows)
        file: Any = form.file.data
        try:
            brought = services.bring(
                file.read(), file_name=file.filename or "", level=form.chosen_level, limits=limits, by=signed_in()
            )
        except DomainError as refusal:
            for each in refusal.refusals if isinstance(refusal, Refusals) else (refusal,):
                each.field = "file"
            form.refuse(refusal)
        else:
            if brought.import_id is None:
                flash(f"文件中的 {brought.rows} 条此前都已导入，没有新增，什么也没有改变。", "info")
            else:
                flash(f"已导入 {brought.new_rows} 条，新培育对象 {brought.new_applicants} 家。")
            return redirect(url_for(".bring_list"))
    page = render_template(
        "evaluations/desk/bring_list.html",
        form=form,
        max_bytes=settings.upload_bytes,
        imports=queries.imports(db.session()),
        lists=queries.lists(db.session()),
    )
    return page, form.status


@blueprint.get("/lists/<int:entry_id>")
@guard(is_department, load=queries.entry_seen_by)
def entry(found: ListEntry) -> ResponseReturnValue:
    session = db.session()
    meant = queries.meanings(session, {found.agency} if found.agency else set())
    return render_template(
        "evaluations/desk/entry.html",
        entry=found,
        meaning=meant.get(found.agency or "", queries.UNKNOWN),
        others=queries.others_of(session, found),
        applicant_url=_url_of_applicant(found),
        may_decide=is_provincial(signed_in(), None),
    )


def _url_of_applicant(found: ListEntry) -> str | None:
    """None where the applicant is another bureau's: the lists are everyone's, its page is not."""
    if applicant_seen_by(signed_in(), found.applicant_id) is None:
        return None
    url: str | None = current_app.extensions["locate"]("applicant", found.applicant_id, signed_in())
    return url


@blueprint.route("/lists/<int:entry_id>/remove", methods=["GET", "POST"])
@guard(is_provincial, load=queries.entry_seen_by)
def remove_entry(found: ListEntry) -> ResponseReturnValue:
    form = RemovalForm()
    if form.submitted():
        try:
            services.remove(found.id, on=given(form.on.data), basis=given(form.basis.data), by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已登记移出名单。")
            return redirect(url_for(".entry", entry_id=found.id))
    return render_template("evaluations/desk/remove_entry.html", form=form, entry=found), form.status


@blueprint.route("/lists/<int:entry_id>/put-back", methods=["GET", "POST"])
@guard(is_provincial, load=queries.entry_seen_by)
def put_back_entry(found: ListEntry) -> ResponseReturnValue:
    form = PutBackForm()
    if form.submitted():
        try:
            services.put_back(found.id, reason=given(form.reason.data), by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已撤销移出。")
            return redirect(url_for(".entry", entry_id=found.id))
    return render_template("evaluations/desk/put_back_entry.html", form=form, entry=found), form.status
