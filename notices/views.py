"""Each reader's notices: the list, one of them, and the table of who is told what."""

from collections.abc import Callable
from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import policies
from accounts.models import User
from accounts.signin import signed_in
from core.db import LARGEST_INTEGER, db
from core.guards import guard
from notices import queries
from notices.events import SECTIONS
from notices.forms import InboxFilterForm
from notices.models import Notice
from notices.services import reading

blueprint = Blueprint("notices", __name__, url_prefix="/notices")

Locate = Callable[[str, int | None, User], str | None]


@blueprint.get("")
@guard(policies.is_signed_in)
def inbox() -> ResponseReturnValue:
    form, cursor = InboxFilterForm(request.args), request.args.get("cursor")
    shown = queries.inbox(
        db.session(), signed_in(), cursor, only_unread=form.unread.data == "yes", about=form.about.data or None
    )
    waiting = queries.unread_count(db.session(), signed_in())
    newest = not cursor and not form.shown()
    return render_template(
        "notices/inbox.html", form=form, page=shown.page, unread=shown.unread, waiting=waiting, newest=newest
    )


@blueprint.get("/<int:notice_id>")
@guard(policies.is_signed_in, load=queries.notice_seen_by)
def show_notice(notice: Notice) -> ResponseReturnValue:
    """Where the link of a mail leads: the notice, and the button that opens what it is about."""
    return render_template("notices/notice.html", notice=notice)


@blueprint.post("/<int:notice_id>/open")
@guard(policies.is_signed_in, load=queries.notice_seen_by)
def open_notice(notice: Notice) -> ResponseReturnValue:
    kind, about = notice.about_kind, notice.about_id
    reading.mark_read(notice.id, by=signed_in())
    target = _locate()(kind, about, signed_in())
    if target is None:
        flash("这条消息没有对应的页面，已标为已读。")
    return redirect(target or url_for("notices.inbox"))


@blueprint.post("/read")
@guard(policies.is_signed_in)
def mark_all_read() -> ResponseReturnValue:
    reading.mark_all_read(by=signed_in(), up_to=min(request.form.get("up_to", 0, type=int), LARGEST_INTEGER))
    flash("已全部标为已读。")
    return redirect(url_for("notices.inbox"))


@blueprint.get("/events")
@guard(policies.is_signed_in)
def events() -> ResponseReturnValue:
    """什么事通知谁."""
    return render_template("notices/events.html", sections=SECTIONS)


def _locate() -> Locate:
    """Where an object's page is: known where the packages meet, far above this one (app.py hands it in)."""
    return cast(Locate, current_app.extensions["locate"])
