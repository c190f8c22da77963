"""The page of one act on a case: a form, what happens by it, back to the case."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.db import db
from core.errors import DomainError
from core.forms import VersionedForm
from core.guards import guard
from supervision import policies
from supervision.queries import cases as queries
from supervision.services import looking

see = guard(policies.may_see_case, load=queries.case_for, refused=looking.refused)
handle = guard(policies.may_handle_case, load=queries.case_for, refused=looking.refused)


def act_page(
    case_id: int,
    form: VersionedForm,
    act: Callable[[], Any],
    done: str | Callable[[Any], str],
    *,
    title: str,
    lead: str,
    submit: str,
    consequences: Sequence[str] = (),
    template: str = "supervision/desk/act_case.html",
    anchor: str | None = None,
    **shown: Any,
) -> ResponseReturnValue:
    """Do it on a hand-in and go back to the case; else, or when it is refused, the form."""
    if form.submitted():
        try:
            result = act()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(done if isinstance(done, str) else done(result))
            return redirect(url_for(".show_case", case_id=case_id, _anchor=anchor))
    case = queries.find_case(db.session(), case_id)
    return render_template(
        template,
        case=case,
        form=form,
        title=title,
        lead=lead,
        submit=submit,
        consequences=consequences,
        **shown,
    ), form.status


def press(case_id: int, form: VersionedForm, act: Callable[[], Any], done: str, anchor: str) -> ResponseReturnValue:
    """One button on the case's page: what refuses it is said there."""
    if form.submitted():
        try:
            act()
        except DomainError as refusal:
            flash(refusal.message, "error")
        else:
            flash(done)
    return redirect(url_for(".show_case", case_id=case_id, _anchor=anchor))
