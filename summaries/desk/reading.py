"""One summary at the desk: beside the register, its versions, accepted or returned."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import delivery
from core.db import db
from core.errors import DomainError
from core.forms import VersionedForm
from core.guards import guard
from summaries import desk_rules, policies, stages
from summaries.desk import blueprint
from summaries.desk.forms import AcceptForm, ReturnForm
from summaries.models import Summary
from summaries.queries import reading as queries
from summaries.queries.reading import SummaryFile, file_seen_by, summary_seen_by
from summaries.rules import may_follow
from summaries.services import reading as services
from summaries.states import Action
from summaries.versions import TEXTS

AT = "/reports/<int:summary_id>"


def may_read_file(user: Any, found: SummaryFile) -> bool:
    return policies.may_read_summary(user, found.summary)


@blueprint.get(AT)
@guard(policies.may_read_summary, load=summary_seen_by)
def show(summary: Summary) -> ResponseReturnValue:
    decides = policies.may_decide_on_summary(signed_in(), summary)
    return render_template(
        "summaries/desk/show.html",
        summary=summary,
        read=queries.read(db.session(), summary, request.args.get("version", type=int)),
        texts=TEXTS,
        may_accept=decides and may_follow(summary.state, Action.ACCEPT),
        may_return=decides and may_follow(summary.state, Action.RETURN),
        told_as=stages.told_as,
    )


@blueprint.get(f"{AT}/versions")
@guard(policies.may_read_summary, load=summary_seen_by)
def versions(summary: Summary) -> ResponseReturnValue:
    """The latest two, or those that the address says."""
    last = summary.versions[-1].number
    after = request.args.get("after", last, type=int)
    before = request.args.get("before", max(after - 1, 1), type=int)
    found = queries.compared(db.session(), summary, before, after)
    if found is None:
        abort(404)
    return render_template("summaries/desk/versions.html", summary=summary, rows=found, before=before, after=after)


@blueprint.route(f"{AT}/accept", methods=["GET", "POST"])
@guard(policies.may_decide_on_summary, load=summary_seen_by)
def accept(summary: Summary) -> ResponseReturnValue:
    form, row_id = AcceptForm(data={"version": summary.version}), summary.id
    return _act(
        row_id,
        form,
        lambda: services.accept(row_id, version=form.shown_version, remark=form.remark.data or "", by=signed_in()),
        "总结已接收，已通知机构。",
        "accept",
    )


@blueprint.route(f"{AT}/return", methods=["GET", "POST"])
@guard(policies.may_decide_on_summary, load=summary_seen_by)
def return_(summary: Summary) -> ResponseReturnValue:
    form, row_id = ReturnForm(data={"version": summary.version}), summary.id
    return _act(
        row_id,
        form,
        lambda: services.return_(
            row_id, desk_rules.points_of(form.points.data or ""), version=form.shown_version, by=signed_in()
        ),
        "总结已退回，已通知机构按意见修改；首次上报的时间不变。",
        "return_",
    )


def _act(
    summary_id: int, form: VersionedForm, act: Callable[[], object], done: str, template: str
) -> ResponseReturnValue:
    if form.submitted():
        try:
            act()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(done)
            return redirect(url_for(".show", summary_id=summary_id))
    found = summary_seen_by(signed_in(), summary_id)
    return render_template(f"summaries/desk/{template}.html", summary=found, form=form), form.status


@blueprint.get(f"{AT}/files/<int:file_id>")
@guard(may_read_file, load=file_seen_by)
def file(found: SummaryFile) -> ResponseReturnValue:
    page = min(max(request.args.get("page", 1, type=int), 1), found.file.pages)
    at: dict[str, Any] = {"summary_id": found.summary.id, "file_id": found.file.id}
    return render_template(
        "summaries/desk/file.html",
        found=found,
        page=page,
        image_url=url_for(".file_page", page=page, **at),
        previous_url=url_for(".file", page=page - 1, _anchor="viewer", **at) if page > 1 else None,
        next_url=url_for(".file", page=page + 1, _anchor="viewer", **at) if page < found.file.pages else None,
        download_url=url_for(".file_download", **at),
    )


@blueprint.get(f"{AT}/files/<int:file_id>/pages/<int:page>")
@guard(may_read_file, load=file_seen_by)
def file_page(found: SummaryFile, page: int) -> Response:
    return delivery.picture(found.file, page)


@blueprint.get(f"{AT}/files/<int:file_id>/download")
@guard(may_read_file, load=file_seen_by)
def file_download(found: SummaryFile) -> Response:
    return delivery.attachment(found.file)
