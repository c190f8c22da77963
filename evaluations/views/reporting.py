"""The leading agency's report: issued, corrected, handed over; or the evaluation withdrawn."""

from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import clock
from core.db import db
from core.guards import guard
from evaluations import policies
from evaluations.forms import working as forms
from evaluations.forms.fields import uploaded
from evaluations.models import Evaluation
from evaluations.next_steps import adopter
from evaluations.queries import evaluation_seen_by
from evaluations.queries import working as queries
from evaluations.rules.states import Action, State
from evaluations.services import handing_over, reporting, withdrawing
from evaluations.views.acting import act_page
from evaluations.views.routing import blueprint

AT = "/<int:evaluation_id>"


@blueprint.route(f"{AT}/report", methods=["GET", "POST"])
@guard(policies.leads, load=evaluation_seen_by)
def issue(evaluation: Evaluation) -> ResponseReturnValue:
    form = forms.ReportForm(data={"version": evaluation.version})
    return act_page(
        evaluation,
        Action.ISSUE,
        form,
        lambda: reporting.issue(
            evaluation.id, form.entry(), uploaded("report"), version=form.shown_version, by=signed_in()
        ),
        "报告已出具，核对后请提交。",
        "issue",
        accept=forms.FILES,
        max_bytes=forms.MOST_BYTES,
    )


@blueprint.route(f"{AT}/report/correct", methods=["GET", "POST"])
@guard(policies.leads, load=evaluation_seen_by)
def correct(evaluation: Evaluation) -> ResponseReturnValue:
    last = evaluation.reports[-1] if evaluation.reports else None
    known = {"number": last.number, "score": last.score, "conclusion": last.conclusion.value} if last else {}
    form = forms.CorrectionForm(data={"version": evaluation.version, "issued_on": clock.today(), **known})
    return act_page(
        evaluation,
        Action.CORRECT,
        form,
        lambda: reporting.correct(
            evaluation.id, form.entry(), uploaded("report"), version=form.shown_version, by=signed_in()
        ),
        "更正后的报告已保存，核对后请提交。",
        "correct",
        last=last,
        accept=forms.FILES,
        max_bytes=forms.MOST_BYTES,
    )


@blueprint.route(f"{AT}/hand-over", methods=["GET", "POST"])
@guard(policies.leads, load=evaluation_seen_by)
def hand_over(evaluation: Evaluation) -> ResponseReturnValue:
    form = forms.HandOverForm(data={"version": evaluation.version})
    return act_page(
        evaluation,
        Action.HAND_OVER,
        form,
        lambda: handing_over.hand_over(evaluation.id, version=form.shown_version, by=signed_in()),
        f"报告已提交，等待{adopter(evaluation)}采信。",
        "hand_over",
        adopter=adopter(evaluation),
        report=evaluation.reports[-1] if evaluation.reports else None,
    )


@blueprint.route(f"{AT}/withdraw", methods=["GET", "POST"])
@guard(policies.leads, load=evaluation_seen_by)
def withdraw(evaluation: Evaluation) -> ResponseReturnValue:
    form = forms.WithdrawalForm(data={"version": evaluation.version})
    return act_page(
        evaluation,
        Action.WITHDRAW,
        form,
        lambda: withdrawing.withdraw(
            evaluation.id, version=form.shown_version, by=signed_in(), reason=form.reason.data or ""
        ),
        "评价已撤回。",
        "withdraw",
        is_counted=queries.is_counted(db.session(), evaluation.id),
        before_onsite=evaluation.state is State.REGISTERED,
    )
