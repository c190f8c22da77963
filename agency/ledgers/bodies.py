"""Which body a published spelling means: found, made, joined or split, inside a running transaction.

Whoever calls has begun with `hold`, so that decisions on spellings follow one another.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from agency import naming
from agency.models import Agency, AgencyGram, LedgerImport, Proposal, Spelling, Standing
from core import audit
from core.errors import DomainError
from core.names import key_of
from core.refs import Actor


class TwoCodes(DomainError):
    """One body has one credit code."""


class TwoRegistered(DomainError):
    """Bodies that have registered are not made one from here."""


class AlreadyReliedOn(DomainError):
    """What was recorded of a body stays with it."""


def hold(session: Session) -> None:
    """Let decisions on spellings wait for each other: they share spellings and bodies across proposals and ledgers."""
    session.execute(select(LedgerImport.id).order_by(LedgerImport.id).with_for_update())


def find_known(session: Session, name: str) -> Agency | None:
    """The entry without a code that a ledger made under exactly this name, locked: its body may register now."""
    wanted = select(Agency).where(
        Agency.standing == Standing.KNOWN, Agency.credit_code.is_(None), Agency.spellings.any(Spelling.text == name)
    )
    return session.scalar(wanted.with_for_update(), execution_options={"populate_existing": True})


class Directory:
    """The bodies there are, by code and by name, read once for a use-case."""

    def __init__(self, session: Session) -> None:
        self._codes: dict[int, str | None] = {}
        self._by_code: dict[str, int] = {}
        self._by_key: dict[str, list[int]] = {}
        for id_, code, name in session.execute(select(Agency.id, Agency.credit_code, Agency.name).order_by(Agency.id)):
            self._note(id_, code, name)

    def _note(self, id_: int, code: str | None, name: str) -> None:
        self._codes[id_] = code
        if code:
            self._by_code[code] = id_
        self._by_key.setdefault(key_of(name), []).append(id_)

    def find(self, spelling: Spelling) -> int | None:
        """The body with the spelling's code, or of the same name where the codes don't say otherwise."""
        if spelling.code in self._by_code:
            return self._by_code[spelling.code]
        same = self._by_key.get(key_of(spelling.text), ())
        return next((id_ for id_ in same if not (spelling.code and self._codes[id_])), None)


def settle(
    session: Session, spellings: Sequence[Spelling], *, by: Actor | None, apart_from: Collection[int | None] = ()
) -> int:
    """Give each spelling its body: one that is there already, or an entry of its own; returns how many were made.

    `apart_from`: bodies of which an officer has said that none of these spellings means them.
    """
    directory = Directory(session)
    found = {spelling: directory.find(spelling) for spelling in spellings}
    made = [_entry(session, spelling) for spelling, id_ in found.items() if id_ is None or id_ in apart_from]
    naming.index(session, made)
    for agency in made:
        audit.record(session, "agency.known", agency, by=by, after=agency.credit_code)
    for spelling, id_ in found.items():
        if spelling.agency is None and id_ is not None:
            take_in(session, session.get_one(Agency, id_, with_for_update=True), [spelling])
    return len(made)


def _entry(session: Session, spelling: Spelling) -> Agency:
    agency = Agency(standing=Standing.KNOWN, name=spelling.text, former_names=[])
    agency.credit_code = _free(session, spelling.code)
    agency.search_text = agency.sort_key = ""  # the index is made with the name that is kept in the end
    agency.spellings = [spelling]
    session.add(agency)
    return agency


def _free(session: Session, code: str | None) -> str | None:
    """A code that no body has yet: a ledger may give one code to two, and an officer may have left them apart."""
    held = code and session.scalar(select(Agency.id).where(Agency.credit_code == code))
    return None if held else code


def take_in(session: Session, agency: Agency, spellings: Iterable[Spelling]) -> None:
    """Make spellings an agency's; one that is only known learns its code from them."""
    for spelling in spellings:
        spelling.agency = agency
        if agency.credit_code is None:
            agency.credit_code = _free(session, spelling.code)
    session.flush()
    naming.index(session, [agency])


def unite(session: Session, chosen: Sequence[Spelling], main: Spelling, *, by: Actor) -> Agency:
    """Make one body of the chosen spellings, with the entries that they have so far.

    A registered body among them stays and keeps its name. Raises TwoCodes, TwoRegistered, AlreadyReliedOn.
    """
    there = _bodies_of(session, chosen)
    _require_one_code({*(row.code for row in chosen), *(agency.credit_code for agency in there)} - {None})
    registered = [agency for agency in there if agency.standing is Standing.REGISTERED]
    if len(registered) > 1:
        names = "、".join(agency.name for agency in registered)
        raise TwoRegistered(
            f"{names}均已登记，是两家机构，不能在此并为一家。请只勾选属于同一家的写法，或者分开。", field="chosen"
        )
    first = registered or [agency for agency in there if agency.id == main.agency_id] or there
    target = first[0] if first else _entry(session, main)
    for agency in there:
        if agency is not target:
            _dissolve(session, agency, into=target, by=by)
    if target.standing is Standing.KNOWN:
        target.name = main.text
    take_in(session, target, chosen)
    if not first:
        audit.record(session, "agency.known", target, by=by, after=target.credit_code)
    return target


def _bodies_of(session: Session, spellings: Sequence[Spelling]) -> list[Agency]:
    directory = Directory(session)
    ids = {row.agency_id or directory.find(row) for row in spellings} - {None}
    rows = select(Agency).where(Agency.id.in_(ids)).order_by(Agency.id).with_for_update()
    return list(session.scalars(rows, execution_options={"populate_existing": True}))


def _require_one_code(codes: Collection[str | None]) -> None:
    if len(codes) > 1:
        told = "、".join(sorted(filter(None, codes)))
        raise TwoCodes(
            f"所选写法带有不同的统一社会信用代码（{told}），一家机构只有一个代码。"
            "请只勾选代码相同或没有代码的写法，或者分开。",
            field="chosen",
        )


def _dissolve(session: Session, agency: Agency, *, into: Agency, by: Actor) -> None:
    """An entry that was only known goes up in another, and its code with it."""
    audit.record(session, "agency.dissolved", agency, by=by, before=agency.name, after=into.name)
    code, agency.credit_code = agency.credit_code, None
    for spelling in list(agency.spellings):
        spelling.agency = into
    session.flush()
    into.credit_code = into.credit_code or code
    session.execute(update(Proposal).where(Proposal.agency_id == agency.id).values(agency_id=into.id))
    session.execute(delete(AgencyGram).where(AgencyGram.agency_id == agency.id))
    try:
        session.execute(delete(Agency).where(Agency.id == agency.id))
    except IntegrityError:  # evaluations, cases or decisions stand on it: who it is has been relied on
        raise AlreadyReliedOn(
            f"{agency.name}名下已有评价、案件或决定，不能并入其他条目。请先核对这些记录，或者选择分开。", field="chosen"
        ) from None
    session.expunge(agency)


def split(session: Session, spelling: Spelling, agency: Agency, *, by: Actor) -> Agency:
    """Take a spelling out of an entry that is only known and give it one of its own, with its code if it had it."""
    rest = [row for row in agency.spellings if row is not spelling]
    if spelling.code and agency.credit_code == spelling.code and all(row.code != spelling.code for row in rest):
        agency.credit_code = next((row.code for row in rest if row.code), None)
    if agency.name == spelling.text:
        agency.name = next((row for row in rest if row.code), rest[0]).text
    spelling.agency = None
    session.flush()
    session.expire(agency, ["spellings"])
    own = _entry(session, spelling)
    naming.index(session, [agency, own])
    audit.record(session, "agency.known", own, by=by, after=own.credit_code)
    return own
