"""An applicant's side of evaluations: those of itself, confirming or disputing them, evaluating itself (第十二条)."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_applicant
from accounts.signin import signed_in
from applicants.models import Applicant
from core import clock, law
from core.db import db
from core.errors import DomainError
from core.guards import guard
from evaluations import flagging, outlook, policies
from evaluations.acting import act_page
from evaluations.delivering import serve_files
from evaluations.forms import commissioned as forms
from evaluations.forms.fields import uploaded
from evaluations.forms.registering import RaisingForm
from evaluations.models import Evaluation
from evaluations.overview import Overview, overview_of
from evaluations.queries import adopting, evaluation_seen_by
from evaluations.queries import gate as facts
from evaluations.queries.listing import Wanted, listing
from evaluations.rules.course import may_follow
from evaluations.rules.raising import levels_above, year_after_raising
from evaluations.rules.states import ENDED, Action, HoldKind, Level, Mode, State
from evaluations.services import commissioning, registering, self_evaluating

blueprint = Blueprint("commissioned", __name__, url_prefix="/applicant/evaluations")
AT = "/<int:evaluation_id>"

serve_files(blueprint, policies.is_commissioner)


def own(user: User) -> Applicant | None:
    """The applicant that the user works for."""
    return db.session.get(Applicant, user.applicant_id) if user.applicant_id is not None else None


def is_its_user(user: User, applicant: Applicant | None) -> bool:
    return is_applicant(user, applicant)


@blueprint.get("")
@guard(is_applicant)
def evaluations() -> ResponseReturnValue:
    wanted = Wanted(applicant_id=signed_in().applicant_id)
    found = listing(db.session(), wanted, cursor=request.args.get("page"))
    page = found.page
    return render_template(
        "evaluations/commissioned/evaluations.html",
        listing=found,
        previous_url=url_for(".evaluations", page=page.previous) if page.previous else None,
        next_url=url_for(".evaluations", page=page.next) if page.next else None,
    )


def acts_on(evaluation: Evaluation) -> tuple[str, ...]:
    """What its applicant can do now: endpoints, the first of them the main one."""
    runs = evaluation.state not in ENDED
    disputed = flagging.open_hold(evaluation, HoldKind.DISPUTE) is not None
    itself, state = evaluation.mode is Mode.SELF, evaluation.state
    issues = may_follow(state, Action.START) or may_follow(state, Action.ISSUE)
    possible = {
        "confirm": not itself and runs and not disputed and not adopting.is_confirmed(evaluation),
        "dispute": not itself and runs and not disputed,
        "hand_over": itself and may_follow(state, Action.HAND_OVER),
        "report": itself and (issues or may_follow(state, Action.CORRECT)),
        "withdraw": itself and may_follow(state, Action.WITHDRAW),
        "raise_": itself and may_follow(state, Action.RAISE) and bool(levels_above(evaluation.level)),
    }
    return tuple(act for act, is_possible in possible.items() if is_possible)


NOT_NOW = {
    "confirm": "没有待贵单位确认的委托。",
    "dispute": "不能提出异议，或者异议正在办理。",
    "hand_over": "不能提交。",
    "report": "不能登记或更正报告。",
    "withdraw": "不能撤回。",
    "raise_": "不能提升级别，或者已是最高级别。",
}


def not_now(evaluation: Evaluation, act: str) -> str:
    """Why it can't do it as things stand; empty where it is possible."""
    return "" if act in acts_on(evaluation) else f"这项评价现在是“{evaluation.state.label}”，{NOT_NOW[act]}"


@blueprint.get(AT)
@guard(policies.is_commissioner, load=evaluation_seen_by)
def show(evaluation: Evaluation) -> ResponseReturnValue:
    return render_template(
        "evaluations/commissioned/show.html",
        evaluation=evaluation,
        overview=as_known_to_it(overview_of(db.session(), evaluation, on=clock.today())),
        acts=acts_on(evaluation),
        dispute=flagging.open_hold(evaluation, HoldKind.DISPUTE),
        block=flagging.open_hold(evaluation, HoldKind.BLOCK),
        is_confirmed=adopting.is_confirmed(evaluation),
    )


def as_known_to_it(overview: Overview) -> Overview:
    """Without the places, and without what is held against the agreement before an officer has decided on it."""
    return replace(overview, places=(), screenings=())


@blueprint.route(f"{AT}/confirm", methods=["GET", "POST"])
@guard(policies.is_commissioner, load=evaluation_seen_by)
def confirm(evaluation: Evaluation) -> ResponseReturnValue:
    form = forms.ConfirmationForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: commissioning.confirm(evaluation.id, version=form.shown_version, by=signed_in()),
        "已确认委托，机构会收到消息。",
        "commissioned/confirm",
        not_now=not_now(evaluation, "confirm"),
    )


@blueprint.route(f"{AT}/dispute", methods=["GET", "POST"])
@guard(policies.is_commissioner, load=evaluation_seen_by)
def dispute(evaluation: Evaluation) -> ResponseReturnValue:
    form = forms.DisputeForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: commissioning.dispute(
            evaluation.id, version=form.shown_version, reason=form.reason.data or "", by=signed_in()
        ),
        "异议已提出，主管部门决定前，这项评价暂停提交和采信。",
        "commissioned/dispute",
        not_now=not_now(evaluation, "dispute"),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@guard(is_its_user, load=own)
def new(applicant: Applicant) -> ResponseReturnValue:
    form = forms.SelfEvaluationForm(kinds=applicant.kinds, on=clock.today())
    if form.submitted():
        try:
            evaluation_id = self_evaluating.register(form.entry(applicant.id), team=form.names, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("自我评价已登记。完成后请登记报告并提交。")
            return redirect(url_for(".show", evaluation_id=evaluation_id))
    return render_template("evaluations/commissioned/new.html", applicant=applicant, form=form), form.status


@blueprint.route(f"{AT}/report", methods=["GET", "POST"])
@guard(policies.is_commissioner, load=evaluation_seen_by)
def report(evaluation: Evaluation) -> ResponseReturnValue:
    form = forms.SelfReportForm(corrects=bool(evaluation.reports), version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: self_evaluating.report(
            evaluation.id, form.entry(), uploaded("file"), version=form.shown_version, by=signed_in()
        ),
        "报告已登记，核对无误后请提交。",
        "commissioned/report",
        not_now=not_now(evaluation, "report"),
    )


@blueprint.route(f"{AT}/hand-over", methods=["GET", "POST"])
@guard(policies.is_commissioner, load=evaluation_seen_by)
def hand_over(evaluation: Evaluation) -> ResponseReturnValue:
    form = forms.ConfirmationForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: self_evaluating.hand_over(evaluation.id, version=form.shown_version, by=signed_in()),
        "已提交，等待主管部门决定是否采信。",
        "commissioned/hand_over",
        not_now=not_now(evaluation, "hand_over"),
    )


@blueprint.route(f"{AT}/withdraw", methods=["GET", "POST"])
@guard(policies.is_commissioner, load=evaluation_seen_by)
def withdraw(evaluation: Evaluation) -> ResponseReturnValue:
    form = forms.SelfWithdrawalForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: self_evaluating.withdraw(
            evaluation.id, version=form.shown_version, reason=form.reason.data or "", by=signed_in()
        ),
        "已撤回。",
        "commissioned/withdraw",
        not_now=not_now(evaluation, "withdraw"),
    )


OF_ITSELF = ("JL-11", "JL-12-1")  # what the gate looks at where no agency makes it: exclusions, and its twins


@blueprint.route(f"{AT}/raise", methods=["GET", "POST"])
@guard(policies.evaluates_itself, load=evaluation_seen_by)
def raise_(evaluation: Evaluation) -> ResponseReturnValue:
    """Without places (reading 13), and through the gate again; one already adopted is adopted anew (reading 9)."""
    today = clock.today()
    form = RaisingForm(
        levels=levels_above(evaluation.level) or (Level.NATIONAL,),  # sent a second time, the service says so
        version=evaluation.version,
        year=year_after_raising(evaluation.year, raised_in=today.year),
        statement=evaluation.statement,
    )
    judged = facts.facts_of_raising(db.session(), evaluation, on=today, desk=False)
    return act_page(
        evaluation,
        form,
        lambda: registering.raise_level(
            evaluation.id,
            Level(form.level.data),
            version=form.shown_version,
            by=signed_in(),
            year=form.year.data,
            statement=form.statement.data or "",
        ),
        "已提升级别。",
        "commissioned/raise_",
        not_now=not_now(evaluation, "raise_"),
        looks=[look for look in outlook.outlook(judged, law.jurisdiction()) if look.clause in OF_ITSELF],
        adopted=evaluation.state is State.ADOPTED,
    )
