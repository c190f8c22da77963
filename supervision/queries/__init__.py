"""Reading what is recorded past the gate, as the desk sees it."""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, load_only

from agency import naming
from agency.models import Agency
from applicants import naming as applicant_naming
from applicants.models import Applicant
from core import clock, law
from core.db import LARGEST_INTEGER
from core.errors import Collected
from evaluations.entries import RegistrationEntry
from evaluations.queries.gate import facts_of
from evaluations.queries.partners import NoSuchPartner
from evaluations.rules import gate
from evaluations.rules.gate import Refusal
from supervision import rules

FOUND = 12  # shown of a search that chooses one


# ── recording past the gate ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Chosen:
    """What has been chosen so far of an evaluation to record."""

    agency: Agency | None
    applicant: Applicant | None


def chosen(session: Session, agency_id: int | None, applicant_id: int | None) -> Chosen:
    """Whom the ids in the address bar mean, if anybody."""
    return Chosen(
        session.get(Agency, agency_id) if _is_id(agency_id) else None,
        session.get(Applicant, applicant_id) if _is_id(applicant_id) else None,
    )


def _is_id(number: int | None) -> bool:
    return number is not None and 0 < number <= LARGEST_INTEGER


def agencies_named(session: Session, word: str) -> Sequence[Agency]:
    """The first agencies that are called so, those only known from a ledger too; none without a word."""
    if not word:
        return ()
    rows = naming.named(session, select(Agency), word).order_by(Agency.sort_key, Agency.id).limit(FOUND)
    return session.scalars(rows.options(load_only(Agency.name, Agency.credit_code, Agency.standing))).all()


def partners_of(session: Session, agency_id: int, lines: Sequence[str]) -> tuple[int, ...]:
    """The agencies that made it with this one, by credit code or full name, in the order given.

    Those too that are only known from a ledger. Raises NoSuchPartner with everything that is wrong.
    """
    if not lines:
        return ()
    codes = {line: unicodedata.normalize("NFKC", line).upper() for line in lines}  # typed in full width as well
    meant = or_(Agency.credit_code.in_(codes.values()), Agency.name.in_(lines))
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in session.execute(select(Agency.id, Agency.credit_code, Agency.name).where(meant).order_by(Agency.id)):
        for known in {row.credit_code, row.name} - {None}:
            found[known].append(row.id)
    ids = [found[line] or found[codes[line]] for line in lines]
    refusals = Collected()
    for line, known in zip(lines, ids, strict=True):
        with refusals.attempt():
            if len(known) != 1:
                told = "没有这家机构，请核对代码或全称" if not known else "有几家机构都叫这个名称，请填统一社会信用代码"
                raise NoSuchPartner(f"“{line[:40]}”：{told}。", field="partners")
            if known[0] == agency_id:
                raise NoSuchPartner("这里只填联合评价的其他机构，不填牵头机构。", field="partners")
    refusals.settle()
    return tuple(dict.fromkeys(each for (each,) in ids))


def applicants_named(session: Session, word: str) -> Sequence[Applicant]:
    """The first applicants that are called so; none without a word."""
    if not word:
        return ()
    rows = applicant_naming.named(session, select(Applicant), word).order_by(Applicant.sort_key, Applicant.id)
    shown = load_only(Applicant.name, Applicant.credit_code, Applicant.bureau)
    return session.scalars(rows.limit(FOUND).options(shown)).all()


def against(session: Session, entry: RegistrationEntry) -> tuple[Refusal, ...]:
    """What the gate has against an entry today, for the desk. Raises DomainError for an unsound one, NothingAgainst."""
    today, in_force = clock.today(), law.jurisdiction()
    rules.require_sound_record(entry, today=today, law=in_force)
    found = gate.check(facts_of(session, entry, on=today, desk=True), in_force).refusals
    rules.require_hindered(found)
    return found
