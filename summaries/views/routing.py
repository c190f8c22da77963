"""Where the agency's pages hang, and what stands in the way of all of them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from summaries.queries.own import Own

blueprint = Blueprint("summary", __name__, url_prefix="/summaries")
AT = "/<int:year>"


def closed(own: Own) -> ResponseReturnValue | None:
    """The page that says why the year is not open, and from when it is; None where it is."""
    if not own.obstacle:
        return None
    return render_template("summaries/closed.html", own=own), 409


def too_late(own: Own, possible: bool, what: str) -> ResponseReturnValue | None:
    """By Back or an old link one comes too late for an act: then to where the summary stands."""
    if possible or request.method != "GET":
        return None
    flash(f"这份总结现在是“{own.state.label}”，不能{what}。", "warning")
    return redirect(url_for("summary.show", year=own.year))
