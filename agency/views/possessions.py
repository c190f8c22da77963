"""Offices, record, trainings, projects for other provinces: a list, a form to add or change, a page to remove."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_agency
from accounts.signin import signed_in
from agency import overview, queries
from agency.forms import possessions as forms
from agency.models import Agency
from agency.particulars import MATERIALS, Subject, Tenure
from agency.services import possessions as services
from agency.services.possessions import PossessionKind
from agency.views.routing import blueprint, own, refuse
from core import clock
from core.db import db
from core.errors import DomainError
from core.forms import VersionedForm
from core.guards import guard


@dataclass(frozen=True, slots=True)
class Shelf:
    """One of the four lists: `name` of its page, `noun` of one row in endpoints, what columns it shows."""

    name: str
    noun: str
    kind: PossessionKind
    form: Callable[..., Any]
    title: str
    lead: str
    heads: tuple[str, ...]
    cells: Callable[[Any], tuple[object, ...]]
    subject: Subject | None = None

    def rows(self, agency: Agency) -> list[Any]:
        return list(getattr(agency, self.name))

    @property
    def add_label(self) -> str:
        return f"添加{self.kind.label}"


def _office_cells(row: Any) -> tuple[object, ...]:
    held = row.tenure.label
    if row.tenure is Tenure.LEASED:
        lapsed = row.leased_until is not None and row.leased_until < clock.today()
        held = f"租赁至 {row.leased_until}" + ("（已到期）" if lapsed else "")
    return row.address, f"{row.area_m2:g} 平方米", held


SHELVES = (
    Shelf(
        "offices",
        "office",
        PossessionKind.OFFICE,
        forms.OfficeForm,
        "办公场所",
        "第二十条（二）：固定的办公场所。租赁到期的不再计入，请续租后及时更新。",
        ("地址", "面积", "取得方式"),
        _office_cells,
        Subject.OFFICE,
    ),
    Shelf(
        "records",
        "record",
        PossessionKind.RECORD,
        forms.RecordForm,
        "近五年业绩",
        "第二十条（五）：近五年主导或参与的评审、论证、评价、省级以上科研项目，国家或行业标准、相关政策制定。",
        ("名称", "类型", "承担方式", "完成或发布"),
        lambda row: (row.title, row.kind.label, row.role.label, row.on),
        Subject.RECORD,
    ),
    Shelf(
        "trainings",
        "training",
        PossessionKind.TRAINING,
        forms.TrainingForm,
        "培训记录",
        "第二十条（四）、第二十三条：人员熟悉政策、标准和评价程序。",
        ("主题", "日期", "参加人员", "学时"),
        lambda row: (row.topic, row.on, row.attendees, f"{row.hours:g}"),
        Subject.TRAINING,
    ),
    Shelf(
        "outside_projects",
        "outside_projects",
        PossessionKind.OUTSIDE_PROJECTS,
        forms.OutsideProjectsForm,
        "为外省承担的国家级项目",
        "第二十二条第二款按全国计数，本系统只掌握吉林省的项目；为外省承担的请在此如实申报，没有的不填。",
        ("省份", "年度", "类别", "项目数"),
        lambda row: (row.province, row.year, row.capability.label, row.count),
    ),
)


def _route(shelf: Shelf) -> None:
    path = shelf.name.replace("_", "-")

    def row_of(user: User, row_id: int) -> Any:
        return queries.possession_of(db.session(), user.agency_id, shelf.kind.model, row_id)

    @blueprint.get(f"/{path}", endpoint=shelf.name)
    @guard(is_agency)
    def show() -> ResponseReturnValue:
        return _show(shelf)

    @blueprint.route(f"/{path}/new", endpoint=f"new_{shelf.noun}", methods=["GET", "POST"])
    @guard(is_agency)
    def add() -> ResponseReturnValue:
        return _edit(shelf, None)

    @blueprint.route(f"/{path}/<int:row_id>", endpoint=f"edit_{shelf.noun}", methods=["GET", "POST"])
    @guard(is_agency, load=row_of)
    def edit(row: Any) -> ResponseReturnValue:
        return _edit(shelf, row)

    @blueprint.route(f"/{path}/<int:row_id>/remove", endpoint=f"remove_{shelf.noun}", methods=["GET", "POST"])
    @guard(is_agency, load=row_of)
    def remove(row: Any) -> ResponseReturnValue:
        return _remove(shelf, row)


def _show(shelf: Shelf) -> ResponseReturnValue:
    agency = own()
    facts = queries.particulars_of(db.session(), agency)
    kinds = tuple(slot.kind for slot in MATERIALS if slot.subject is shelf.subject)
    proofs = {slot.subject_id: slot for slot in overview.slots(facts, kinds)}
    return render_template("agency/rows.html", agency=agency, shelf=shelf, rows=shelf.rows(agency), proofs=proofs)


def _edit(shelf: Shelf, row: Any) -> ResponseReturnValue:
    agency = own()
    form = shelf.form(obj=row, data={"version": agency.version, **_defaults(shelf, row)})
    if form.submitted():
        try:
            fact = form.fact(row.id if row is not None else 0)
            services.put(agency.id, fact, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash(f"{shelf.kind.label}已保存。")
            return redirect(url_for(f"agency.{shelf.name}"))
    return render_template("agency/row.html", agency=own(), shelf=shelf, row=row, form=form), form.status


def _defaults(shelf: Shelf, row: Any) -> dict[str, object]:
    return {"year": clock.today().year} if row is None and shelf.noun == "outside_projects" else {}


def _remove(shelf: Shelf, row: Any) -> ResponseReturnValue:
    agency, row_id = own(), row.id
    told = shelf.cells(row)[0]
    form = VersionedForm(data={"version": agency.version})
    if form.submitted():
        try:
            services.remove(agency.id, shelf.kind, row_id, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash(f"{shelf.kind.label}已删除。")
            return redirect(url_for(f"agency.{shelf.name}"))
    return render_template("agency/remove_row.html", agency=own(), shelf=shelf, told=told, form=form), form.status


for each in SHELVES:
    _route(each)
