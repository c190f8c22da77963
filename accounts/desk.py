"""The accounts that an admin manages."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import policies, queries
from accounts.forms import DepartmentAccountForm, NewDepartmentAccountForm, ReasonForm, UserFilterForm
from accounts.models import User
from accounts.services import managed
from accounts.signin import signed_in
from accounts.views import blueprint
from core.db import db
from core.errors import DomainError
from core.forms import Form
from core.guards import guard


@blueprint.get("/users")
@guard(policies.is_admin)
def users() -> ResponseReturnValue:
    form = UserFilterForm(request.args)
    page = queries.users(db.session(), form.wanted(), request.args.get("cursor"))
    names = queries.body_names(db.session(), page)
    return render_template("accounts/desk/users.html", form=form, page=page, body_names=names)


@blueprint.route("/users/new", methods=["GET", "POST"])
@guard(policies.is_admin)
def new_user() -> ResponseReturnValue:
    form = NewDepartmentAccountForm()
    if form.submitted():
        try:
            first = managed.create_department_account(
                username=form.username.data or "",
                display_name=form.display_name.data or "",
                roles=form.held,
                bureau=form.bureau.data or None,
                by=signed_in(),
                email=form.email.data or "",
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _first_password(form.display_name.data or "", form.username.data or "", first)
    return render_template("accounts/desk/new_user.html", form=form), form.status


@blueprint.get("/users/<int:user_id>")
@guard(policies.is_admin, load=queries.account_seen_by)
def show_user(account: User) -> ResponseReturnValue:
    body = queries.body_names(db.session(), [account]).get(account.id)
    own = account.id == signed_in().id
    return render_template("accounts/desk/show_user.html", shown=account, body=body, own=own)


@blueprint.route("/users/<int:user_id>/edit", methods=["GET", "POST"])
@guard(policies.is_admin, load=queries.department_account_seen_by)
def edit_user(account: User) -> ResponseReturnValue:
    form = DepartmentAccountForm(
        version=account.version,
        display_name=account.display_name,
        roles=[role.value for role in account.roles],
        bureau=account.bureau or "",
    )
    if form.submitted():
        try:
            managed.change_department_account(
                account.id,
                version=form.shown_version,
                display_name=form.display_name.data or "",
                roles=form.held,
                bureau=form.bureau.data or None,
                by=signed_in(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已保存，从该账号的下一次操作起生效。")
            return redirect(url_for("accounts.show_user", user_id=account.id))
    return render_template("accounts/desk/edit_user.html", form=form, shown=account), form.status


@blueprint.route("/users/<int:user_id>/deactivate", methods=["GET", "POST"])
@guard(policies.is_admin, load=queries.account_seen_by)
def deactivate_user(account: User) -> ResponseReturnValue:
    form = ReasonForm()
    if form.submitted():
        try:
            managed.deactivate(account.id, by=signed_in(), reason=form.reason.data or "")
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{account.display_name} 的账号已停用。")
            return redirect(url_for("accounts.show_user", user_id=account.id))
    return render_template("accounts/desk/deactivate_user.html", form=form, shown=account), form.status


@blueprint.post("/users/<int:user_id>/reactivate")
@guard(policies.is_admin, load=queries.account_seen_by)
def reactivate_user(account: User) -> ResponseReturnValue:
    managed.reactivate(account.id, by=signed_in())
    flash(f"{account.display_name} 的账号已恢复使用。")
    return redirect(url_for("accounts.show_user", user_id=account.id))


@blueprint.route("/users/<int:user_id>/reset-password", methods=["GET", "POST"])
@guard(policies.is_admin, load=queries.account_seen_by)
def reset_password(account: User) -> ResponseReturnValue:
    form = Form()
    if form.submitted():
        try:
            first = managed.reset_password(account.id, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _first_password(account.display_name, account.username, first)
    return render_template("accounts/desk/reset_password.html", form=form, shown=account), form.status


@blueprint.route("/users/<int:user_id>/reset-two-factor", methods=["GET", "POST"])
@guard(policies.is_admin, load=queries.account_seen_by)
def reset_two_factor(account: User) -> ResponseReturnValue:
    form = Form()
    if form.submitted():
        try:
            managed.reset_two_factor(account.id, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{account.display_name} 的两步验证已重置，下次登录只需密码。")
            return redirect(url_for("accounts.show_user", user_id=account.id))
    return render_template("accounts/desk/reset_two_factor.html", form=form, shown=account), form.status


def _first_password(display_name: str, username: str, first: str) -> ResponseReturnValue:
    """Shown in the answer itself, once: it is kept nowhere, not even in a cookie."""
    back = url_for("accounts.users")
    return render_template(
        "accounts/first_password.html", display_name=display_name, username=username, first=first, back=back
    )
