"""A complaint's page, its evidence, and, for a purpose that is written down, who reported."""

from flask import Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.signin import signed_in
from complaints import policies, steps
from complaints.desk import blueprint
from complaints.forms.desk import PurposeForm
from complaints.models import Complaint, ComplaintFile, Question
from complaints.queries import alike, desk, reporters, shown
from complaints.rules import course
from complaints.rules.course import Action
from complaints.rules.handling import Purpose
from complaints.rules.next_steps import Standing, next_step
from complaints.services import looking
from core import delivery
from core.db import db
from core.guards import guard


@blueprint.get("/<int:complaint_id>")
@guard(policies.may_see, load=shown.seen_by, refused=looking.refused)
def show(complaint: Complaint) -> ResponseReturnValue:
    session, user = db.session(), signed_in()
    reads = policies.may_read(user, complaint)
    standing = _standing(user, complaint)
    may_join = reads and course.may_follow(complaint.state, Action.JOIN)
    return render_template(
        "complaints/desk/show.html",
        complaint=complaint,
        reads=reads,
        opens_joined_to=complaint.joined_to is not None and policies.may_see(user, complaint.joined_to),
        handles=policies.may_handle(user, complaint),
        may=lambda name: course.may_follow(complaint.state, Action(name)),
        assigns=policies.may_assign(user, complaint),
        step=next_step(standing),
        clock=steps.clock_now(session, complaint),
        desk=desk.desk_name(complaint.bureau),
        matters=desk.matters_of(complaint),
        history=shown.timeline_of(session, complaint, reads=reads),
        handler=desk.names_of(session, [complaint.handler_id]).get(complaint.handler_id or 0, ""),
        confirmed=standing.confirmed,
        verified=standing.verified,
        contact=reporters.contact_of(session, complaint.id) if reads else None,
        alike=alike.find(session, complaint) if standing.handles and may_join else (),
        files=_numbered(complaint),
        page=_wanted_page(complaint) if reads else None,
    )


def _standing(user: User, complaint: Complaint) -> Standing:
    handles = policies.is_named_handler(user, complaint)
    question = open_question(complaint)
    return Standing(
        state=complaint.state,
        has_handler=complaint.handler_id is not None,
        handles=handles,
        declared=complaint.taken_at is not None,
        assigns=policies.may_assign(user, complaint),
        oversees=policies.may_oversee(user, complaint),
        extension_asked=complaint.extension_asked_at is not None and not handles,
        withdrawn=shown.undecided_withdrawal(complaint),
        asked_until=question.due if question else None,
        calls=len(complaint.calls),
        confirmed=handles and reporters.is_confirmed(db.session(), complaint),
        verified=shown.is_verified(complaint),
    )


def open_question(complaint: Complaint) -> Question | None:
    """The question whose answer is waited for."""
    waited = (each for each in complaint.questions if each.answered_at is None and each.lapsed_at is None)
    return next(waited, None)


def _numbered(complaint: Complaint) -> list[tuple[int, ComplaintFile]]:
    """Its evidence, by number: the giver's file names may give the giver away."""
    return list(enumerate(complaint.files, start=1))


def _wanted_page(complaint: Complaint) -> tuple[int, ComplaintFile, int] | None:
    """Number, file and page of the picture that the address asks for, the first one otherwise."""
    shown_files = [(number, each) for number, each in _numbered(complaint) if each.file.kind.has_pictures]
    if not shown_files:
        return None
    wanted = request.args.get("file", type=int)
    number, file = next(((n, each) for n, each in shown_files if each.id == wanted), shown_files[0])
    page = request.args.get("page", 1, type=int)
    return number, file, page if 1 <= page <= file.file.pages else 1


@blueprint.get("/<int:complaint_id>/files/<int:file_id>/<int:page>")
@guard(policies.may_read, load=shown.seen_by, refused=looking.refused)
def file_page(complaint: Complaint, file_id: int, page: int) -> Response:
    return delivery.picture(_file(complaint, file_id)[1].file, page)


@blueprint.get("/<int:complaint_id>/files/<int:file_id>")
@guard(policies.may_read, load=shown.seen_by, refused=looking.refused)
def file_download(complaint: Complaint, file_id: int) -> Response:
    number, found = _file(complaint, file_id)
    return delivery.attachment(found.file, name=f"{complaint.number} 材料 {number}")


def _file(complaint: Complaint, file_id: int) -> tuple[int, ComplaintFile]:
    found = next(((number, each) for number, each in _numbered(complaint) if each.id == file_id), None)
    return found or abort(404)


@blueprint.route("/<int:complaint_id>/reporter", methods=["GET", "POST"])
@guard(policies.may_read, load=shown.seen_by, refused=looking.refused)
def reporter(complaint: Complaint) -> ResponseReturnValue:
    """Who reported, on the page that answers: it is asked for anew each time, and kept by no browser."""
    form, complaint_id, number = PurposeForm(), complaint.id, complaint.number
    found = None
    if form.submitted():
        found = looking.show_reporter(complaint_id, Purpose(form.purpose.data), by=signed_in())
    answer = make_response(
        render_template(
            "complaints/desk/reporter.html", complaint_id=complaint_id, number=number, form=form, reporter=found
        ),
        form.status,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
