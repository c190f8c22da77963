"""What the leading agency enters of its work: plan, team, visits, review, agreement, advice, the applicant's letter."""

from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core.db import db
from core.guards import guard
from evaluations import policies
from evaluations.forms import working as forms
from evaluations.forms.fields import uploaded
from evaluations.models import Evaluation
from evaluations.queries import evaluation_seen_by
from evaluations.queries import working as queries
from evaluations.queries.rosters import filed_staff
from evaluations.rules.states import AdviceKind
from evaluations.rules.working import Task
from evaluations.services import working as services
from evaluations.views.acting import act_page
from evaluations.views.routing import blueprint

AT = "/<int:evaluation_id>"


@blueprint.route(f"{AT}/plan", methods=["GET", "POST"])
@guard(policies.leads, load=evaluation_seen_by)
def plan(evaluation: Evaluation) -> ResponseReturnValue:
    form = forms.PlanForm(
        data={
            "version": evaluation.version,
            "planned_from": evaluation.planned_from,
            "planned_until": evaluation.planned_until,
        }
    )
    return act_page(
        evaluation,
        Task.PLAN,
        form,
        lambda: services.change_plan(
            evaluation.id,
            form.planned_from.data,
            form.planned_until.data,
            version=form.shown_version,
            by=signed_in(),
        ),
        "计划日期已保存。",
        "plan",
    )


@blueprint.route(f"{AT}/team", methods=["GET", "POST"])
@guard(policies.leads, load=evaluation_seen_by)
def team(evaluation: Evaluation) -> ResponseReturnValue:
    """The filed staff of the agency that leads, and who is on the team already."""
    filed = filed_staff(db.session(), queries.agencies_of(evaluation)[:1])
    people = {(each.agency_id, each.person_id): forms.known_as(each.name, each.title) for each in filed}
    staying = queries.still_there(db.session(), evaluation)
    for member in evaluation.team:
        if (member.agency_id, member.person_id) in staying:
            people.setdefault((member.agency_id or 0, member.person_id or 0), forms.known_as(member.name, "", "在组"))
    leader = next((member.person_id for member in evaluation.team if member.leads), None)
    form = forms.TeamForm(
        people=tuple(people.items()),
        version=evaluation.version,
        team=forms.chosen([(member.agency_id, member.person_id) for member in evaluation.team]),
        leader_id=str(leader or ""),
    )
    return act_page(
        evaluation,
        Task.TEAM,
        form,
        lambda: services.change_team(
            evaluation.id, form.members(), form.leader(), version=form.shown_version, by=signed_in()
        ),
        "评价小组已调整。",
        "team",
        gone=[member for member in evaluation.team if (member.agency_id, member.person_id) not in staying],
    )


@blueprint.route(f"{AT}/visits/new", methods=["GET", "POST"])
@guard(policies.leads, load=evaluation_seen_by)
def visit(evaluation: Evaluation) -> ResponseReturnValue:
    form = forms.VisitForm(
        data={
            "version": evaluation.version,
            "place": evaluation.applicant.address,
            "attendees": "、".join(member.name for member in evaluation.team),
        }
    )
    return act_page(
        evaluation,
        Task.VISIT,
        form,
        lambda: services.visit(evaluation.id, form.entry(), version=form.shown_version, by=signed_in()),
        "现场评价已登记。",
        "visit",
    )


@blueprint.route(f"{AT}/reviews/new", methods=["GET", "POST"])
@guard(policies.leads, load=evaluation_seen_by)
def review(evaluation: Evaluation) -> ResponseReturnValue:
    on_team = {member.person_id for member in evaluation.team}
    filed = filed_staff(db.session(), queries.agencies_of(evaluation)[:1])
    people = [
        (each.person_id, forms.known_as(each.name, each.title)) for each in filed if each.person_id not in on_team
    ]
    form = forms.ReviewForm(people=people, version=evaluation.version)
    return act_page(
        evaluation,
        Task.REVIEW,
        form,
        lambda: services.review(evaluation.id, form.entry(), version=form.shown_version, by=signed_in()),
        "内部技术复核已登记。",
        "review",
        last_visit=max((each.on for each in evaluation.visits), default=None),
    )


@blueprint.route(f"{AT}/agreements/new", methods=["GET", "POST"])
@guard(policies.leads, load=evaluation_seen_by)
def replace_agreement(evaluation: Evaluation) -> ResponseReturnValue:
    last = evaluation.agreements[-1] if evaluation.agreements else None
    form = forms.AgreementForm(data={"version": evaluation.version, "amount_fen": last.amount_fen if last else None})
    return act_page(
        evaluation,
        Task.AGREEMENT,
        form,
        lambda: services.replace_agreement(
            evaluation.id,
            form.amount_fen.data or 0,
            uploaded("agreement"),
            version=form.shown_version,
            by=signed_in(),
            reason=form.reason.data or "",
        ),
        "协议已更换，原协议留存；原协议上的标记仍由主管部门核定。",
        "replace_agreement",
        accept=forms.AGREEMENTS,
        max_bytes=forms.MOST_BYTES,
    )


@blueprint.route(f"{AT}/advice/new", methods=["GET", "POST"])
@guard(policies.leads, load=evaluation_seen_by)
def advise(evaluation: Evaluation) -> ResponseReturnValue:
    kind = AdviceKind.FOLLOW_UP if evaluation.advice else AdviceKind.ADVICE
    form = forms.AdviceForm(data={"version": evaluation.version, "kind": kind.value})
    return act_page(
        evaluation,
        Task.ADVISE,
        form,
        lambda: services.advise(evaluation.id, form.entry(), version=form.shown_version, by=signed_in()),
        "已登记。",
        "advise",
    )


@blueprint.route(f"{AT}/letter", methods=["GET", "POST"])
@guard(policies.leads, load=evaluation_seen_by)
def letter(evaluation: Evaluation) -> ResponseReturnValue:
    form = forms.LetterForm(data={"version": evaluation.version})
    return act_page(
        evaluation,
        Task.LETTER,
        form,
        lambda: services.upload_letter(evaluation.id, uploaded("letter"), version=form.shown_version, by=signed_in()),
        "确认函已上传。",
        "letter",
        accept=forms.FILES,
        max_bytes=forms.MOST_BYTES,
    )
