"""第二十四条: what is to be put right, as who is told to sees it; the proof is handed in here."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import clock, delivery
from core.db import db
from core.errors import DomainError
from core.guards import guard
from supervision import policies
from supervision.forms.verification import ProofForm, chosen_files
from supervision.models import Rectification
from supervision.queries import matters as queries
from supervision.rules.outcomes import TO_DO
from supervision.services import measuring
from supervision.views import blueprint, delivering

AT = "/rectifications/<int:rectification_id>"
own = guard(policies.may_answer, load=queries.rectification_seen_by)


@blueprint.get(AT)
@own
def rectification(rectification: Rectification) -> ResponseReturnValue:
    return _page(rectification, ProofForm(formdata=None, data={"version": rectification.version}))


@blueprint.post(f"{AT}/proof")
@own
def hand_in_rectification(rectification: Rectification) -> ResponseReturnValue:
    form, rectification_id = ProofForm(), rectification.id
    if form.submitted():
        try:
            measuring.hand_in(
                rectification_id,
                form.text.data or "",
                chosen_files("files"),
                version=form.shown_version,
                by=signed_in(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("整改材料已提交，请等待复查。")
            return redirect(url_for(".rectification", rectification_id=rectification_id))
    return _page(db.session().get_one(Rectification, rectification_id, populate_existing=True), form)


def _page(rectification: Rectification, form: ProofForm) -> ResponseReturnValue:
    return render_template(
        "supervision/rectification.html",
        rectification=rectification,
        form=form,
        files=queries.files_of_rectification(db.session(), rectification),
        is_due=rectification.state in TO_DO,
        today=clock.today(),
        matters_url=delivering.matters_url(),
    ), form.status


@blueprint.get(f"{AT}/files/<int:file_id>")
@own
def rectification_file(rectification: Rectification, file_id: int) -> ResponseReturnValue:
    found = delivering.of(queries.files_of_rectification(db.session(), rectification), file_id)
    at = {"rectification_id": rectification.id, "file_id": file_id}
    show_url = url_for(".rectification", rectification_id=rectification.id)
    return delivering.viewer_page(found, ".rectification_file", rectification.number, show_url, at)


@blueprint.get(f"{AT}/files/<int:file_id>/pages/<int:page>")
@own
def rectification_file_page(rectification: Rectification, file_id: int, page: int) -> ResponseReturnValue:
    files = queries.files_of_rectification(db.session(), rectification)
    return delivery.picture(delivering.of(files, file_id).file, page)


@blueprint.get(f"{AT}/files/<int:file_id>/download")
@own
def rectification_file_download(rectification: Rectification, file_id: int) -> ResponseReturnValue:
    return delivering.download(delivering.of(queries.files_of_rectification(db.session(), rectification), file_id))
