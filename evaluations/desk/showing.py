"""An evaluation on the officers' desk: everything on one page, and what can be done now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.policies import is_department
from accounts.signin import signed_in
from agency.queries import places
from agency.queries.places import HolderUsage
from core import clock, law
from core.db import db
from core.guards import guard
from core.places import place_label
from evaluations import flagging, policies
from evaluations.delivering import serve_files
from evaluations.desk.routing import blueprint
from evaluations.models import Evaluation, Party
from evaluations.overview import overview_of
from evaluations.queries import adopting as facts
from evaluations.queries import evaluation_seen_by
from evaluations.queries import gate as gate_facts
from evaluations.rules import adopting, gate
from evaluations.rules.adopting import Objection
from evaluations.rules.course import may_follow
from evaluations.rules.states import ENDED, Action, Consent, HoldKind, Level, Mode, Release, State

serve_files(blueprint, is_department)


@dataclass(frozen=True, slots=True)
class Turn:
    """What this officer can do with it now: endpoints of the desk, the first of them the main one."""

    acts: tuple[str, ...]

    def may(self, act: str) -> bool:
        return act in self.acts


def turn_of(user: User, evaluation: Evaluation, objections: Sequence[Objection]) -> Turn:
    decides, settles = policies.may_decide_on(user, evaluation), policies.may_settle(user, evaluation)
    admits = policies.may_admit(user, evaluation)
    disputed = flagging.open_hold(evaluation, HoldKind.DISPUTE) is not None
    blocked = flagging.open_hold(evaluation, HoldKind.BLOCK) is not None
    runs = evaluation.state not in ENDED
    handed_over = may_follow(evaluation.state, Action.ADOPT)
    possible = {
        "decide_dispute": decides and disputed,
        "decide_partner": decides and refusing(evaluation) is not None,
        "adopt": decides and handed_over and (not objections or (admits and all(each.yields for each in objections))),
        "admit": admits and handed_over and any(each.yields for each in objections),
        "decline": decides and handed_over and not disputed,
        "release": settles and evaluation.release is Release.ASKED,
        "lift": decides and blocked,
        "block": decides and runs and not blocked,
        "place": decides and may_be_placed(evaluation),
        "restore": settles and evaluation.state is State.WITHDRAWN,
        "add_letter": settles and runs and evaluation.mode is Mode.THIRD_PARTY and not facts.is_confirmed(evaluation),
    }
    return Turn(tuple(act for act, is_possible in possible.items() if is_possible))


def may_be_placed(evaluation: Evaluation) -> bool:
    """Over the cap, and not withdrawn."""
    counts = evaluation.level is Level.NATIONAL and evaluation.state is not State.WITHDRAWN
    return counts and facts.is_over_cap(db.session(), evaluation)


NOT_NOW = {
    "decide_dispute": "没有待决定的异议。",
    "decide_partner": "没有待决定的联合评价答复。",
    "adopt": "不能采信；原因见“采信前核对”。",
    "admit": "没有要由省厅认定的不予采信情形，或者已经认定。",
    "decline": "不能决定不予采信。",
    "release": "没有待确认释放的名额。",
    "place": "没有超额的名额要核定。",
    "lift": "没有待解除的中止。",
    "block": "不能中止，或者已经中止。",
    "restore": "没有撤回，不需要恢复。",
    "add_letter": "不需要上传确认函。",
}


def not_now(evaluation: Evaluation, act: str, objections: Sequence[Objection] = ()) -> str:
    """Why this officer can't do it as things stand; empty where it is possible."""
    if turn_of(signed_in(), evaluation, objections).may(act):
        return ""
    return f"这项评价现在是“{evaluation.state.label}”，{NOT_NOW[act]}"


def refusing(evaluation: Evaluation) -> Party | None:
    """The first of the agencies that say that they don't make it jointly, and on which nobody has decided."""
    running = evaluation.state not in ENDED
    return next((each for each in evaluation.parties if running and each.consent is Consent.REFUSED), None)


@blueprint.get("/<int:evaluation_id>")
@guard(is_department, load=evaluation_seen_by)
def show(evaluation: Evaluation) -> ResponseReturnValue:
    session = db.session()
    objections = objections_to(session, evaluation)
    return render_template(
        "evaluations/desk/show.html",
        evaluation=evaluation,
        overview=overview_of(session, evaluation, on=clock.today()),
        turn=turn_of(signed_in(), evaluation, objections),
        objections=objections,
        gate=gate_of(session, evaluation),
        usage=usage_of(session, evaluation),
        dispute=flagging.open_hold(evaluation, HoldKind.DISPUTE),
        refusing=refusing(evaluation),
        block=flagging.open_hold(evaluation, HoldKind.BLOCK),
        place=place_label(evaluation.bureau, ""),
        runs=evaluation.state not in ENDED,
    )


def objections_to(session: Session, evaluation: Evaluation) -> tuple[Objection, ...]:
    """What stands against adopting it today; nothing is asked of one that has ended."""
    if evaluation.state in ENDED:
        return ()
    return adopting.hindrances(facts.facts_of(session, evaluation, on=clock.today()))


def gate_of(session: Session, evaluation: Evaluation) -> gate.GateResult | None:
    """How the gate would judge it today, but for what adopting it asks as well; its places it holds already."""
    if evaluation.state in ENDED:
        return None
    judged = gate_facts.facts_of_raising(session, evaluation, on=clock.today(), desk=True)
    intent = replace(judged.intent, counted_on=evaluation.counted_on)
    applicant = replace(judged.applicant, exclusions=())
    return gate.check(replace(judged, intent=intent, applicant=applicant, usage=()), law.jurisdiction())


def usage_of(session: Session, evaluation: Evaluation) -> tuple[HolderUsage, ...]:
    """The places of its representatives and agencies, of the national ones: the desk sees all by name."""
    agency_ids = [party.agency_id for party in evaluation.parties]
    if evaluation.level is not Level.NATIONAL or not agency_ids:
        return ()
    return places.usage(session, agency_ids, counted_on=evaluation.counted_on)
