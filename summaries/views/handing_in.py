"""Handing a summary in, with content or nil, and telling later what was done afterwards."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core.errors import DomainError
from core.forms import VersionedForm
from core.guards import guard
from summaries import outlook, policies, rules
from summaries.entries import Receipt
from summaries.forms import FILES, MOST_BYTES, StepForm, SupplementForm, chosen_file
from summaries.queries.own import Own, own_of
from summaries.services import handing_in
from summaries.states import Action
from summaries.views.routing import AT, blueprint, closed, too_late


@blueprint.route(f"{AT}/hand-in", methods=["GET", "POST"])
@guard(policies.is_own, load=own_of)
def hand_in(own: Own) -> ResponseReturnValue:
    form = StepForm(data={"version": own.version})
    return _hand_in_page(
        own,
        form,
        lambda: handing_in.hand_in(own.agency_id, own.year, version=form.shown_version, by=signed_in()),
        "hand_in",
        lacks=outlook.lacks(own),
    )


@blueprint.route(f"{AT}/nil", methods=["GET", "POST"])
@guard(policies.is_own, load=own_of)
def nil(own: Own) -> ResponseReturnValue:
    form = StepForm(data={"version": own.version})
    return _hand_in_page(
        own,
        form,
        lambda: handing_in.hand_in_nil(own.agency_id, own.year, version=form.shown_version, by=signed_in()),
        "nil",
    )


def _hand_in_page(
    own: Own, form: VersionedForm, act: Callable[[], Receipt], template: str, **shown: Any
) -> ResponseReturnValue:
    refused = closed(own) or too_late(own, rules.may_follow(own.state, Action.HAND_IN), "上报")
    if refused is not None:
        return refused
    if form.submitted():
        try:
            receipt = act()
        except DomainError as refusal:
            form.refuse(refusal)
            own = own_of(signed_in(), own.year) or own
        else:
            flash(f"已上报，回执编号 {receipt.number}。")
            return redirect(url_for("summary.receipt", year=own.year))
    return render_template(f"summaries/{template}.html", own=own, form=form, **shown), form.status


@blueprint.route(f"{AT}/supplement", methods=["GET", "POST"])
@guard(policies.is_own, load=own_of)
def supplement(own: Own) -> ResponseReturnValue:
    refused = closed(own) or too_late(own, own.takes_supplement, "填写补充报告")
    if refused is not None:
        return refused
    form = SupplementForm(data={"version": own.version})
    if form.submitted():
        try:
            handing_in.supplement(
                own.agency_id,
                own.year,
                form.text.data or "",
                chosen_file("file"),
                version=form.shown_version,
                by=signed_in(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            own = own_of(signed_in(), own.year) or own
        else:
            flash("补充报告已上报。")
            return redirect(url_for("summary.show", year=own.year, _anchor="supplements"))
    return render_template(
        "summaries/supplement.html", own=own, form=form, accept=FILES, max_bytes=MOST_BYTES
    ), form.status
