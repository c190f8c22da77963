"""批量核查: a folder of files in, a table out; bound to no evaluation."""

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.signin import signed_in
from core import clock, exports, law
from core.db import db
from core.errors import DomainError
from core.forms import Form
from core.guards import guard
from evaluations import agreed
from evaluations.screening.labels import Label
from supervision import dropped, policies, rules
from supervision.desk import blueprint
from supervision.forms.folders import FolderForm
from supervision.models import ScreenedFile, ScreenedFolder
from supervision.queries import folders as queries
from supervision.services import folders as services

LARGE = "supervision_desk.folders"  # the one address that takes large requests, from whom may send them


def folder_of(user: User, folder_id: int) -> ScreenedFolder | None:
    return queries.find_folder(db.session(), folder_id)


def file_of(user: User, dropped_id: int) -> ScreenedFile | None:
    return queries.find_file(db.session(), dropped_id)


@blueprint.route("/folders", methods=["GET", "POST"])
@guard(policies.may_screen_folders)
def folders() -> ResponseReturnValue:
    form = FolderForm()
    if form.submitted():
        try:
            folder_id = services.drop(form.called, form.uploads(), by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".folder", folder_id=folder_id))
    page, rows = queries.folders(db.session(), cursor=request.args.get("page"))
    return render_template(
        "supervision/desk/folders.html",
        form=form,
        rows=rows,
        user=signed_in(),
        most=rules.MOST_FILES,
        megabytes=rules.MOST_BYTES // 1024**2,
        days=law.jurisdiction().number("folder_days", on=clock.today()),
        previous_url=url_for(".folders", page=page.previous) if page.previous else None,
        next_url=url_for(".folders", page=page.next) if page.next else None,
    ), form.status


@blueprint.get("/folders/<int:folder_id>")
@guard(policies.may_screen_folders, load=folder_of)
def folder(found: ScreenedFolder) -> ResponseReturnValue:
    session = db.session()
    files = queries.files_of(session, found)
    return render_template(
        "supervision/desk/folder.html",
        folder=found,
        files=files,
        unfinished=sum(not file.is_finished for file in files),
        labels_of=queries.labels_of,
        result_of=queries.result_of,
        counts=[(label, sum(label in queries.labels_of(file) for file in files)) for label in Label],
        may_remove=policies.may_remove_folder(signed_in(), found),
    )


@blueprint.get("/folders/<int:folder_id>/progress")
@guard(policies.may_screen_folders, load=folder_of)
def folder_progress(found: ScreenedFolder) -> ResponseReturnValue:
    """What static/progress.js asks for while one waits."""
    done = found.files - queries.unfinished(db.session(), found)
    words = f"已核查 {done} 份，共 {found.files} 份"
    return jsonify(finished=done == found.files, done=done, of=found.files, words=words)


@blueprint.get("/folders/<int:folder_id>/export.xlsx")
@guard(policies.may_screen_folders, load=folder_of)
def folder_export(found: ScreenedFolder) -> Response:
    rows = queries.exported(db.session(), found)
    return exports.download(f"批量核查 {clock.day_of(found.dropped_at)}", queries.COLUMNS, rows, sheet="核查结果")


@blueprint.route("/folders/<int:folder_id>/remove", methods=["GET", "POST"])
@guard(policies.may_remove_folder, load=folder_of)
def remove_folder(found: ScreenedFolder) -> ResponseReturnValue:
    form = Form()
    if form.submitted():
        services.remove(found.id, by=signed_in())
        flash("这批文件和核查结果已删除。")
        return redirect(url_for(".folders"))
    return render_template("supervision/desk/remove_folder.html", folder=found, form=form), form.status


@blueprint.get("/folders/files/<int:dropped_id>")
@guard(policies.may_screen_folders, load=file_of)
def dropped_file(file: ScreenedFile) -> ResponseReturnValue:
    only = bool(request.args.get("only"))
    marks = dropped.read(file.found)
    before, after = queries.beside(db.session(), file)
    return render_template(
        "supervision/desk/dropped_file.html",
        file=file,
        folder=file.folder,
        reading=agreed.text_of(file.content, marks, part=request.args.get("part", 1, type=int), only_marked=only),
        only=only,
        labels=queries.labels_of(file),
        result=queries.result_of(file),
        before=before,
        after=after,
    )
