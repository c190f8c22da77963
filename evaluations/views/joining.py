"""An agency that another one named as making an evaluation jointly: it confirms, or refuses with its reason."""

from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core.guards import guard
from evaluations import policies
from evaluations.acting import act_page
from evaluations.forms import working as forms
from evaluations.makers import party_of
from evaluations.models import Evaluation
from evaluations.queries import evaluation_seen_by
from evaluations.rules.joining import may_answer
from evaluations.rules.states import Consent, Level
from evaluations.services import joining as services
from evaluations.views.routing import blueprint, own_agency

AT = "/<int:evaluation_id>"


def too_late(evaluation: Evaluation, answer: Consent) -> str:
    """Why it is not possible to answer so; empty where it is."""
    now = party_of(evaluation, own_agency()).consent
    if may_answer(evaluation.state, now, answer):
        return ""
    return f"这项评价现在是“{evaluation.state.label}”，贵单位的答复为“{now.label}”，不需要再答复。"


@blueprint.route(f"{AT}/agree", methods=["GET", "POST"])
@guard(policies.joins, load=evaluation_seen_by)
def agree(evaluation: Evaluation) -> ResponseReturnValue:
    form = forms.AgreeingForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: services.agree(evaluation.id, own_agency(), version=form.shown_version, by=signed_in()),
        "已确认联合参加这项评价，牵头机构会收到消息。",
        "agree",
        not_now=too_late(evaluation, Consent.GIVEN),
        national=evaluation.level is Level.NATIONAL,
    )


@blueprint.route(f"{AT}/refuse", methods=["GET", "POST"])
@guard(policies.joins, load=evaluation_seen_by)
def refuse(evaluation: Evaluation) -> ResponseReturnValue:
    form = forms.RefusalForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: services.refuse(
            evaluation.id, own_agency(), version=form.shown_version, reason=form.reason.data or "", by=signed_in()
        ),
        "已告知牵头机构和主管部门；作出决定前，这项评价暂停提交和采信。",
        "refuse",
        not_now=too_late(evaluation, Consent.REFUSED),
        national=evaluation.level is Level.NATIONAL,
    )
