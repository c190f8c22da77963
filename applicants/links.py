"""Addresses of pages in packages above, known by name only."""

from flask import current_app, url_for


def url_if_there(endpoint: str, **values: int | str) -> str | None:
    """The address of a page, None in a program without it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None  # type: ignore[arg-type]
