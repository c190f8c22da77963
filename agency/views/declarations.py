"""What the agency declares, and the letter of commitment it prints and signs."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_agency
from accounts.signin import signed_in
from agency import overview, queries
from agency.forms.fields import choices_of
from agency.forms.particulars import DeclarationForm
from agency.particulars import DeclarationKind, MaterialKind
from agency.services import particulars as services
from agency.views.routing import blueprint, own, refuse
from core.db import db
from core.errors import DomainError
from core.forms import VersionedForm
from core.guards import guard


@blueprint.route("/declarations", methods=["GET", "POST"])
@guard(is_agency)
def declarations() -> ResponseReturnValue:
    agency = own()
    form = DeclarationForm(data={"version": agency.version})
    made = {declaration.kind for declaration in agency.declarations}
    form.kinds.choices = choices_of(kind for kind in DeclarationKind if kind not in made)
    if form.submitted():
        kinds = tuple(DeclarationKind(value) for value in form.kinds.data or ())
        try:
            services.sign_declarations(
                agency.id, kinds, signed_by=form.signed_by.data or "", version=form.shown_version, by=signed_in()
            )
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash("声明已签署。")
            return redirect(url_for("agency.declarations"))
    agency = own()
    slots = overview.slots(queries.particulars_of(db.session(), agency), (MaterialKind.COMMITMENT,))
    return render_template("agency/declarations.html", agency=agency, form=form, slots=slots), form.status


@blueprint.post("/declarations/<kind>/withdraw")
@guard(is_agency)
def withdraw_declaration(kind: str) -> ResponseReturnValue:
    if kind not in set(DeclarationKind):
        abort(404)
    form = VersionedForm(request.form)
    try:
        services.withdraw_declaration(own().id, DeclarationKind(kind), version=form.shown_version, by=signed_in())
    except DomainError as refusal:
        flash(refusal.message, "error")
    else:
        flash("声明已撤回，重新签署前备案条件不齐。", "warning")
    return redirect(url_for("agency.declarations"))


@blueprint.get("/declarations/letter")
@guard(is_agency)
def commitment_letter() -> ResponseReturnValue:
    return render_template("agency/commitment_letter.html", agency=own())
