"""The staff of an agency: who is there and who counts, taking people in, correcting, noting who left."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_agency
from accounts.signin import signed_in
from agency import recheck, workforce
from agency.expiring import expiring
from agency.forms.staff import FormerMemberForm, LeavingForm, MemberForm, NewMemberForm, StaffFilterForm
from agency.members import MemberEntry
from agency.models import StaffMember
from agency.services import staffing as services
from agency.views.routing import blueprint, own, refuse
from agency.waiting import pending_of
from core import clock
from core.db import db
from core.errors import DomainError
from core.guards import guard
from core.law import jurisdiction


def own_member(user: User, member_id: int) -> StaffMember | None:
    return workforce.member_of(db.session(), user.agency_id, member_id)


@blueprint.get("/staff")
@guard(is_agency)
def staff() -> ResponseReturnValue:
    agency, today = own(), clock.today()
    form = StaffFilterForm(request.args)
    check = recheck.live_check(db.session(), agency, on=today)
    return render_template(
        "agency/staff.html",
        agency=agency,
        form=form,
        asked=form.selection(),
        check=check,
        finding=next(finding for finding in check.findings if finding.clause == "JL-20-3"),
        page=workforce.select_staff(check, form.selection()),
        tally=workforce.tally(check),
        asked_for={name: value for name, value in request.args.items() if name in ("q", "counting", "presence")},
        counting_of=workforce.counting_of,
        proofs=workforce.proofs_of(agency),
        terms=expiring(check.particulars, on=today, law=jurisdiction()),
        pending=pending_of(db.session(), agency.id),
    )


@blueprint.route("/staff/new", methods=["GET", "POST"])
@guard(is_agency)
def new_staff() -> ResponseReturnValue:
    agency = own()
    form = NewMemberForm(data={"version": agency.version})
    if form.submitted():
        try:
            services.add(agency.id, form.number.data or "", form.entry(), version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash(f"{form.name.data}已加入人员名单，请接着上传其职称证书、劳动合同和社会保险证明。")
            return redirect(url_for("agency.staff"))
    return render_template("agency/new_staff.html", agency=own(), form=form), form.status


@blueprint.route("/staff/<int:member_id>", methods=["GET", "POST"])
@guard(is_agency, load=own_member)
def edit_staff(member: StaffMember) -> ResponseReturnValue:
    agency, member_id, has_left = own(), member.id, member.left_on is not None
    form = (FormerMemberForm if has_left else MemberForm)(data={"version": agency.version, **_shown(member)})
    if form.submitted():
        left_on = form.left_on.data if has_left else None
        try:
            services.change(
                agency.id, member_id, form.entry(left_on=left_on), version=form.shown_version, by=signed_in()
            )
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash(f"{form.name.data}的资料已保存。")
            return redirect(url_for("agency.staff"))
    agency = own()
    check = recheck.live_check(db.session(), agency, on=clock.today())
    person = next(each for each in check.staff if each.member.id == member_id)
    proofs = workforce.proofs_of(agency).get(member_id, [])
    page = render_template(
        "agency/edit_staff.html",
        agency=agency,
        form=form,
        person=person,
        proofs=proofs,
        counting=workforce.counting_of(person),
    )
    return page, form.status


def _shown(member: StaffMember) -> dict[str, object]:
    entry = MemberEntry.of(member)
    return {
        **{name: getattr(entry, name) for name in MemberEntry.__dataclass_fields__},
        "declared_level": entry.declared_level.value if entry.declared_level else "",
        "employment": entry.employment.value,
        "full_time": "yes" if entry.full_time else "no",
    }


@blueprint.route("/staff/<int:member_id>/left", methods=["GET", "POST"])
@guard(is_agency, load=own_member)
def staff_left(member: StaffMember) -> ResponseReturnValue:
    agency, member_id, name = own(), member.id, member.name
    form = LeavingForm(data={"version": agency.version})
    if form.submitted():
        try:
            services.leave(agency.id, member_id, form.day(), version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash(f"已登记{name}离职。")
            return redirect(url_for("agency.staff"))
    return render_template("agency/staff_left.html", agency=own(), form=form, name=name), form.status
