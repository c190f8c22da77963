"""个人设置: where one's mail goes, and whether."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts import policies
from accounts.signin import signed_in
from core.db import db
from core.errors import DomainError
from core.guards import guard
from notices.forms import AddressForm, ConfirmAddressForm
from notices.mailing.message import settings as system
from notices.services import addresses
from notices.views import blueprint


@blueprint.get("/settings")
@guard(policies.is_signed_in)
def settings() -> ResponseReturnValue:
    user = signed_in()
    return _page(AddressForm(address="" if user.email_confirmed_at else user.email), ConfirmAddressForm())


@blueprint.post("/settings/address")
@guard(policies.is_signed_in)
def ask_code() -> ResponseReturnValue:
    form = AddressForm()
    if form.submitted():
        try:
            addresses.ask_code(signed_in().id, form.address.data or "")
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("验证码已寄往这个邮箱，约一分钟内到达，请查收后在下面输入。")
            return redirect(url_for("notices.settings"))
    return _page(form, ConfirmAddressForm(formdata=None))


@blueprint.post("/settings/confirm")
@guard(policies.is_signed_in)
def confirm_address() -> ResponseReturnValue:
    form = ConfirmAddressForm()
    if form.submitted():
        try:
            addresses.confirm(signed_in().id, form.code.data or "")
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("邮箱已确认，今后的消息会同时发到这里。")
            return redirect(url_for("notices.settings"))
    return _page(AddressForm(formdata=None), form)


@blueprint.post("/settings/remove")
@guard(policies.is_signed_in)
def remove_address() -> ResponseReturnValue:
    addresses.remove(signed_in().id)
    flash("邮箱已移除，消息仍在系统内显示。")
    return redirect(url_for("notices.settings"))


@blueprint.post("/settings/mail-on")
@guard(policies.is_signed_in)
def mail_on() -> ResponseReturnValue:
    addresses.turn(signed_in().id, on=True)
    flash("邮件已开启。")
    return redirect(url_for("notices.settings"))


@blueprint.post("/settings/mail-off")
@guard(policies.is_signed_in)
def mail_off() -> ResponseReturnValue:
    addresses.turn(signed_in().id, on=False)
    flash("邮件已关闭，消息仍在系统内显示。")
    return redirect(url_for("notices.settings"))


def _page(address: AddressForm, confirm: ConfirmAddressForm) -> ResponseReturnValue:
    user = signed_in()
    page = render_template(
        "notices/settings.html",
        user=user,
        address=address,
        confirm=confirm,
        waiting=addresses.waiting_code(db.session(), user.id),
        sends=system().mail is not None,
        demonstration=system().demonstration,
    )
    return page, max(address.status, confirm.status)
