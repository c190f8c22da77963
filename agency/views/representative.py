"""Who is legal representative, and who was."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_agency
from accounts.signin import signed_in
from agency.forms.particulars import CorrectionForm, RepresentativeForm
from agency.services import particulars as services
from agency.views.routing import blueprint, own, refuse
from core.errors import DomainError
from core.guards import guard


@blueprint.route("/representative", methods=["GET", "POST"])
@guard(is_agency)
def representative() -> ResponseReturnValue:
    agency = own()
    form = RepresentativeForm(data={"version": agency.version})
    if form.submitted():
        try:
            services.change_representative(agency.id, form.entry(), version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash("法定代表人已变更。")
            return redirect(url_for("agency.representative"))
    return render_template("agency/representative.html", agency=own(), form=form), form.status


@blueprint.route("/representative/correct", methods=["GET", "POST"])
@guard(is_agency)
def correct_representative() -> ResponseReturnValue:
    agency = own()
    current = agency.representation
    if current is None:
        return redirect(url_for("agency.representative"))
    form = CorrectionForm(
        data={
            "version": agency.version,
            "name": current.name,
            "document": current.person.document.value,
            "phone": current.phone,
            "since": current.since,
        }
    )
    if form.submitted():
        try:
            services.correct_representative(agency.id, form.entry(), version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash("现任法定代表人信息已更正。")
            return redirect(url_for("agency.representative"))
    agency = own()
    return render_template("agency/correct_representative.html", agency=agency, form=form), form.status
