"""The register of those who stand aside for a party: everybody their own lines, approvers everybody's."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.signin import signed_in
from complaints import policies
from complaints.desk import blueprint
from complaints.desk.acting import carried_out
from complaints.forms.desk import RecusalForm
from complaints.models import Recusal
from complaints.queries import officers
from complaints.services import recusing
from core.db import db
from core.errors import DomainError
from core.forms import SelectChoice
from core.guards import guard


def recusal_of(user: User, recusal_id: int) -> Recusal | None:
    return officers.find_recusal(db.session(), recusal_id)


@blueprint.route("/recusals", methods=["GET", "POST"])
@guard(policies.may_list)
def recusals() -> ResponseReturnValue:
    session, user = db.session(), signed_in()
    for_others = policies.may_declare_for_others(user, None)
    form, user_id = RecusalForm(data={"account_id": user.id}), user.id
    form.account_id.choices = [
        SelectChoice(each.id, officers.described(each))
        for each in officers.desk_accounts(session)
        if for_others or each.id == user_id
    ]
    in_hand: list[int] = []
    if carried_out(
        form,
        lambda: in_hand.append(
            recusing.enter(form.account_id.data, form.party.data or "", reason=form.reason.data or "", by=signed_in())
        ),
    ):
        flash("已登记回避。")
        if in_hand[0]:
            flash(f"该人员正在办理涉及这个单位的举报 {in_hand[0]} 件，请改派。", "warning")
        return redirect(url_for(".recusals"))
    return render_template(
        "complaints/desk/recusals.html",
        form=form,
        for_others=for_others,
        rows=officers.registered(db.session(), signed_in(), everybody=for_others),
    ), form.status


@blueprint.post("/recusals/<int:recusal_id>/end")
@guard(policies.may_end_recusal, load=recusal_of)
def end_recusal(recusal: Recusal) -> ResponseReturnValue:
    try:
        recusing.end(recusal.id, by=signed_in())
    except DomainError as refusal:
        flash(refusal.message, "error")
    else:
        flash("回避登记已结束。")
    return redirect(url_for(".recusals"))
