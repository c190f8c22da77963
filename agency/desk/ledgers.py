"""The department's old ledgers: bringing one, and deciding which of its spellings are one body."""

from dataclasses import dataclass
from typing import cast

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import policies
from accounts.signin import signed_in
from agency import queries as agency_queries
from agency.desk import blueprint
from agency.forms.ledgers import CellForm, CertainForm, ConfirmForm, LedgerForm, ProposalForm, SplitForm
from agency.ledgers.differences import Piece, side_by_side
from agency.ledgers.spellings import Likeness
from agency.models import Agency, LedgerImport, Proposal, ProposalState, Spelling
from agency.queries import ledgers as queries
from agency.queries.ledgers import Progress
from agency.services import ledgers as services
from core.db import db
from core.errors import DomainError
from core.guards import guard
from core.paging import page_of
from core.settings import Settings
from core.sheets import Limits

CELLS, DECIDED, ALL = "cells", "decided", "all"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal with what its page shows: each spelling in pieces, the suggested main name first."""

    proposal: Proposal
    form: ProposalForm | None  # None: decided, or the reader doesn't decide
    rows: tuple[tuple[Spelling, tuple[Piece, ...]], ...]

    @classmethod
    def of(cls, proposal: Proposal, form: ProposalForm | None = None) -> "Card":
        rows = sorted(proposal.spellings, key=lambda row: (row.id != proposal.main_id, row.id))
        return cls(proposal, form, tuple(zip(rows, side_by_side([row.text for row in rows]), strict=True)))


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool
    count: int | None


@blueprint.get("/ledgers")
@guard(policies.is_department)
def ledgers() -> ResponseReturnValue:
    return render_template("agency/desk/ledgers.html", ledgers=queries.ledgers(db.session()), may_decide=_may_decide())


@blueprint.route("/ledgers/new", methods=["GET", "POST"])
@guard(policies.is_provincial)
def new_ledger() -> ResponseReturnValue:
    form = LedgerForm()
    settings = cast(Settings, current_app.extensions["settings"])
    if form.submitted():
        limits = Limits(settings.upload_bytes, settings.sheet_unpacked_bytes, settings.sheet_rows)
        file = form.file.data
        try:
            brought = services.bring(file.read(), file_name=file.filename or "", limits=limits, by=signed_in())
        except DomainError as refusal:
            refusal.field = "file"
            form.refuse(refusal)
        else:
            if brought.ledger_id is None:
                learnt = f"补上 {brought.learnt} 个信用代码。" if brought.learnt else "什么也没有改变。"
                flash(f"读入 {brought.rows} 行，所有写法此前都已读入，没有新增，{learnt}", "info")
                return redirect(url_for(".ledgers"))
            flash(f"读入 {brought.rows} 行，新写法 {brought.new_spellings} 个，建议 {brought.new_proposals} 条。")
            return redirect(url_for(".show_ledger", ledger_id=brought.ledger_id))
    return render_template("agency/desk/new_ledger.html", form=form, max_bytes=settings.upload_bytes), form.status


@blueprint.get("/ledgers/<int:ledger_id>")
@guard(policies.is_department, load=queries.ledger_seen_by)
def show_ledger(ledger: LedgerImport) -> ResponseReturnValue:
    session = db.session()
    shown = queries.listed(session, ledger)
    part = _part(shown.progress, request.args.get("part"))
    cards: list[Card] = []
    page = None
    likeness = next((kind for kind in Likeness if kind == part), None)
    if likeness is not None:
        for proposal in queries.open_proposals(session, ledger.id, likeness):
            cards.append(Card.of(proposal, ProposalForm(proposal) if _may_decide() else None))
    elif part == DECIDED:
        cards = [Card.of(proposal) for proposal in queries.decided_proposals(session, ledger.id)]
    elif part == ALL:
        rows = queries.spellings(ledger.id)
        page = page_of(session, rows, keys=(Spelling.row, Spelling.id), cursor=request.args.get("page"), size=PAGE)
    return render_template(
        "agency/desk/show_ledger.html",
        ledger=ledger,
        by=shown.by,
        progress=shown.progress,
        tabs=_tabs(ledger, shown.progress, part),
        part=part,
        cards=cards,
        cells=queries.cells(session, ledger.id) if part == CELLS else (),
        page=page,
        may_decide=_may_decide(),
    )


def _may_decide() -> bool:
    return policies.is_provincial(signed_in(), None)


def _part(progress: Progress, asked: str | None) -> str:
    """What is shown: what was asked for, else the first that waits for a decision."""
    if asked in (*Likeness, CELLS, DECIDED, ALL):
        return str(asked)
    waiting = [kind.value for kind, count in progress.open.items() if count]
    return next(iter(waiting), CELLS if progress.cells else ALL)


def _tabs(ledger: LedgerImport, progress: Progress, part: str) -> list[Tab]:
    named = [(kind.value, kind.label, progress.open[kind]) for kind in Likeness]
    named += [(CELLS, "可能一格几家", progress.cells), (DECIDED, "已决定", progress.decided)]
    named += [(ALL, "全部写法", progress.spellings)]
    return [
        Tab(label, url_for(".show_ledger", ledger_id=ledger.id, part=key), key == part, count)
        for key, label, count in named
    ]


@blueprint.route("/ledgers/<int:ledger_id>/settle", methods=["GET", "POST"])
@guard(policies.is_provincial, load=queries.ledger_seen_by)
def settle_ledger(ledger: LedgerImport) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.submitted():
        try:
            made = services.settle_rest(ledger.id, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"已新建 {made} 家机构，均为“已知，未登记”。" if made else "没有需要新建的机构。")
            return redirect(url_for(".show_ledger", ledger_id=ledger.id))
    progress = queries.progress(db.session(), ledger.id)
    return render_template("agency/desk/settle_ledger.html", form=form, ledger=ledger, progress=progress), form.status


@blueprint.route("/ledgers/<int:ledger_id>/certain", methods=["GET", "POST"])
@guard(policies.is_provincial, load=queries.ledger_seen_by)
def join_certain(ledger: LedgerImport) -> ResponseReturnValue:
    proposals = list(queries.open_proposals(db.session(), ledger.id, Likeness.CERTAIN))
    form = CertainForm(shown=CertainForm.listing(proposals))
    if form.submitted():
        try:
            joined = services.join_all(form.versions, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
            proposals = list(queries.open_proposals(db.session(), ledger.id, Likeness.CERTAIN))
            form.shown.data = CertainForm.listing(proposals)
        else:
            flash(f"已并为 {joined} 家机构。")
            return redirect(url_for(".show_ledger", ledger_id=ledger.id))
    cards = [Card.of(proposal) for proposal in proposals]
    return render_template("agency/desk/join_certain.html", form=form, ledger=ledger, cards=cards), form.status


@blueprint.route("/proposals/<int:proposal_id>", methods=["GET", "POST"])
@guard(policies.is_provincial, load=queries.proposal_seen_by)
def proposal(proposal: Proposal) -> ResponseReturnValue:
    form = ProposalForm(proposal)
    if form.submitted():
        try:
            _decide(proposal, form)
        except DomainError as refusal:
            form.refuse(refusal)
            form.version.data = str(proposal.version)  # what is shown now
        else:
            return redirect(url_for(".show_ledger", ledger_id=proposal.ledger_id, part=proposal.likeness))
    card = Card.of(proposal, form if proposal.state is ProposalState.OPEN else None)
    return render_template("agency/desk/proposal.html", proposal=proposal, card=card, form=form), form.status


def _decide(proposal: Proposal, form: ProposalForm) -> None:
    reason, version = form.reason.data or "", form.shown_version
    if form.apart.data:
        services.leave_apart(proposal.id, reason=reason, version=version, by=signed_in())
        flash(f"“{proposal.main.text}”等写法已分开。")
        return
    agency_id = services.join(
        proposal.id,
        chosen=form.chosen.data or (),
        main=form.main.data or 0,
        reason=reason,
        version=version,
        by=signed_in(),
    )
    agency = db.session.get(Agency, agency_id)
    flash(f"已并为一家：{agency.name if agency else ''}。")


@blueprint.route("/cells/<int:spelling_id>", methods=["GET", "POST"])
@guard(policies.is_provincial, load=queries.cell_seen_by)
def cell(cell: Spelling) -> ResponseReturnValue:
    form = CellForm(cell)
    if form.submitted():
        try:
            if form.decision.data == "whole":
                services.keep_whole(cell.id, reason=form.reason.data or "", by=signed_in())
            else:
                services.divide(cell.id, form.lines, reason=form.reason.data or "", by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"“{cell.text}”已决定。")
            return redirect(url_for(".show_ledger", ledger_id=cell.ledger_id, part=CELLS))
    return render_template("agency/desk/cell.html", cell=cell, form=form), form.status


@blueprint.get("/<int:agency_id>/spellings")
@guard(policies.is_department, load=queries.agency_seen_by)
def spellings(agency: Agency) -> ResponseReturnValue:
    return render_template(
        "agency/desk/spellings.html",
        agency=agency,
        non_adoptions=agency_queries.non_adoptions_of(db.session(), agency.id),
        may_decide=_may_decide(),
        may_bar=policies.is_approver(signed_in(), agency),
    )


@blueprint.route("/spellings/<int:spelling_id>/split", methods=["GET", "POST"])
@guard(policies.is_provincial, load=queries.joined_spelling_seen_by)
def split_spelling(spelling: Spelling) -> ResponseReturnValue:
    form = SplitForm(agency=spelling.agency_id)
    if form.submitted():
        try:
            own = services.split_off(
                spelling.id, agency_id=form.agency_id, reason=form.reason.data or "", by=signed_in()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"“{spelling.text}”已另建一家。")
            return redirect(url_for(".spellings", agency_id=own))
    return render_template("agency/desk/split_spelling.html", spelling=spelling, form=form), form.status
