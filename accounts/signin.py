"""Sessions: whom a request is from, and when a session ends (idle, too long, revoked)."""

from datetime import datetime
from typing import cast

from flask import current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, logout_user

from accounts.models import User
from core import clock
from core.db import db
from core.settings import Settings

login_manager = LoginManager()
login_manager.session_protection = None  # the session's epoch, idle time and length are watched here

# what stays open while a step is due: the steps themselves, and the way out
STEPS = frozenset(f"accounts.{name}" for name in ("logout", "password", "two_factor", "begin_two_factor"))


def load_user(remembered: str) -> User | None:
    """The user of a session; None when the session was revoked."""
    user_id, _, epoch = remembered.partition(":")
    user = db.session.get(User, int(user_id)) if user_id.isdigit() else None
    return user if user is not None and str(user.session_epoch) == epoch and user.active else None


login_manager.user_loader(load_user)


def ask_to_sign_in() -> ResponseReturnValue:
    """To the login page, and back afterwards; what was to be posted can't be asked for again."""
    flash("请先登录。", "info")
    return _to_login()


login_manager.unauthorized_handler(ask_to_sign_in)


def _to_login() -> ResponseReturnValue:
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.login", next=target))


def signed_in() -> User:
    """The user of this request; only behind a guard."""
    return cast(User, current_user._get_current_object())


def begin_session(instant: datetime) -> None:
    """Note when a session began and was last used."""
    session["began"] = session["used"] = instant.timestamp()


def watch_session() -> ResponseReturnValue | None:
    """Before each request: end a session that was idle or has lasted too long; send where a step is still due."""
    if request.endpoint == "static" or not current_user.is_authenticated:
        return None
    settings = cast(Settings, current_app.extensions["settings"])
    instant = clock.now().timestamp()
    idle = instant - session.get("used", 0.0) > settings.session_idle.total_seconds()
    long = instant - session.get("began", 0.0) > settings.session_length.total_seconds()
    if idle or long:
        logout_user()
        session.clear()
        flash("登录已过期，请重新登录。" if long else "因长时间没有操作，已自动退出，请重新登录。", "info")
        return _to_login()
    session["used"] = instant
    return _step_still_due(signed_in(), settings)


def _step_still_due(user: User, settings: Settings) -> ResponseReturnValue | None:
    if request.endpoint in STEPS:
        return None
    if user.must_change_password:
        flash("请先设置您自己的密码。", "info")
        return redirect(url_for("accounts.password"))
    if settings.two_factor_required and user.is_department and not user.totp_confirmed:
        flash("您的岗位要求两步验证，请先完成设置。", "info")
        return redirect(url_for("accounts.two_factor"))
    return None
