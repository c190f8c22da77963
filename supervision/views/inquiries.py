"""An inquiry as the agency or unit that is asked sees it: opened by a button, answered with files, late ones too."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import clock, delivery
from core.db import db
from core.errors import DomainError
from core.guards import guard
from supervision import policies
from supervision.forms.verification import AnswerForm, ConfirmForm, chosen_files
from supervision.models import Inquiry
from supervision.queries import matters as queries
from supervision.services import asking
from supervision.views import blueprint, delivering

AT = "/inquiries/<int:inquiry_id>"
own = guard(policies.may_answer, load=queries.inquiry_seen_by)


@blueprint.get(AT)
@own
def inquiry(inquiry: Inquiry) -> ResponseReturnValue:
    return _page(inquiry, AnswerForm(formdata=None, data={"version": inquiry.version}))


@blueprint.post(f"{AT}/open")
@own
def open_inquiry(inquiry: Inquiry) -> ResponseReturnValue:
    form, inquiry_id = ConfirmForm(), inquiry.id
    if form.submitted():
        asking.open_(inquiry_id, by=signed_in())
    return redirect(url_for(".inquiry", inquiry_id=inquiry_id))


@blueprint.post(f"{AT}/answer")
@own
def answer_inquiry(inquiry: Inquiry) -> ResponseReturnValue:
    form, inquiry_id = AnswerForm(), inquiry.id
    if form.submitted():
        try:
            in_time = asking.answer(
                inquiry_id,
                form.text.data or "",
                chosen_files("files"),
                version=form.shown_version,
                by=signed_in(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("答复已提交。" if in_time else "答复已提交；已过答复期限，提交的时间会记录下来。")
            return redirect(url_for(".inquiry", inquiry_id=inquiry_id))
    return _page(db.session().get_one(Inquiry, inquiry_id, populate_existing=True), form)


def _page(inquiry: Inquiry, form: AnswerForm) -> ResponseReturnValue:
    return render_template(
        "supervision/inquiry.html",
        inquiry=inquiry,
        form=form,
        files=queries.files_of_inquiry(db.session(), inquiry),
        word=queries.inquiry_word(inquiry),
        today=clock.today(),
        matters_url=delivering.matters_url(),
    ), form.status


@blueprint.get(f"{AT}/files/<int:file_id>")
@own
def inquiry_file(inquiry: Inquiry, file_id: int) -> ResponseReturnValue:
    found = delivering.of(queries.files_of_inquiry(db.session(), inquiry), file_id)
    at = {"inquiry_id": inquiry.id, "file_id": file_id}
    return delivering.viewer_page(
        found, ".inquiry_file", inquiry.number, url_for(".inquiry", inquiry_id=inquiry.id), at
    )


@blueprint.get(f"{AT}/files/<int:file_id>/pages/<int:page>")
@own
def inquiry_file_page(inquiry: Inquiry, file_id: int, page: int) -> ResponseReturnValue:
    return delivery.picture(delivering.of(queries.files_of_inquiry(db.session(), inquiry), file_id).file, page)


@blueprint.get(f"{AT}/files/<int:file_id>/download")
@own
def inquiry_file_download(inquiry: Inquiry, file_id: int) -> ResponseReturnValue:
    return delivering.download(delivering.of(queries.files_of_inquiry(db.session(), inquiry), file_id))
