"""The proofs: where each is due, uploading, looking at the pictures of their pages, saving, taking out."""

from collections.abc import Mapping, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_agency
from accounts.signin import signed_in
from agency import overview, queries, recheck
from agency.forms.fields import choices_of, uploaded
from agency.forms.possessions import MaterialForm, StaffProofsForm
from agency.models import Material
from agency.particulars import MATERIALS, MaterialKind, Subject
from agency.recheck import LiveCheck
from agency.services import materials as services
from agency.views.routing import blueprint, own, refuse
from core import clock, delivery
from core.db import db
from core.errors import DomainError
from core.forms import SelectChoice, VersionedForm
from core.guards import guard

LISTS = frozenset({"declarations", "materials", "rules", "staff"})  # beside those of a subject's rows


def own_material(user: User, material_id: int) -> Material | None:
    return queries.material_of(db.session(), user.agency_id, material_id)


@blueprint.get("/materials")
@guard(is_agency)
def materials() -> ResponseReturnValue:
    agency = own()
    check = recheck.live_check(db.session(), agency, on=clock.today())
    slots = overview.slots(check.particulars, tuple(MaterialKind), staff=check.staff)
    only_missing = request.args.get("show") == "missing"
    persons = overview.by_person(slots)
    return render_template(
        "agency/materials.html",
        agency=agency,
        slots=[
            slot for slot in slots if slot.slot.subject is not Subject.STAFF and (slot.is_missing or not only_missing)
        ],
        persons=[places for places in persons if not only_missing or any(slot.is_missing for slot in places)],
        missing=sum(slot.is_missing for slot in slots),
        only_missing=only_missing,
    )


@blueprint.route("/materials/new", methods=["GET", "POST"], defaults={"subject": "agency", "subject_id": None})
@blueprint.route("/materials/new/<subject>/<int:subject_id>", methods=["GET", "POST"])
@guard(is_agency)
def add_material(subject: str, subject_id: int | None) -> ResponseReturnValue:
    """Proofs of one thing; `?kind=` chooses what they are, `?back=` where one comes from."""
    agency = own()
    facts = queries.particulars_of(db.session(), agency)
    label = overview.label_of(facts, Subject(subject), subject_id) if subject in set(Subject) else None
    if label is None:
        abort(404)
    form = MaterialForm(data={"version": agency.version, "kind": request.args.get("kind")})
    form.kind.choices = choices_of(slot.kind for slot in MATERIALS if slot.subject == subject)
    if form.submitted():
        files = uploaded("files")
        try:
            kind = MaterialKind(form.kind.data)
            services.add(agency.id, kind, subject_id, files, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash(f"已上传 {len(files)} 个文件。")
            return redirect(_page_of(Subject(subject)))
    page = render_template(
        "agency/add_material.html", agency=own(), form=form, label=label, back_url=_page_of(Subject(subject))
    )
    return page, form.status


@blueprint.route("/staff/proofs", methods=["GET", "POST"])
@guard(is_agency)
def staff_proofs() -> ResponseReturnValue:
    """Proofs of one kind for several people at once; `?kind=` chooses the kind, else the first that is due."""
    agency = own()
    check = recheck.live_check(db.session(), agency, on=clock.today())
    due = overview.due_by_kind(check)
    asked = request.args.get("kind")
    kind = next((each for each in due if each == asked), _first_due(due))
    form = StaffProofsForm(data={"version": agency.version, "members": list(due[kind])})
    people = {person.member.id: person.member.name for person in check.staff if person.member.left_on is None}
    form.members.choices = [SelectChoice(row, _with_due(check, row, name)) for row, name in people.items()]
    if form.submitted():
        try:
            shares = form.shares(uploaded("files"), people)
            proven = services.add_for_several(agency.id, kind, shares, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash(f"已为 {len(proven)} 人上传{kind.label}。")
            left = any(set(members) - (proven if each is kind else set()) for each, members in due.items())
            return redirect(url_for("agency.staff_proofs" if left else "agency.staff"))
    page = render_template("agency/staff_proofs.html", agency=own(), form=form, kind=kind, due=due, people=people)
    return page, form.status


def _first_due(due: Mapping[MaterialKind, Sequence[int]]) -> MaterialKind:
    return next((kind for kind, members in due.items() if members), next(iter(due)))


def _with_due(check: LiveCheck, member_id: int, name: str) -> str:
    """A person as a choice: with what is still due of them."""
    person = next(person for person in check.staff if person.member.id == member_id)
    lacking = "、".join(text.removeprefix(f"{name}：") for text in person.still_due)
    return f"{name}（还缺 {lacking}）" if lacking else name


def _page_of(subject: Subject) -> str:
    """The page one came from, else where the rows of a subject are listed."""
    pages = {Subject.OFFICE: "offices", Subject.RECORD: "records", Subject.TRAINING: "trainings"}
    back = request.args.get("back")
    return url_for(f"agency.{back if back in LISTS else pages.get(subject, 'materials')}")


@blueprint.get("/materials/<int:material_id>")
@guard(is_agency, load=own_material)
def material(found: Material) -> ResponseReturnValue:
    page = min(max(request.args.get("page", 1, type=int), 1), found.file.pages)
    return render_template("agency/material.html", material=found, page=page)


@blueprint.get("/materials/<int:material_id>/pages/<int:page>")
@guard(is_agency, load=own_material)
def material_page(found: Material, page: int) -> ResponseReturnValue:
    return delivery.picture(found.file, page)


@blueprint.get("/materials/<int:material_id>/download")
@guard(is_agency, load=own_material)
def material_download(found: Material) -> ResponseReturnValue:
    return delivery.attachment(found.file)


@blueprint.route("/materials/<int:material_id>/remove", methods=["GET", "POST"])
@guard(is_agency, load=own_material)
def remove_material(found: Material) -> ResponseReturnValue:
    agency = own()
    form = VersionedForm(data={"version": agency.version})
    material_id, subject = found.id, found.subject
    if form.submitted():
        try:
            services.remove(agency.id, material_id, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash("材料已移除。")
            return redirect(_page_of(subject))
    return render_template("agency/remove_material.html", agency=own(), material=found, form=form), form.status
