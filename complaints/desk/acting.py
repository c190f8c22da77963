"""What all pages share on which something is done with a complaint."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from complaints import policies, steps
from complaints.queries import shown
from core.db import db
from core.errors import DomainError
from core.forms import Form


def carried_out(form: Form, act: Callable[[], Any]) -> bool:
    """Whether the form was handed in and the service did it; what it refused stands in the form."""
    if not form.submitted():
        return False
    try:
        act()
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True


def back_to(complaint_id: int, said: str, kind: str = "message") -> ResponseReturnValue:
    """To its page, or to the list for who doesn't see it any more."""
    flash(said, kind)
    complaint = shown.find(db.session(), complaint_id)
    if complaint is None or not policies.may_see(signed_in(), complaint):
        return redirect(url_for("complaint_desk.complaints"))
    return redirect(url_for("complaint_desk.show", complaint_id=complaint_id))


def page(template: str, complaint_id: int, form: Form, **more: Any) -> ResponseReturnValue:
    """A page with its form, and the complaint as it is now; what it says only for who still may read it."""
    session = db.session()
    complaint = shown.find(session, complaint_id)
    if complaint is None:
        return "", 404
    return render_template(
        f"complaints/desk/{template}.html",
        complaint=complaint,
        form=form,
        reads=policies.may_read(signed_in(), complaint),
        clock=steps.clock_now(session, complaint),
        **more,
    ), form.status
