"""The officers' decisions on an evaluation, a page each."""

from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core.db import db
from core.guards import guard
from evaluations import policies
from evaluations.acting import act_page
from evaluations.desk.routing import blueprint
from evaluations.desk.showing import not_now, objections_to, refusing, usage_of
from evaluations.forms.desk import (
    AdmissionForm,
    AdoptionForm,
    BlockForm,
    DeclineForm,
    DisputeDecisionForm,
    LetterForm,
    LiftForm,
    PartnerDecisionForm,
    PlacingForm,
    ReleaseForm,
    RestoreForm,
)
from evaluations.forms.fields import uploaded
from evaluations.models import Evaluation
from evaluations.queries import evaluation_seen_by
from evaluations.rules.states import Action
from evaluations.services import commissioning, deciding, joining


@blueprint.route("/<int:evaluation_id>/adopt", methods=["GET", "POST"])
@guard(policies.may_decide_on, load=evaluation_seen_by)
def adopt(evaluation: Evaluation) -> ResponseReturnValue:
    form, objections = AdoptionForm(version=evaluation.version), objections_to(db.session(), evaluation)
    return act_page(
        evaluation,
        form,
        lambda: deciding.adopt(
            evaluation.id,
            version=form.shown_version,
            reason=form.reason.data or "",
            in_spite_of=form.in_spite_of.data or "",
            by=signed_in(),
        ),
        "已采信，机构和培育对象会收到消息。",
        "desk/adopt",
        not_now=not_now(evaluation, "adopt", objections),
        objections=objections,
    )


@blueprint.route("/<int:evaluation_id>/admit", methods=["GET", "POST"])
@guard(policies.may_admit, load=evaluation_seen_by)
def admit(evaluation: Evaluation) -> ResponseReturnValue:
    form, objections = AdmissionForm(version=evaluation.version), objections_to(db.session(), evaluation)
    return act_page(
        evaluation,
        form,
        lambda: deciding.admit(
            evaluation.id, version=form.shown_version, reason=form.reason.data or "", by=signed_in()
        ),
        "认定已保存，机构、培育对象和办理采信的单位会收到消息。",
        "desk/admit",
        not_now=not_now(evaluation, "admit", objections),
        objections=[each for each in objections if each.yields],
    )


@blueprint.route("/<int:evaluation_id>/decline", methods=["GET", "POST"])
@guard(policies.may_decide_on, load=evaluation_seen_by)
def decline(evaluation: Evaluation) -> ResponseReturnValue:
    form = DeclineForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: deciding.decline(
            evaluation.id, version=form.shown_version, reason=form.reason.data or "", by=signed_in()
        ),
        "已决定不予采信，理由已告知机构和培育对象。",
        "desk/decline",
        not_now=not_now(evaluation, "decline"),
    )


@blueprint.route("/<int:evaluation_id>/dispute", methods=["GET", "POST"])
@guard(policies.may_decide_on, load=evaluation_seen_by)
def decide_dispute(evaluation: Evaluation) -> ResponseReturnValue:
    form = DisputeDecisionForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: deciding.decide_dispute(
            evaluation.id,
            version=form.shown_version,
            upheld=form.outcome.data == "upheld",
            reason=form.reason.data or "",
            by=signed_in(),
        ),
        "对异议的决定已保存，双方会收到消息。",
        "desk/decide_dispute",
        not_now=not_now(evaluation, "decide_dispute"),
    )


@blueprint.route("/<int:evaluation_id>/partner", methods=["GET", "POST"])
@guard(policies.may_decide_on, load=evaluation_seen_by)
def decide_partner(evaluation: Evaluation) -> ResponseReturnValue:
    """One at a time: the first that refused; the version shown says which."""
    form, party = PartnerDecisionForm(version=evaluation.version), refusing(evaluation)
    decide, agency_id = (joining.keep, joining.let_go), party.agency_id if party else 0
    return act_page(
        evaluation,
        form,
        lambda: decide[form.outcome.data == "leaves"](
            evaluation.id, agency_id, version=form.shown_version, reason=form.reason.data or "", by=signed_in()
        ),
        "对联合评价的决定已保存，各机构会收到消息。",
        "desk/decide_partner",
        not_now=not_now(evaluation, "decide_partner"),
        party=party,
    )


@blueprint.route("/<int:evaluation_id>/block", methods=["GET", "POST"])
@guard(policies.may_decide_on, load=evaluation_seen_by)
def block(evaluation: Evaluation) -> ResponseReturnValue:
    form = BlockForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: deciding.block(
            evaluation.id, version=form.shown_version, reason=form.reason.data or "", by=signed_in()
        ),
        "已中止，解除前不能提交和采信。",
        "desk/block",
        not_now=not_now(evaluation, "block"),
    )


@blueprint.route("/<int:evaluation_id>/lift", methods=["GET", "POST"])
@guard(policies.may_decide_on, load=evaluation_seen_by)
def lift(evaluation: Evaluation) -> ResponseReturnValue:
    form = LiftForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: deciding.lift(evaluation.id, version=form.shown_version, reason=form.reason.data or "", by=signed_in()),
        "已解除中止，评价可以继续。",
        "desk/lift",
        not_now=not_now(evaluation, "lift"),
    )


@blueprint.route("/<int:evaluation_id>/release", methods=["GET", "POST"])
@guard(policies.may_settle, load=evaluation_seen_by)
def release(evaluation: Evaluation) -> ResponseReturnValue:
    form = ReleaseForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: deciding.release(
            evaluation.id,
            version=form.shown_version,
            granted=form.outcome.data == "granted",
            reason=form.reason.data or "",
            by=signed_in(),
        ),
        "对名额的决定已保存，机构会收到消息。",
        "desk/release",
        not_now=not_now(evaluation, "release"),
        usage=usage_of(db.session(), evaluation),
    )


@blueprint.route("/<int:evaluation_id>/place", methods=["GET", "POST"])
@guard(policies.may_decide_on, load=evaluation_seen_by)
def place(evaluation: Evaluation) -> ResponseReturnValue:
    """核定名额, with who holds how many: a refusal says who has none left."""
    form = PlacingForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: deciding.place(
            evaluation.id, version=form.shown_version, reason=form.reason.data or "", by=signed_in()
        ),
        "已核定名额，这项评价不再超额。",
        "desk/place",
        not_now=not_now(evaluation, "place"),
        usage=usage_of(db.session(), evaluation),
        recorded=any(step.action is Action.RECORD for step in evaluation.steps),
    )


@blueprint.route("/<int:evaluation_id>/restore", methods=["GET", "POST"])
@guard(policies.may_settle, load=evaluation_seen_by)
def restore(evaluation: Evaluation) -> ResponseReturnValue:
    form = RestoreForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: deciding.restore(
            evaluation.id, version=form.shown_version, reason=form.reason.data or "", by=signed_in()
        ),
        "已恢复到撤回前的状态。",
        "desk/restore",
        not_now=not_now(evaluation, "restore"),
        usage=usage_of(db.session(), evaluation),
    )


@blueprint.route("/<int:evaluation_id>/letter", methods=["GET", "POST"])
@guard(policies.may_settle, load=evaluation_seen_by)
def add_letter(evaluation: Evaluation) -> ResponseReturnValue:
    form = LetterForm(version=evaluation.version)
    return act_page(
        evaluation,
        form,
        lambda: commissioning.add_letter(
            evaluation.id,
            uploaded("letter"),
            version=form.shown_version,
            by=signed_in(),
            name=signed_in().display_name,
        ),
        "确认函已保存，视为培育对象确认委托。",
        "desk/add_letter",
        not_now=not_now(evaluation, "add_letter"),
    )
