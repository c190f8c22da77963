"""The department's old ledger comes in; officers decide which spellings are one body, and the rest become known."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from agency.ledgers import bodies, spellings
from agency.ledgers.reading import Ledger, read_ledger
from agency.ledgers.spellings import Entry
from agency.models import Agency, LedgerImport, Proposal, ProposalState, Spelling, Standing
from agency.models.ledgers import LONGEST_NAME
from agency.queries import ledgers as queries
from agency.queries.ledgers import REST, UNDECIDED_CELL
from core import audit, clock
from core.db import transaction
from core.documents import clean_name
from core.errors import Conflict, DomainError
from core.refs import Actor
from core.sheets import Limits, extension_of


class AlreadyDecided(Conflict):
    """Another officer decided first, or the same click came twice."""


class NotToBeSplit(DomainError):
    """Only an entry that is known and has several spellings can be split."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a ledger brought; `ledger_id` is None where it has no new spelling and no ledger was kept."""

    ledger_id: int | None
    rows: int
    spellings: int  # different ones in the file
    new_spellings: int
    proposals: int  # in which a spelling of the file takes part, decided or not
    new_proposals: int
    learnt: int  # codes of spellings that came without before
    remarks: tuple[str, ...]


def bring(content: bytes, *, file_name: str, limits: Limits, by: Actor | None) -> Brought:
    """Read a ledger and keep its spellings with the proposals which of them are one body. Raises UnreadableSheet.

    A spelling that is there already is not kept twice, nor is what was proposed before.
    """
    ledger = read_ledger(content, limits)
    names, remarks = _names(ledger)
    try:
        with transaction() as session:
            bodies.hold(session)
            there = {row.text: row for row in session.scalars(select(Spelling).order_by(Spelling.id))}
            learnt, told = _learn_codes(session, there, names, by=by)
            remarks += told
            new = [entry for text, entry in names.items() if text not in there]
            row, made = None, 0
            if new:
                row = LedgerImport(
                    file_name=clean_name(file_name, extension_of(content))[:200],
                    brought_at=clock.now(),
                    brought_by=by.id if by else None,
                    rows=len(ledger.entries),
                    known_before=len(names) - len(new),
                    remarks="\n".join(remarks),
                )
                session.add(row)
                session.flush()
                made = _keep(session, row, new, there)
                after = f"{row.rows} 行，新写法 {len(new)} 个，建议 {made} 条"
                audit.record(session, "ledger.brought", row, by=by, after=after)
            return Brought(
                ledger_id=row.id if row else None,
                rows=len(ledger.entries),
                spellings=len(names),
                new_spellings=len(new),
                proposals=queries.proposals_about(session, frozenset(names)),
                new_proposals=made,
                learnt=learnt,
                remarks=tuple(remarks),
            )
    except IntegrityError as clash:
        if "agency_spelling" in str(clash.orig):
            raise Conflict("另一份台账刚刚导入，其中有相同的写法。请刷新后查看，仍有需要的再导入一次。") from None
        raise


def _names(ledger: Ledger) -> tuple[dict[str, Entry], list[str]]:
    """Each spelling once, with its code; what is left out is told."""
    remarks = [f"第 {remark.row} 行：{remark.text}" for remark in ledger.remarks]
    remarks += [f"工作表“{sheet}”未读入" for sheet in ledger.other_sheets]
    names: dict[str, Entry] = {}
    for entry in ledger.entries:
        first = names.get(entry.name)
        if len(entry.name) > LONGEST_NAME:
            remarks.append(f"第 {entry.row} 行：名称超过 {LONGEST_NAME} 个字，未读入")
        elif first is None or (entry.code and not first.code):
            names[entry.name] = entry if first is None else Entry(first.row, entry.name, entry.code)
        elif entry.code and entry.code != first.code:
            remarks.append(
                f"第 {entry.row} 行：“{entry.name}”的信用代码 {entry.code} 与前面的 {first.code} 不同，未采用"
            )
    return names, remarks


def _learn_codes(
    session: Session, there: Mapping[str, Spelling], names: Mapping[str, Entry], *, by: Actor | None
) -> tuple[int, list[str]]:
    """A later ledger may know the code of a spelling that came without. What it says otherwise is told."""
    learnt, told = 0, []
    for text, entry in names.items():
        known = there.get(text)
        if known is None or entry.code is None or entry.code == _code_of(known):
            continue
        taken = session.scalar(select(Agency.id).where(Agency.credit_code == entry.code))
        if _code_of(known) is None and (taken is None or known.agency is None):
            known.code = entry.code
            if known.agency is not None:
                bodies.take_in(session, known.agency, [known])
            audit.record(session, "spelling.code_learnt", known, by=by, after=entry.code)
            learnt += 1
            told.append(f"第 {entry.row} 行：“{text}”此前没有信用代码，已补上")
        else:
            told.append(f"第 {entry.row} 行：“{text}”此前已读入，信用代码 {entry.code} 与在册的不符，未采用，请核对")
    return learnt, told


def _keep(session: Session, ledger: LedgerImport, new: Sequence[Entry], there: Mapping[str, Spelling]) -> int:
    """Keep new spellings and the proposals in which they take part; returns how many proposals that makes."""
    kept = [Spelling(text=entry.name, code=entry.code, ledger_id=ledger.id, row=entry.row) for entry in new]
    session.add_all(kept)
    session.flush()
    by_text = {row.text: row for row in (*there.values(), *kept)}
    entries = [Entry(place, row.text, _code_of(row)) for place, row in enumerate(by_text.values())]
    fresh = {row.text for row in kept}
    proposals = [each for each in spellings.propose(entries) if not fresh.isdisjoint(each.spellings)]
    session.add_all(
        Proposal(
            ledger_id=ledger.id,
            likeness=each.likeness,
            why="\n".join(dict.fromkeys(link.reason for link in each.links)),
            main=by_text[each.main.name],
            why_main=each.why_main,
            spellings=[by_text[text] for text in each.spellings],
        )
        for each in proposals
    )
    for cell in spellings.joint_cells(entries):
        if cell.entry.name in fresh:
            row = by_text[cell.entry.name]
            row.joint_cell, row.holds = True, "\n".join(other.name for other in cell.holds)
    session.flush()
    return len(proposals)


def _code_of(row: Spelling) -> str | None:
    return row.code or (row.agency.credit_code if row.agency else None)


@contextmanager
def _deciding() -> Iterator[Session]:
    """A transaction in which decisions on spellings wait for each other. Raises Conflict where a body registers now."""
    try:
        with transaction() as session:
            bodies.hold(session)
            yield session
    except IntegrityError as clash:
        if "credit_code" in str(clash.orig):
            raise Conflict("其中一个统一社会信用代码刚刚有机构登记，请核对后再提交一次。") from None
        raise


def join(proposal_id: int, *, chosen: Sequence[int], main: int, reason: str, version: int, by: Actor) -> int:
    """An officer decides which spellings of a proposal are one body; returns the body's id. Without a reason: its own.

    The others go on waiting where another proposal has them, or become known by themselves.
    Raises AlreadyDecided, TwoCodes, TwoRegistered, DomainError.
    """
    with _deciding() as session:
        proposal = _open(session, proposal_id, version)
        picked = [row for row in proposal.spellings if row.id in chosen]
        name = next((row for row in picked if row.id == main), None)
        if len(picked) < 2:
            raise DomainError("请至少勾选两个写法；都不是一家的，请选择分开。", field="chosen")
        if name is None:
            raise DomainError("主名称请在勾选的写法中选择。", field="main")
        return _join(session, proposal, picked, name, reason=reason or _own_reason(proposal), by=by).id


def join_all(proposals: Mapping[int, int], *, by: Actor) -> int:
    """Join the certain proposals as they stand, given with the versions shown; returns how many bodies that makes.

    Raises AlreadyDecided, TwoCodes, TwoRegistered, DomainError; then none is joined.
    """
    with _deciding() as session:
        joined = set()
        for proposal_id in sorted(proposals):
            proposal = session.get_one(Proposal, proposal_id, populate_existing=True)
            if proposal.likeness is not spellings.Likeness.CERTAIN:
                raise DomainError("只有确定相同的建议可以一并办理，其余请逐条决定。")
            proposal = _open(session, proposal_id, proposals[proposal_id])
            own = _own_reason(proposal)
            joined.add(_join(session, proposal, proposal.spellings, proposal.main, reason=own, by=by).id)
        return len(joined)


def leave_apart(proposal_id: int, *, reason: str, version: int, by: Actor) -> None:
    """An officer decides that the spellings of a proposal are several bodies. Raises AlreadyDecided."""
    with _deciding() as session:
        proposal = _open(session, proposal_id, version)
        _decide(proposal, ProposalState.LEFT_APART, reason=reason, by=by)
        audit.record(session, "proposal.left_apart", proposal, by=by, after=proposal.state, reason=reason)
        _touch(session, proposal, by=by)


def _open(session: Session, proposal_id: int, version: int) -> Proposal:
    proposal = session.get_one(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    if proposal.state is not ProposalState.OPEN:
        raise AlreadyDecided(f"这条建议刚刚已作出决定（{proposal.state.label}），请刷新后查看。")
    if proposal.version != version:
        raise AlreadyDecided("其中的写法刚刚在另一条建议中作了决定，请按现状核对，仍要如此决定的再提交一次。")
    return proposal


def _own_reason(proposal: Proposal) -> str:
    return "依建议：" + "；".join(proposal.why.splitlines())


def _decide(proposal: Proposal, state: ProposalState, *, reason: str, by: Actor) -> None:
    proposal.state, proposal.reason = state, reason
    proposal.decided_at, proposal.decided_by = clock.now(), by.id


def _join(
    session: Session, proposal: Proposal, picked: Sequence[Spelling], main: Spelling, *, reason: str, by: Actor
) -> Agency:
    agency = bodies.unite(session, picked, main, by=by)
    proposal.agency_id = agency.id
    _decide(proposal, ProposalState.JOINED, reason=reason, by=by)
    told = f"{agency.name}：{len(picked)} 个写法"
    audit.record(session, "proposal.joined", proposal, by=by, after=told, reason=reason)
    _touch(session, proposal, by=by)
    return agency


def _touch(session: Session, decided: Proposal, *, by: Actor) -> None:
    """What a decision means for the rest: proposals it answers, those to be looked at anew, spellings it sets free."""
    rows = list(decided.spellings)
    ids = {row.id for row in rows}
    others = session.scalars(
        select(Proposal)
        .where(Proposal.state == ProposalState.OPEN, Proposal.spellings.any(Spelling.id.in_(ids)))
        .order_by(Proposal.id)
    ).all()
    for other in others:
        found = {row.agency_id for row in other.spellings}
        if len(found) == 1 and None not in found:
            other.agency_id = found.pop()
            _decide(other, ProposalState.JOINED, reason=f"随另一条建议一并决定：{decided.reason}", by=by)
            audit.record(session, "proposal.joined", other, by=by, after=other.state, reason=other.reason)
        else:
            other.version += 1
    session.flush()
    freed = session.scalars(select(Spelling).where(Spelling.id.in_(ids), REST).order_by(Spelling.id)).all()
    bodies.settle(session, freed, by=by, apart_from={row.agency_id for row in rows})


def settle_rest(ledger_id: int, *, by: Actor | None) -> int:
    """每个未列入建议的写法各建一家: returns how many entries were made; none are left to make at a second call."""
    with _deciding() as session:
        ledger = session.get_one(LedgerImport, ledger_id)
        rows = session.scalars(
            select(Spelling).where(Spelling.ledger_id == ledger_id, REST).order_by(Spelling.id)
        ).all()
        if not rows:
            return 0
        made = bodies.settle(session, rows, by=by)
        audit.record(session, "ledger.settled", ledger, by=by, after=f"{len(rows)} 个写法，新建 {made} 家")
        return made


def keep_whole(spelling_id: int, *, reason: str, by: Actor) -> None:
    """An officer decides that a cell names one body. Raises AlreadyDecided."""
    with _deciding() as session:
        cell = _undecided_cell(session, spelling_id)
        bodies.settle(session, [cell], by=by)
        audit.record(session, "spelling.kept_whole", cell, by=by, reason=reason)


def divide(spelling_id: int, names: Sequence[str], *, reason: str, by: Actor) -> None:
    """An officer decides which bodies a cell names. Raises AlreadyDecided, DomainError."""
    with _deciding() as session:
        cell = _undecided_cell(session, spelling_id)
        wanted = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
        if len(wanted) < 2 or cell.text in wanted:
            raise DomainError("请把这一格分成至少两个名称，一行一个。", field="names")
        if any(len(name) > LONGEST_NAME for name in wanted):
            raise DomainError(f"每个名称请控制在 {LONGEST_NAME} 个字以内。", field="names")
        there = {row.text: row for row in session.scalars(select(Spelling).where(Spelling.text.in_(wanted)))}
        cell.parts = [there.get(name) or Spelling(text=name, ledger_id=cell.ledger_id, row=cell.row) for name in wanted]
        session.flush()
        ids = [part.id for part in cell.parts]
        free = session.scalars(select(Spelling).where(Spelling.id.in_(ids), REST).order_by(Spelling.id)).all()
        bodies.settle(session, free, by=by)
        audit.record(session, "spelling.divided", cell, by=by, after="、".join(wanted)[:200], reason=reason)


def _undecided_cell(session: Session, spelling_id: int) -> Spelling:
    cell = session.scalar(select(Spelling).where(Spelling.id == spelling_id, UNDECIDED_CELL))
    if cell is None:
        raise AlreadyDecided("这一格刚刚已作出决定，请刷新后查看。")
    return cell


def split_off(spelling_id: int, *, agency_id: int, reason: str, by: Actor) -> int:
    """Undo a wrong join: a spelling gets an entry of its own; returns its id. `agency_id`: the body that was shown.

    Raises AlreadyDecided, NotToBeSplit.
    """
    with _deciding() as session:
        spelling = session.get_one(Spelling, spelling_id, populate_existing=True)
        if spelling.agency_id != agency_id:
            raise AlreadyDecided("这个写法刚刚已不属于这家机构，请刷新后查看。")
        agency = session.get_one(Agency, agency_id, with_for_update=True, populate_existing=True)
        if agency.standing is not Standing.KNOWN:
            raise NotToBeSplit("该机构已经登记，写法不能再分出。")
        if len(agency.spellings) < 2:
            raise NotToBeSplit("该机构只有这一个写法，不必分出。")
        own = bodies.split(session, spelling, agency, by=by)
        audit.record(session, "spelling.split_off", spelling, by=by, before=agency.name, after=own.name, reason=reason)
        return own.id
