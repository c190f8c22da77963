"""监督事项: what is intended against a party, its evidence, its statement, what was answered and decided."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.signin import signed_in
from core import delivery, law
from core.db import db
from core.errors import DomainError
from core.forms import VersionedForm
from core.guards import guard
from sanctions import policies, wording
from sanctions.forms.proceedings import StatementForm
from sanctions.models import Proceeding, Served, State
from sanctions.outlook import next_own, own_word
from sanctions.queries import own as queries
from sanctions.queries import proceedings as found_by
from sanctions.queries.own import own_file, own_of
from sanctions.queries.proceedings import FoundFile
from sanctions.rules import course
from sanctions.rules.course import Action
from sanctions.services import hearing, serving
from sanctions.views import blueprint
from supervision.queries import matters as asked_of

AT = "/proceedings/<int:proceeding_id>"


@blueprint.get("")
@guard(policies.may_see_matters)
def matters() -> ResponseReturnValue:
    session = db.session()
    user = signed_in()
    rows = [(row, found_by.is_term_over(row)) for row in queries.of_party(session, user)]
    asked = asked_of.of_party(session, agency_id=user.agency_id, applicant_id=user.applicant_id)
    words = {row.id: own_word(row, term_over=over) for row, over in rows}
    return render_template("sanctions/matters.html", rows=rows, words=words, asked=asked)


@blueprint.get(AT)
@guard(policies.is_own, load=own_of)
def show(row: Proceeding) -> ResponseReturnValue:
    found = found_by.shown(db.session(), row)
    return render_template(
        "sanctions/show.html",
        found=found,
        row=row,
        word=own_word(row, term_over=found.term_over),
        next=next_own(found),
        opened=opened(row),
        may_state=course.may_follow(row.state, Action.STATE) and not found.term_over,
        answered=row.state not in (State.TOLD, State.STATED),
        titles={what: wording.title_of(what, row, law.jurisdiction()) for what in Served},
    )


def opened(row: Proceeding) -> frozenset[Served]:
    """Which documents somebody of the party has opened."""
    return frozenset(each.what for each in row.services if each.opened_at is not None)


@blueprint.post(f"{AT}/services/<int:service_id>/open")
@guard(policies.is_own, load=own_of)
def open_document(row: Proceeding, service_id: int) -> ResponseReturnValue:
    """The moment of the first opening is kept, so this is no GET."""
    row_id, form = row.id, VersionedForm()
    service = next((each for each in row.services if each.id == service_id), None)
    if service is None or service.served_on is None:
        raise NotFound
    what = service.what
    if not form.submitted():
        return redirect(url_for(".show", proceeding_id=row_id))
    serving.open_document(row_id, service_id, by=signed_in())
    return redirect(url_for(".notice" if what is Served.NOTICE else ".decision", proceeding_id=row_id))


@blueprint.get(f"{AT}/notice")
@guard(policies.is_own, load=own_of)
def notice(row: Proceeding) -> ResponseReturnValue:
    if Served.NOTICE not in opened(row):
        return _open_first(row)
    found = found_by.shown(db.session(), row)
    titles = [each.title for each in found.files]
    document = wording.notice(row, found.evaluations, titles, law.jurisdiction())
    return render_template("sanctions/print.html", row=row, document=document)


@blueprint.get(f"{AT}/decision")
@guard(policies.is_own, load=own_of)
def decision(row: Proceeding) -> ResponseReturnValue:
    if row.served_at is None:
        raise NotFound
    if Served.DECISION not in opened(row):
        return _open_first(row)
    return render_template("sanctions/print.html", row=row, document=wording.decision(row, law.jurisdiction()))


def _open_first(row: Proceeding) -> ResponseReturnValue:
    flash("请先打开文书：首次查阅的时间会记录下来。")
    return redirect(url_for(".show", proceeding_id=row.id))


@blueprint.route(f"{AT}/statement", methods=["GET", "POST"])
@guard(policies.is_own, load=own_of)
def state_case(row: Proceeding) -> ResponseReturnValue:
    form, row_id = StatementForm(data={"version": row.version}), row.id
    if form.submitted():
        try:
            hearing.state_case(row_id, form.text.data or "", form.uploads(), version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("陈述、申辩已提交，主管部门将逐点答复。")
            return redirect(url_for(".show", proceeding_id=row_id))
    return render_template("sanctions/state_case.html", row=own_of(signed_in(), row_id), form=form), form.status


@blueprint.route(f"{AT}/waive", methods=["GET", "POST"])
@guard(policies.is_own, load=own_of)
def waive(row: Proceeding) -> ResponseReturnValue:
    form, row_id = VersionedForm(data={"version": row.version}), row.id
    if form.submitted():
        try:
            hearing.waive(row_id, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已放弃陈述、申辩。")
            return redirect(url_for(".show", proceeding_id=row_id))
    return render_template("sanctions/waive.html", row=own_of(signed_in(), row_id), form=form), form.status


@blueprint.get(f"{AT}/files/<int:file_id>")
@guard(policies.is_own, load=own_file)
def file(found: FoundFile) -> ResponseReturnValue:
    page = min(max(request.args.get("page", 1, type=int), 1), found.file.pages)
    return render_template("sanctions/file.html", found=found, page=page)


@blueprint.get(f"{AT}/files/<int:file_id>/pages/<int:page>")
@guard(policies.is_own, load=own_file)
def file_page(found: FoundFile, page: int) -> ResponseReturnValue:
    return delivery.picture(found.file, page)


@blueprint.get(f"{AT}/files/<int:file_id>/download")
@guard(policies.is_own, load=own_file)
def file_download(found: FoundFile) -> ResponseReturnValue:
    return delivery.attachment(found.file)
