"""Writing a summary: the long form, saved as it goes, and the files beside it."""

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import clock
from core.errors import DomainError
from core.guards import guard
from evaluations.forms.fields import uploaded
from summaries import policies
from summaries.forms import FILES, MOST_BYTES, AttachForm, DraftForm, StepForm
from summaries.queries.own import Own, own_of
from summaries.services import drafting
from summaries.views.routing import AT, blueprint, closed, too_late


@blueprint.route(f"{AT}/edit", methods=["GET", "POST"])
@guard(policies.is_own, load=own_of)
def edit(own: Own) -> ResponseReturnValue:
    refused = closed(own) or too_late(own, own.editable, "修改")
    if refused is not None:
        return refused
    form = DraftForm.of(own)
    if form.submitted():
        try:
            drafting.save(own.agency_id, own.year, form.entry(), version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
            own = own_of(signed_in(), own.year) or own
        else:
            flash("已保存。")
            return redirect(url_for("summary.show", year=own.year))
    return render_template("summaries/edit.html", own=own, form=form, rows=list(form.rows(own))), form.status


@blueprint.post(f"{AT}/draft")
@guard(policies.is_own, load=own_of)
def save_draft(own: Own) -> ResponseReturnValue:
    """What the page sends by itself while one writes: answers with the new version, or with what is wrong."""
    form = DraftForm.of(own)
    if not form.submitted():
        return jsonify(message="有内容不符合要求，没有保存。"), form.status
    try:
        version = drafting.save(own.agency_id, own.year, form.entry(), version=form.shown_version, by=signed_in())
    except DomainError as refusal:
        form.refuse(refusal)
        return jsonify(message=refusal.message), form.status
    return jsonify(version=version, message=f"{clock.now().astimezone(clock.SHANGHAI):%H:%M} 已自动保存")


@blueprint.route(f"{AT}/attachments", methods=["GET", "POST"])
@guard(policies.is_own, load=own_of)
def attach(own: Own) -> ResponseReturnValue:
    refused = closed(own) or too_late(own, own.editable, "添加附件")
    if refused is not None:
        return refused
    form = AttachForm(data={"version": own.version})
    if form.submitted():
        try:
            drafting.attach(own.agency_id, own.year, uploaded("file"), version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("附件已上传。")
            return redirect(url_for("summary.show", year=own.year, _anchor="files"))
    return render_template("summaries/attach.html", own=own, form=form, accept=FILES, max_bytes=MOST_BYTES), form.status


@blueprint.post(f"{AT}/attachments/<int:attachment_id>/remove")
@guard(policies.is_own, load=own_of)
def detach(own: Own, attachment_id: int) -> ResponseReturnValue:
    form = StepForm()
    if form.submitted():
        try:
            drafting.detach(own.agency_id, own.year, attachment_id, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            flash(refusal.message, "error")
        else:
            flash("附件已移除。")
    return redirect(url_for("summary.show", year=own.year, _anchor="files"))
