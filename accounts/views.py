"""Signing in and out, and one's own account."""

from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from markupsafe import Markup

from accounts import demonstration, policies, throttle, totp
from accounts.forms import CodeForm, EndTwoFactorForm, PasswordForm, SignInForm
from accounts.models import User
from accounts.services import own_account, signing_in
from accounts.signin import begin_session, load_user, signed_in
from accounts.throttle import TooManyTries
from core import clock
from core.errors import DomainError
from core.forms import Form
from core.guards import guard, open_to_all
from core.settings import Settings

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")

MARK, MARK_KEPT = "known", timedelta(days=180)  # of a browser that has signed in: see accounts.throttle
CODE_WITHIN = timedelta(minutes=5)
START = "home.start"  # where everyone arrives; it stands in a package above this one


@blueprint.route("/login", methods=["GET", "POST"])
@open_to_all("nobody is signed in yet")
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_own_path(request.args.get("next")))
    form = SignInForm(next=request.args.get("next"))
    if form.submitted():
        try:
            user = signing_in.sign_in(
                form.username.data or "",
                form.password.data or "",
                address=request.remote_addr or "",
                mark=request.cookies.get(MARK, ""),
            )
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            if user.totp_confirmed:
                return _ask_code(user, form.next.data)
            return _enter(user, form.next.data)
    listed = demonstration.published(_settings().instance) if _settings().demonstration else ()
    complaint = demonstration.published_complaint(_settings().instance) if listed else None
    page = render_template("accounts/login.html", form=form, demo_accounts=listed, demo_complaint=complaint)
    return page, form.status


@blueprint.route("/login/code", methods=["GET", "POST"])
@open_to_all("the second step of signing in; asks for the first where it is missing or long ago")
def login_code() -> ResponseReturnValue:
    user = load_user(session.get("half_signed_in", ""))
    if user is None or clock.now().timestamp() - session.get("half_at", 0.0) > CODE_WITHIN.total_seconds():
        flash("请先输入用户名和密码。", "info")
        return redirect(url_for("accounts.login"))
    form = CodeForm()
    if form.submitted():
        try:
            entered = signing_in.enter_code(
                user.id,
                form.code.data or "",
                address=request.remote_addr or "",
                mark=request.cookies.get(MARK, ""),
            )
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            return _enter(entered, session.get("half_next"))
    return render_template("accounts/login_code.html", form=form), form.status


@blueprint.post("/logout")
@guard(policies.is_signed_in)
def logout() -> ResponseReturnValue:
    signing_in.sign_out(signed_in().id)
    logout_user()
    session.clear()
    flash("已退出。")
    return redirect(url_for("accounts.login"))


@blueprint.route("/password", methods=["GET", "POST"])
@guard(policies.is_signed_in)
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.submitted():
        try:
            user = own_account.change_password(signed_in().id, old=form.old.data or "", new=form.new.data or "")
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            login_user(user)  # this session goes on, the others end
            flash("密码已修改，其他设备上的登录已全部退出。")
            return redirect(url_for(START))
    return render_template("accounts/password.html", form=form, first=signed_in().must_change_password), form.status


@blueprint.route("/two-factor", methods=["GET", "POST"])
@guard(policies.is_signed_in)
def two_factor() -> ResponseReturnValue:
    """What is set up; while a secret waits for its first code, the secret and the form for the code."""
    user = signed_in()
    form = CodeForm()
    if form.submitted():
        try:
            user = own_account.confirm_two_factor(user.id, form.code.data or "")
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            login_user(user)
            flash("两步验证已开启，其他设备上的登录已全部退出。")
            return redirect(url_for("accounts.two_factor"))
    waiting = user.totp_secret if not user.totp_confirmed else None
    page = render_template(
        "accounts/two_factor.html",
        form=form,
        on=user.totp_confirmed,
        required=_settings().two_factor_required and user.is_department,
        secret=waiting,
        picture=Markup(totp.picture(waiting, user.username)) if waiting else None,  # noqa: S704 - segno escapes
    )
    return page, form.status


@blueprint.post("/two-factor/begin")
@guard(policies.is_signed_in)
def begin_two_factor() -> ResponseReturnValue:
    try:
        own_account.begin_two_factor(signed_in().id)
    except DomainError as refusal:
        flash(refusal.message, "error")
    return redirect(url_for("accounts.two_factor"))


@blueprint.route("/two-factor/end", methods=["GET", "POST"])
@guard(policies.is_signed_in)
def end_two_factor() -> ResponseReturnValue:
    form = EndTwoFactorForm()
    if form.submitted():
        try:
            own_account.end_two_factor(
                signed_in().id, password=form.password.data or "", required=_settings().two_factor_required
            )
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            flash("两步验证已停用。")
            return redirect(url_for("accounts.two_factor"))
    return render_template("accounts/end_two_factor.html", form=form), form.status


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def _enter(user: User, target: str | None) -> ResponseReturnValue:
    """Begin a session of its own: nothing of the visitor's is taken over."""
    session.clear()
    login_user(user)
    begin_session(clock.now())
    answer = redirect(_own_path(target))
    answer.set_cookie(
        MARK,
        throttle.new_mark(user.username),
        max_age=MARK_KEPT,
        path="/accounts/login",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def _ask_code(user: User, target: str | None) -> ResponseReturnValue:
    session.clear()
    session.update(half_signed_in=user.get_id(), half_at=clock.now().timestamp(), half_next=target)
    return redirect(url_for("accounts.login_code"))


def _refuse(form: Form, refusal: DomainError) -> None:
    form.refuse(refusal)
    if isinstance(refusal, TooManyTries):
        form.status = 429


def _own_path(target: str | None) -> str:
    """A path of this application to go on to; anything that could lead elsewhere becomes the start page."""
    text = target or ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return url_for(START)
    own = text.startswith("/") and not text.startswith("//") and not parts.scheme and not parts.netloc
    return text if own and "\\" not in text and text.isprintable() else url_for(START)
