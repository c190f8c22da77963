"""The overview of what an agency has entered, who it is, and its rules."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_agency
from accounts.signin import signed_in
from agency import overview, queries, recheck
from agency.forms.fields import jilin_places
from agency.forms.particulars import FinanceForm, IdentityForm
from agency.models import Agency
from agency.services import particulars as services
from agency.views.routing import blueprint, own, refuse
from core import clock
from core.db import db
from core.errors import DomainError
from core.guards import guard
from core.law import Verdict
from core.places import division_label, provinces


@blueprint.get("/particulars")
@guard(is_agency)
def particulars() -> ResponseReturnValue:
    agency, today = own(), clock.today()
    check = recheck.live_check(db.session(), agency, on=today)
    sections = overview.sections(check, on=today)
    return render_template(
        "agency/particulars.html",
        agency=agency,
        check=check,
        sections=sections,
        next_section=next((section for section in sections if not section.is_complete), None),
        unmet=next((finding for finding in check.findings if finding.verdict is Verdict.NOT_MET), None),
    )


@blueprint.route("/identity", methods=["GET", "POST"])
@guard(is_agency)
def identity() -> ResponseReturnValue:
    agency = own()
    form = IdentityForm(data=_identity(agency))
    if form.submitted():
        try:
            services.update_identity(agency.id, form.identity(), version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash("基本信息已保存。")
            return redirect(url_for("agency.particulars"))
    page = render_template("agency/identity.html", agency=own(), form=form, places=jilin_places())
    return page, form.status


def _identity(agency: Agency) -> dict[str, object]:
    province = agency.division[:2]
    label = division_label(agency.division).removeprefix(provinces().get(province, ""))
    return {
        "version": agency.version,
        "name": agency.name,
        "kind": agency.kind.value,
        "address": agency.address,
        "province": province,
        "place": label or division_label(agency.division),
        "bureau": agency.bureau if agency.bureau == "changbaishan" else "",
        "platform_number": agency.platform_number,
        "platform_registered_on": agency.platform_registered_on,
        "capabilities": [capability.value for capability in agency.capabilities],
        "contact_name": agency.contact_name,
        "contact_phone": agency.contact_phone,
        "contact_email": agency.contact_email,
        "service_consent": bool(agency.service_address),
        "service_address": agency.service_address,
    }


@blueprint.route("/rules", methods=["GET", "POST"])
@guard(is_agency)
def rules() -> ResponseReturnValue:
    agency = own()
    form = FinanceForm(data={"version": agency.version, "finance_system": agency.finance_system})
    if form.submitted():
        try:
            services.describe_finances(
                agency.id, form.finance_system.data or "", version=form.shown_version, by=signed_in()
            )
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash("财务管理制度说明已保存。")
            return redirect(url_for("agency.rules"))
    agency = own()
    slots = overview.slots(queries.particulars_of(db.session(), agency), overview.RULES)
    return render_template("agency/rules.html", agency=agency, form=form, slots=slots), form.status
