"""Files of a case as pictures, and to be saved: to who may see the case; a try of another officer is logged."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from core import delivery
from core.documents import bare_name
from core.guards import guard
from supervision import policies
from supervision.desk import blueprint
from supervision.queries.files import FoundFile, file_for
from supervision.services import looking

AT = "/cases/<int:case_id>/files/<int:file_id>"


def may_see_file(user: User, found: FoundFile) -> bool:
    return policies.may_see_case(user, found.case)


def refused(user: User, found: FoundFile) -> None:
    looking.refused(user, found.case)


read = guard(may_see_file, load=file_for, refused=refused)


@blueprint.get(AT)
@read
def case_file(found: FoundFile) -> ResponseReturnValue:
    page = min(max(request.args.get("page", 1, type=int), 1), found.file.pages)
    at: dict[str, Any] = {"case_id": found.case.id, "file_id": found.file.id}
    return render_template(
        "supervision/desk/case_file.html",
        found=found,
        page=page,
        image_url=url_for(".case_file_page", page=page, **at),
        previous_url=url_for(".case_file", page=page - 1, _anchor="viewer", **at) if page > 1 else None,
        next_url=url_for(".case_file", page=page + 1, _anchor="viewer", **at) if page < found.file.pages else None,
        download_url=url_for(".case_file_download", **at),
    )


@blueprint.get(f"{AT}/pages/<int:page>")
@read
def case_file_page(found: FoundFile, page: int) -> ResponseReturnValue:
    return delivery.picture(found.file, page)


@blueprint.get(f"{AT}/download")
@read
def case_file_download(found: FoundFile) -> ResponseReturnValue:
    return delivery.attachment(found.file, name=bare_name(found.title, found.file.kind.extension))
