"""Who may enter: exactly one `@guard` or `@open_to_all` a route, and a test that walks the URL map to see to it.

The loader decides 404 (an object that this user doesn't see does not exist for them), the policy decides 403; a look
that is refused may have to be written down (`refused`): that is the one thing a GET leaves behind.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, current_app
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])
Policy = Callable[[Any, Any], bool]
Loader = Callable[..., Any]
Refused = Callable[[Any, Any], None]


def guard(policy: Policy, *, load: Loader | None = None, refused: Refused | None = None) -> Callable[[View], View]:
    """Let in whom the policy lets in: `policy(user, thing)`; tell `refused(user, thing)` of whom it doesn't.

    `load(user, **url_values)` finds the thing as seen by the user, or None; the view gets it first, followed by the
    URL values that the loader does not take.
    """
    taken = set(inspect.signature(load).parameters) if load else set()

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            user = current_user._get_current_object()
            if load is None:
                return view(**values) if policy(user, None) else abort(403)
            thing = load(user, **{name: value for name, value in values.items() if name in taken})
            if thing is None:
                abort(404)
            if not policy(user, thing):
                if refused is not None:
                    refused(user, thing)
                abort(403)
            return view(thing, **{name: value for name, value in values.items() if name not in taken})

        guarded.guarded_by = policy.__name__  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def open_to_all(reason: str) -> Callable[[View], View]:
    """Say why a route needs no guard."""

    def decorate(view: View) -> View:
        view.open_because = reason  # type: ignore[attr-defined]
        return view

    return decorate
