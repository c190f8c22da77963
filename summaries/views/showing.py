"""The years, one year's summary, its receipt and its files, as its agency sees them."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from accounts.policies import is_agency
from accounts.signin import signed_in
from core import clock, delivery
from core.db import db
from core.guards import guard
from summaries import outlook, policies
from summaries.figures import STATED, label_of, shown_value
from summaries.forms import TEXTS, StepForm
from summaries.queries import own as queries
from summaries.queries.files import SummaryFile, own_file
from summaries.queries.own import Own, own_of
from summaries.views.routing import AT, blueprint, closed


@blueprint.get("")
@guard(is_agency)
def summaries() -> ResponseReturnValue:
    today = clock.today()
    agency_id = signed_in().agency_id or 0
    current = queries.own(db.session(), agency_id, today.year, today=today)
    return render_template(
        "summaries/summaries.html",
        rows=queries.years_of(db.session(), agency_id, today=today),
        own=current,
        next=outlook.next_of(current),
    )


@blueprint.get(AT)
@guard(policies.is_own, load=own_of)
def show(own: Own) -> ResponseReturnValue:
    refused = closed(own)
    if refused is not None:
        return refused
    return render_template(
        "summaries/show.html",
        own=own,
        next=outlook.next_of(own),
        stages=outlook.stages(own),
        lacks=outlook.lacks(own) if own.editable and own.is_begun else (),
        texts=TEXTS,
        stated=STATED,
        told=[figure for figure in own.figures if figure.key not in {kept.key for kept in STATED}],
        label_of=label_of,
        shown_value=shown_value,
        detach_form=StepForm(data={"version": own.version}),
    )


@blueprint.get(f"{AT}/receipt")
@guard(policies.is_own, load=own_of)
def receipt(own: Own) -> ResponseReturnValue:
    if own.summary is None or own.summary.number is None:
        abort(404)
    return render_template("summaries/receipt.html", own=own, summary=own.summary)


@blueprint.get(f"{AT}/files/<int:file_id>")
@guard(policies.is_own, load=own_file)
def file(found: SummaryFile) -> ResponseReturnValue:
    page = min(max(request.args.get("page", 1, type=int), 1), found.file.pages)
    return render_template("summaries/file.html", found=found, page=page, year=found.summary.year)


@blueprint.get(f"{AT}/files/<int:file_id>/pages/<int:page>")
@guard(policies.is_own, load=own_file)
def file_page(found: SummaryFile, page: int) -> ResponseReturnValue:
    return delivery.picture(found.file, page)


@blueprint.get(f"{AT}/files/<int:file_id>/download")
@guard(policies.is_own, load=own_file)
def file_download(found: SummaryFile) -> ResponseReturnValue:
    return delivery.attachment(found.file)
