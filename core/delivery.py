"""Sending stored files to browsers: pictures of their pages, and the file itself only as an attachment."""

from io import BytesIO
from typing import cast

from flask import Response, abort, current_app, make_response, send_file

from core.documents import PageNotShown, clean_name, render_page
from core.files import PageCache
from core.uploads import StoredFile, store

WIDTH = 1240


def picture(file: StoredFile, page: int) -> Response:
    """A page as the JPEG that we rendered, kept for the next time; 404 for one that isn't there."""
    if not file.kind.has_pictures:
        abort(404)
    cache = cast(PageCache, current_app.extensions["pages"])
    try:
        content = cache.fetch(
            file.digest, page, WIDTH, lambda: render_page(store().open(file.digest), page, width=WIDTH)
        )
    except PageNotShown:
        abort(404)
    response = make_response(content)
    response.mimetype = "image/jpeg"
    return response


def attachment(file: StoredFile, *, name: str | None = None) -> Response:
    """The file as it was uploaded, to be saved: browsers never show it as a page of ours.

    `name`: what it is saved as, without its ending, where the uploader's own name for it may not be told.
    """
    named = file.name if name is None else clean_name(name, file.kind.extension)
    content = BytesIO(store().open(file.digest))
    response = send_file(content, mimetype=file.kind.media_type, as_attachment=True, download_name=named)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
