"""查看办理情况: a reporter with number and secret. Which complaint it is stands in no address."""

from collections.abc import Callable
from typing import cast

from flask import current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from accounts import demonstration
from complaints.forms.public import AddForm, AnswerForm, DoneForm, FollowForm, ReviewForm, WithdrawForm
from complaints.models import Complaint
from complaints.queries.following import Followed, followed, visited
from complaints.services import following
from complaints.services.following import TooManyWrong
from complaints.uploads import MOST_BYTES
from complaints.views.routing import address, blueprint, sent
from core import clock
from core.db import db
from core.errors import DomainError
from core.forms import Form
from core.guards import open_to_all
from core.settings import Settings

KEY, USED = "complaint_visit", "complaint_visit_used"
IDLE = 30 * 60  # seconds


def visiting() -> Complaint | None:
    """The complaint that this browser follows now."""
    instant = clock.now().timestamp()
    if KEY not in session:
        return None
    found = visited(db.session(), session[KEY]) if 0 <= instant - session.get(USED, 0.0) <= IDLE else None
    if found is None:
        _forget()
    else:
        session[USED] = instant
    return found


def _forget() -> None:
    session.pop(KEY, None)
    session.pop(USED, None)


def to_the_door() -> ResponseReturnValue:
    flash("请输入编号和查询码。", "warning")
    return redirect(url_for(".follow"))


@blueprint.route("/follow", methods=["GET", "POST"])
@open_to_all("number and secret are asked for here")
def follow() -> ResponseReturnValue:
    form = FollowForm()
    if not form.is_submitted() and visiting() is not None:
        return redirect(url_for(".show"))
    if form.submitted():
        try:
            key = following.enter(form.number.data or "", form.secret.data or "", address=address())
        except DomainError as refusal:
            form.refuse(refusal)
            form.status = 429 if isinstance(refusal, TooManyWrong) else 422
        else:
            session[KEY], session[USED] = key, clock.now().timestamp()
            return redirect(url_for(".show"), 303)
    form.secret.data, form.secret.raw_data = "", None
    settings = cast(Settings, current_app.extensions["settings"])
    tried = demonstration.published_complaint(settings.instance) if settings.demonstration else None
    return render_template("complaints/follow.html", form=form, demo_complaint=tried), form.status


@blueprint.post("/follow/leave")
@open_to_all("ends what this browser may see")
def leave() -> ResponseReturnValue:
    if KEY in session:
        following.leave(session[KEY])
    _forget()
    flash("已退出查询，这台设备上不再保留。")
    return redirect(url_for(".follow"))


@blueprint.get("/follow/complaint")
@open_to_all("to whoever entered number and secret; asks for them otherwise")
def show() -> ResponseReturnValue:
    complaint = visiting()
    if complaint is None:
        return to_the_door()
    return render_template("complaints/show.html", seen=followed(db.session(), complaint), done=DoneForm())


@blueprint.route("/follow/questions/<int:question_id>", methods=["GET", "POST"])
@open_to_all("to whoever entered number and secret; asks for them otherwise")
def answer(question_id: int) -> ResponseReturnValue:
    complaint = visiting()
    if complaint is None:
        return to_the_door()
    question = next((each for each in complaint.questions if each.id == question_id), None)
    if question is None:
        return to_the_door()
    form = AnswerForm()
    return _act(
        "answer",
        form,
        complaint,
        lambda: following.answer(complaint.id, question.id, form.text.data or "", sent(), address=address()),
        "您的回答已收到，办理人会看到。",
        question=question,
    )


@blueprint.route("/follow/add", methods=["GET", "POST"])
@open_to_all("to whoever entered number and secret; asks for them otherwise")
def add() -> ResponseReturnValue:
    complaint = visiting()
    if complaint is None:
        return to_the_door()
    form = AddForm()
    return _act(
        "add",
        form,
        complaint,
        lambda: following.add(complaint.id, form.text.data or "", sent(), address=address()),
        "补充的内容已收到，办理人会看到。",
    )


@blueprint.route("/follow/withdraw", methods=["GET", "POST"])
@open_to_all("to whoever entered number and secret; asks for them otherwise")
def withdraw() -> ResponseReturnValue:
    complaint = visiting()
    if complaint is None:
        return to_the_door()
    form = WithdrawForm()
    return _act(
        "withdraw",
        form,
        complaint,
        lambda: following.withdraw(complaint.id, form.text.data or ""),
        "撤回申请已收到，由办理人决定是否继续核实。",
    )


@blueprint.route("/follow/review", methods=["GET", "POST"])
@open_to_all("to whoever entered number and secret; asks for them otherwise")
def review() -> ResponseReturnValue:
    complaint = visiting()
    if complaint is None:
        return to_the_door()
    form = ReviewForm()
    return _act(
        "review",
        form,
        complaint,
        lambda: following.ask_review(complaint.id, form.text.data or ""),
        "复核申请已收到，将由没有办理过这件举报的人员复核。",
    )


def _act(
    name: str, form: Form, complaint: Complaint, act: Callable[[], None], done: str, **shown: object
) -> ResponseReturnValue:
    seen: Followed = followed(db.session(), complaint)
    if form.submitted():
        try:
            act()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(done)
            return redirect(url_for(".show"), 303)
    page = render_template(f"complaints/{name}.html", form=form, seen=seen, most_bytes=MOST_BYTES, **shown)
    return page, form.status
