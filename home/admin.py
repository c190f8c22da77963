"""The admin's pages: where to manage what, the values in force, and the log of all changes."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from accounts import policies
from accounts.signin import signed_in
from core import audit, clock, law
from core.db import db
from core.exports import Column, download
from core.guards import guard
from home import log_queries, log_words, objects
from home.log_forms import LogFilterForm
from home.views import blueprint
from scheduling import queries as ledger
from scheduling import workyears

COLUMNS = (
    Column("序号", 8), Column("时间", 17), Column("操作人", 16), Column("来自", 18), Column("操作", 16),
    Column("对象", 12), Column("对象编号", 9), Column("名称", 36), Column("原为", 20), Column("改为", 20),
    Column("理由", 40), Column("校验码", 20),
)  # fmt: skip


@blueprint.get("/admin")
@guard(policies.is_admin)
def admin() -> ResponseReturnValue:
    settings = current_app.extensions["settings"]
    session = db.session()
    return render_template(
        "home/admin.html",
        law=law.jurisdiction(),
        settings=settings,
        failed=ledger.failed_runs(session),
        failing=ledger.failing_pulses(session),
        is_silent=ledger.is_silent(session),
        missing_year=workyears.missing(session, on=clock.today()),
    )


@blueprint.get("/admin/audit")
@guard(policies.is_admin)
def audit_log() -> ResponseReturnValue:
    form = _asked()
    page = log_queries.entries(db.session(), form.wanted(), request.args.get("cursor"))
    return render_template(
        "home/audit_log.html", form=form, page=page, words=log_words, url_of=objects.url_of, user=signed_in()
    )


@blueprint.get("/admin/audit.xlsx")
@guard(policies.is_admin)
def audit_export() -> ResponseReturnValue:
    found = log_queries.rows(db.session(), _asked().wanted())
    return download(
        "操作日志",
        COLUMNS,
        (
            (
                entry.number, entry.at, entry.actor, entry.origin, log_words.action(entry.action),
                log_words.kind(entry.object_kind), entry.object_id, entry.object_label,
                log_words.state(entry.before or ""), log_words.state(entry.after or ""),
                entry.reason, entry.mac,
            )
            for entry in found
        ),
        sheet="操作日志",
    )  # fmt: skip


@blueprint.post("/admin/audit/verify")
@guard(policies.is_admin)
def verify_log() -> ResponseReturnValue:
    """A POST because it reads the whole log: nothing that follows links may start it."""
    return render_template("home/verify_log.html", result=audit.verify(db.session()))


def _asked() -> LogFilterForm:
    session = db.session()
    return LogFilterForm(request.args, actions=log_queries.actions(session), kinds=log_queries.kinds(session))
