"""Registering, and asking for a doubtful code to be looked at: open to visitors."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agency.forms.fields import jilin_places, uploaded
from agency.forms.registration import CodeCheckForm, RegistrationForm
from agency.services import registering
from agency.views.routing import blueprint
from core.errors import DomainError, Refusals
from core.guards import open_to_all
from core.identifiers import CreditCodeCheckFailed


@blueprint.route("/register", methods=["GET", "POST"])
@open_to_all("an agency registers before it has an account")
def register() -> ResponseReturnValue:
    form, may_ask = RegistrationForm(), False
    if form.submitted():
        try:
            registering.register(
                form.credit_code.data or "",
                form.identity(),
                form.representative(),
                form.account(),
                address=request.remote_addr or "",
            )
        except DomainError as refusal:
            form.refuse(refusal)
            may_ask = _is_doubtful(refusal)
        else:
            flash("登记成功。请用刚才设置的用户名和密码登录，继续填写资料。")
            return redirect(url_for("accounts.login"))
    if form.is_submitted():  # what was typed stays, a password doesn't
        form.password.description = f"请重新输入密码；{form.password.description}"
    page = render_template("agency/register.html", form=form, may_ask=may_ask, places=jilin_places())
    return page, form.status


def _is_doubtful(refusal: DomainError) -> bool:
    """Whether an officer could lift it."""
    all_of_them = refusal.refusals if isinstance(refusal, Refusals) else (refusal,)
    return any(isinstance(single, CreditCodeCheckFailed) for single in all_of_them)


@blueprint.route("/register/code-check", methods=["GET", "POST"])
@open_to_all("asked before there is an account")
def ask_code_check() -> ResponseReturnValue:
    if "carried" in request.form:  # from the registration: shown with what was typed there, nothing is asked yet
        return render_template("agency/ask_code_check.html", form=CodeCheckForm()), 200
    form = CodeCheckForm()
    if form.submitted():
        try:
            registering.ask_code_check(form.entry(), uploaded("proof")[0], address=request.remote_addr or "")
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("agency.code_check_asked"))
    return render_template("agency/ask_code_check.html", form=form), form.status


@blueprint.get("/register/code-check/asked")
@open_to_all("says what happens next; shows nothing of anybody")
def code_check_asked() -> ResponseReturnValue:
    return render_template("agency/code_check_asked.html")
