"""The tables that the check reads titles and majors by: everyone of the Department reads them, an admin corrects."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_admin
from accounts.signin import signed_in
from agency.desk import blueprint
from agency.forms.standing import MajorCorrectionForm, TableFilterForm, TitleCorrectionForm
from agency.majors import Standing
from agency.particulars import TitleLevel
from agency.policies import may_read_tables
from agency.queries import reference
from agency.services import correcting as services
from core import clock
from core.db import db
from core.errors import DomainError
from core.guards import guard

ROWS = 100


@blueprint.get("/titles")
@guard(may_read_tables)
def titles() -> ResponseReturnValue:
    form = TableFilterForm(request.args)
    word = (form.q.data or "")[:60]
    table = reference.titles(db.session(), word, on=clock.today())
    return _table("agency/desk/titles.html", form, table, table.rows)


@blueprint.get("/majors")
@guard(may_read_tables)
def majors() -> ResponseReturnValue:
    form = TableFilterForm(request.args)
    word = (form.q.data or "")[:60]
    table = reference.majors(db.session(), word, on=clock.today())
    return _table("agency/desk/majors.html", form, table, table.rows)


def _table(template: str, form: TableFilterForm, table: object, rows: tuple[object, ...]) -> ResponseReturnValue:
    pages = max(1, -(-len(rows) // ROWS))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        template,
        form=form,
        table=table,
        rows=rows[(page - 1) * ROWS : page * ROWS],
        page=page,
        pages=pages,
        may_correct=is_admin(signed_in(), None),
    )


@blueprint.route("/titles/new", methods=["GET", "POST"])
@guard(is_admin)
def correct_title() -> ResponseReturnValue:
    form = TitleCorrectionForm(data={"title": request.args.get("title", ""), "since": clock.today()})
    if form.submitted():
        try:
            checked = services.correct_title(
                form.title.data or "",
                form.series.data or "",
                TitleLevel(form.level.data),
                form.first_day(),
                reason=form.reason.data or "",
                by=signed_in(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_done(checked))
            return redirect(url_for("agency_desk.titles", q=form.title.data))
    return render_template("agency/desk/correct_title.html", form=form), form.status


@blueprint.route("/majors/new", methods=["GET", "POST"])
@guard(is_admin)
def correct_major() -> ResponseReturnValue:
    form = MajorCorrectionForm(data={"major": request.args.get("major", ""), "since": clock.today()})
    if form.submitted():
        try:
            checked = services.correct_major(
                form.major.data or "",
                Standing(form.standing.data),
                form.first_day(),
                reason=form.reason.data or "",
                by=signed_in(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_done(checked))
            return redirect(url_for("agency_desk.majors", q=form.major.data))
    return render_template("agency/desk/correct_major.html", form=form), form.status


def _done(checked: int) -> str:
    return f"更正已保存，{checked} 家有此情形的已备案机构已重新核对。" if checked else "更正已保存。"
