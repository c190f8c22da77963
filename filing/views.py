"""The agency's side of its filing: where it stands, what is next, the steps that are the agency's own."""

from typing import cast

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_agency
from accounts.signin import signed_in
from agency.particulars import MATERIALS, Particulars, Subject
from core import clock, law
from core.db import db
from core.errors import DomainError
from core.guards import guard
from filing import likeness, queries, receipts, rules, services
from filing.forms import CancelForm, StepForm, WithdrawForm, target_label
from filing.models import Filing
from filing.rules import Action, State

blueprint = Blueprint("filing", __name__, url_prefix="/filing")

# where an agency mends what is found wrong with a clause, or with what hangs on a row
CLAUSES = {
    "JL-20-1": "agency.identity",
    "JL-20-2": "agency.offices",
    "JL-20-3": "agency.staff",
    "JL-20-4": "agency.rules",
    "JL-20-5": "agency.records",
    "JL-21-1": "agency.identity",
    "JL-22-1b": "agency.declarations",
}
SUBJECTS = {
    Subject.AGENCY: "agency.materials",
    Subject.OFFICE: "agency.offices",
    Subject.STAFF: "agency.staff",
    Subject.RECORD: "agency.records",
    Subject.TRAINING: "agency.trainings",
}


def mending_url(target: str) -> str:
    """The page where what a correction is tied to can be mended."""
    kind, _, name = target.partition(":")
    if kind == "clause":
        return url_for(CLAUSES[name])
    return url_for(next(SUBJECTS[slot.subject] for slot in MATERIALS if slot.kind == name))


def own_agency() -> int:
    """The agency of who is signed in; the guard has seen that there is one."""
    return cast(int, signed_in().agency_id)


def current() -> Filing | None:
    """What the agency's page is about: the filing under way, else the one in force, else the last."""
    session = db.session()
    found = queries.find_open(session, own_agency()) or queries.in_force(session, own_agency())
    return found or next(iter(queries.filings_of(session, own_agency())), None)


def current_for(action: Action) -> Filing:
    """The filing that a page of this action is about; 404 when there is nothing of the kind.

    By Back or an old link one comes too late: then to where the filing stands.
    """
    session = db.session()
    find = queries.in_force if action is Action.CANCEL else queries.find_open
    filing = find(session, own_agency())
    if filing is None:
        abort(404)
    if request.method == "GET" and not rules.may_follow(filing.state, action):
        flash(f"这件备案现在是“{filing.state.label}”，不能{action.label}。", "warning")
        abort(redirect(url_for("filing.show")))
    return filing


@blueprint.route("")
@guard(is_agency)
def show() -> ResponseReturnValue:
    session = db.session()
    filing, in_force = current(), queries.in_force(session, own_agency())
    facts, check = queries.live_check(session, own_agency())
    decided = filing is not None and filing.state in (State.FILED, State.REFUSED)
    return render_template(
        "filing/show.html",
        filing=filing,
        in_force=in_force,
        check=check,
        corrections=queries.corrections(filing, facts) if filing and filing.state is State.RETURNED else (),
        judgements=queries.judgements_in(session, filing) if filing and decided else (),
        questions=questions(filing) if filing and decided else {},
        past=[each for each in queries.filings_of(session, own_agency()) if filing and each.id != filing.id],
        remedies=rules.remedies(law.jurisdiction(), on=clock.today()),
        correction_term=queries.correction_term(session, filing) if filing else None,
        being_looked_at=filing is not None and likeness.is_being_looked_at(session, filing),
        may_follow=rules.may_follow,
        mending_url=mending_url,
        target_label=target_label,
        clauses=law.jurisdiction().clauses,
    )


def questions(filing: Filing) -> dict[str, str]:
    """Point → what it was about, in words."""
    return {point.point: point.question for point in queries.check_of(db.session(), filing).points}


@blueprint.route("/begin", methods=["GET", "POST"])
@guard(is_agency)
def begin() -> ResponseReturnValue:
    form = StepForm()
    if form.submitted():
        try:
            services.begin(own_agency(), by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已开始填报。资料齐全后即可提交。")
            return redirect(url_for("filing.show"))
    return render_template(
        "filing/begin.html", form=form, in_force=queries.in_force(db.session(), own_agency())
    ), form.status


@blueprint.route("/submit", methods=["GET", "POST"])
@guard(is_agency)
def submit() -> ResponseReturnValue:
    filing = current_for(Action.SUBMIT)
    form = StepForm(version=filing.version)
    if form.submitted():
        try:
            services.submit(filing.id, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("备案已提交，等待省厅受理。")
            return redirect(url_for("filing.show"))
    facts, check = queries.live_check(db.session(), own_agency())
    return render_template(
        "filing/submit.html",
        filing=filing,
        form=form,
        check=check,
        corrections=queries.corrections(filing, facts) if filing.state is State.RETURNED else (),
        due=[material for finding in check.findings for material in finding.still_due],
        clauses=law.jurisdiction().clauses,
        mending_url=mending_url,
        target_label=target_label,
    ), form.status


@blueprint.route("/withdraw", methods=["GET", "POST"])
@guard(is_agency)
def withdraw() -> ResponseReturnValue:
    filing = current_for(Action.WITHDRAW)
    form = WithdrawForm(version=filing.version)
    if form.submitted():
        try:
            services.withdraw(filing.id, version=form.shown_version, by=signed_in(), reason=form.reason.data or "")
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("备案已撤回。修改后可以重新开始。")
            return redirect(url_for("filing.show"))
    return render_template("filing/withdraw.html", filing=filing, form=form), form.status


@blueprint.route("/cancel", methods=["GET", "POST"])
@guard(is_agency)
def cancel() -> ResponseReturnValue:
    filing = current_for(Action.CANCEL)
    form = CancelForm(version=filing.version)
    if form.submitted():
        try:
            services.cancel(filing.id, version=form.shown_version, by=signed_in(), reason=form.reason.data or "")
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"备案 {filing.number} 已注销。")
            return redirect(url_for("filing.show"))
    return render_template("filing/cancel.html", filing=filing, form=form), form.status


@blueprint.route("/changes")
@guard(is_agency)
def changes() -> ResponseReturnValue:
    """What has changed since the last hand-in, or since the version in force."""
    session = db.session()
    filing, facts = current(), queries.live_check(session, own_agency())[0]
    if filing is None:
        abort(404)
    open_to_changes = filing.state in (State.DRAFT, State.RETURNED, State.FILED)
    before: tuple[str, Particulars] | None
    if open_to_changes and filing.latest:
        before = f"第 {filing.latest.number} 次提交", queries.snapshot(filing)
    else:
        before = queries.previous_particulars(session, filing)
    after = facts if open_to_changes else queries.snapshot(filing)
    return render_template(
        "filing/changes.html",
        filing=filing,
        before=before[0] if before else None,
        after="现在的资料" if open_to_changes else f"第 {len(filing.submissions)} 次提交",
        sections=queries.changes_of(before[1] if before else None, after),
    )


@blueprint.route("/receipt")
@guard(is_agency)
def receipt() -> ResponseReturnValue:
    filing = queries.in_force(db.session(), own_agency())
    if filing is None:
        abort(404)
    obstacle = receipts.pdf_obstacle()
    shown = {
        "filing": filing,
        "facts": queries.snapshot(filing),
        "verify_url": receipts.verify_url(filing),
        "code": receipts.grouped(receipts.token_of(filing)),
        "qr": receipts.qr_svg(receipts.verify_url(filing)),
        "obstacle": obstacle,
    }
    if request.args.get("format") == "pdf" and obstacle is None:
        return _as_pdf(filing, render_template("filing/receipt_pdf.html", **shown))
    return render_template("filing/receipt.html", **shown)


def _as_pdf(filing: Filing, html: str) -> Response:
    return send_file(
        receipts.pdf_of(html),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"备案回执 {filing.number}.pdf",
    )
