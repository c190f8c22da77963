"""What every act at the desk does with its form: the service once, then the proceeding's page, or the form again."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from core.db import db
from core.errors import DomainError
from core.forms import VersionedForm
from sanctions.models import Proceeding
from sanctions.queries import proceedings as queries
from sanctions.queries.proceedings import FoundFile


@dataclass(frozen=True, slots=True)
class Act:
    """How the page of an act reads. `consequences`: asked once more, what will happen; `facts`: what to look at."""

    title: str
    submit: str
    done: str
    lead: str = ""
    consequences: tuple[str, ...] = ()
    danger: bool = False
    facts: tuple[tuple[str, str], ...] = ()


def proceeding_of(user: User, proceeding_id: int) -> Proceeding | None:
    """The loader of the desk's guards."""
    return queries.find(db.session(), proceeding_id)


def file_of(user: User, proceeding_id: int, file_id: int) -> FoundFile | None:
    session = db.session()
    row = queries.find(session, proceeding_id)
    return queries.file_of(session, row, file_id) if row is not None else None


def act(proceeding_id: int, form: VersionedForm, do: Callable[[], object], page: Act) -> ResponseReturnValue:
    if form.submitted():
        try:
            do()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(page.done)
            return redirect(url_for("sanction_desk.show", proceeding_id=proceeding_id))
    row = queries.find(db.session(), proceeding_id)
    if row is None:
        return "", 404
    found = queries.shown(db.session(), row)
    return render_template("sanctions/desk/act.html", found=found, row=row, form=form, act=page), form.status
