"""The pages of an evaluation's files, alike on each side: a side hangs them on its blueprint with its own policy."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from core import delivery
from core.db import db
from core.guards import Policy, guard
from evaluations import agreed
from evaluations.queries import screening
from evaluations.queries.files import EvaluationFile, file_seen_by

AT = "/<int:evaluation_id>/files/<int:file_id>"


def serve_files(blueprint: Blueprint, policy: Policy) -> None:
    """Adds `file`, `file_page` and `file_download`; `policy` is asked of the evaluation.

    The side's page of an evaluation is its endpoint `show`.
    """

    def may_read_file(user: User, found: Any) -> bool:
        return policy(user, found.evaluation)

    @blueprint.get(AT)
    @guard(may_read_file, load=file_seen_by)
    def file(found: EvaluationFile) -> ResponseReturnValue:
        if not found.file.kind.has_pictures:
            return _text(found, blueprint.name)
        page = min(max(request.args.get("page", 1, type=int), 1), found.file.pages)
        side = blueprint.name
        at: dict[str, Any] = {"evaluation_id": found.evaluation.id, "file_id": found.file.id}
        return render_template(
            "evaluations/file.html",
            found=found,
            page=page,
            show_url=url_for(f"{side}.show", evaluation_id=found.evaluation.id),
            image_url=url_for(f"{side}.file_page", page=page, **at),
            previous_url=url_for(f"{side}.file", page=page - 1, _anchor="viewer", **at) if page > 1 else None,
            next_url=url_for(f"{side}.file", page=page + 1, _anchor="viewer", **at)
            if page < found.file.pages
            else None,
            download_url=url_for(f"{side}.file_download", **at),
        )

    @blueprint.get(f"{AT}/pages/<int:page>")
    @guard(may_read_file, load=file_seen_by)
    def file_page(found: EvaluationFile, page: int) -> ResponseReturnValue:
        return delivery.picture(found.file, page)

    @blueprint.get(f"{AT}/download")
    @guard(may_read_file, load=file_seen_by)
    def file_download(found: EvaluationFile) -> ResponseReturnValue:
        return delivery.attachment(found.file)


def _text(found: EvaluationFile, side: str) -> str:
    """A file that has no pictures, as the text that its screening read; the file itself is there to be saved."""
    at: dict[str, Any] = {"evaluation_id": found.evaluation.id, "file_id": found.file.id}
    return render_template(
        "evaluations/text_file.html",
        found=found,
        reading=agreed.text_of(
            screening.text_of_agreement(db.session(), found.agreement_id),
            (),
            part=request.args.get("part", 1, type=int),
        ),
        show_url=url_for(f"{side}.show", evaluation_id=found.evaluation.id),
        part_url=lambda part: url_for(f"{side}.file", part=part, **at),
        download_url=url_for(f"{side}.file_download", **at),
    )
