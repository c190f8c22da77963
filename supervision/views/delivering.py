"""What the pages of a matter share on the other side: the way back, files (cleared copies, and what it gave itself)."""

from collections.abc import Sequence
from typing import Any

from flask import abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import delivery
from core.documents import bare_name
from supervision.queries.matters import MatterFile


def matters_url() -> str | None:
    """The list of an outside party's matters: the page of a higher package, known by name."""
    return url_for("sanction.matters") if "sanction.matters" in current_app.view_functions else None


def of(files: Sequence[MatterFile], file_id: int) -> MatterFile:
    """One of the matter's files; 404 for any other."""
    found = next((each for each in files if each.file.id == file_id), None)
    return found if found is not None else abort(404)


def viewer_page(found: MatterFile, endpoint: str, number: str, show_url: str, at: dict[str, Any]) -> str:
    page = min(max(request.args.get("page", 1, type=int), 1), found.file.pages)
    return render_template(
        "supervision/file.html",
        found=found,
        page=page,
        number=number,
        show_url=show_url,
        matters_url=matters_url(),
        image_url=url_for(f"{endpoint}_page", page=page, **at),
        previous_url=url_for(endpoint, page=page - 1, _anchor="viewer", **at) if page > 1 else None,
        next_url=url_for(endpoint, page=page + 1, _anchor="viewer", **at) if page < found.file.pages else None,
        download_url=url_for(f"{endpoint}_download", **at),
    )


def download(found: MatterFile) -> ResponseReturnValue:
    return delivery.attachment(found.file, name=bare_name(found.title, found.file.kind.extension))
