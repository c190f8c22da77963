"""The qualification check of a living agency: run inside every transaction that changes what it judges.

Reading 5: conditions hold at filing and continuously. Below the threshold a filed agency is flagged 条件不符 and told;
the filing stays. When the check holds again, that is noted, and an officer confirms it. Drafts affect nobody else; an
officer's award of a person can take one from another agency, so those who share persons are checked too.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency import rules
from agency.judgements import judgements_of
from agency.models import Agency, FilingStatus, Flag, FlagKind, QualificationCheck
from agency.particulars import Particulars, to_json
from agency.queries import particulars_of
from agency.rules import Assessment
from agency.tables import tables_of
from core import audit, clock
from core.law import Finding, Verdict, jurisdiction
from core.refs import Actor
from notices import outbox
from notices.outbox import Audience


@dataclass(frozen=True, slots=True)
class LiveCheck:
    """The check of an agency as it is now, with everybody on its roster."""

    particulars: Particulars
    findings: tuple[Finding, ...]
    staff: tuple[Assessment, ...]

    @property
    def verdict(self) -> Verdict:
        return rules.overall(self.findings)

    @property
    def intermediate(self) -> int:
        """How many of the ten there are beyond doubt."""
        return sum(person.qualification is Verdict.MET for person in self.staff)

    @property
    def senior(self) -> int:
        """How many of the five there are beyond doubt."""
        return sum(person.seniority is Verdict.MET for person in self.staff)


def live_check(session: Session, agency: Agency, *, on: date) -> LiveCheck:
    """Judge an agency's live particulars on a day. Changes nothing."""
    facts = particulars_of(session, agency)
    judgements, tables = judgements_of(session, agency.id), tables_of(session)
    law = jurisdiction()
    staff = rules.assess_staff(facts, on=on, judgements=judgements, tables=tables, jurisdiction=law)
    findings = rules.check(facts, on=on, judgements=judgements, tables=tables, jurisdiction=law, staff=staff)
    return LiveCheck(facts, findings, staff)


def run(session: Session, agency: Agency, *, by: Actor | None = None, on: date | None = None) -> LiveCheck:
    """Check an agency anew, keep the result, and raise or mend its flag. Part of the running transaction.

    The agency is locked: two transactions that bear on it write its check and its flag one after the other.
    """
    session.flush()
    session.refresh(agency, with_for_update=True)
    day = on or clock.today()
    result = live_check(session, agency, on=day)
    kept = session.get(QualificationCheck, agency.id, populate_existing=True)
    kept = kept or QualificationCheck(agency_id=agency.id)
    kept.on, kept.verdict = day, result.verdict
    kept.intermediate, kept.senior = result.intermediate, result.senior
    kept.findings = [to_json(finding) for finding in result.findings]
    session.add(kept)
    if agency.filing_status is FilingStatus.FILED:
        _flag(session, agency, result, day, by)
    return result


def open_flag(session: Session, agency_id: int, kind: FlagKind) -> Flag | None:
    """The flag of this kind that stands."""
    return session.scalar(select(Flag).where(Flag.agency_id == agency_id, Flag.kind == kind, Flag.cleared_on.is_(None)))


def drop_flag(session: Session, agency: Agency, *, by: Actor) -> None:
    """The filing was cancelled: nothing is left to mend, and a later filing begins without the mark."""
    flag = open_flag(session, agency.id, FlagKind.CONDITIONS_NOT_MET)
    if flag is not None:
        flag.cleared_on, flag.cleared_by, flag.reason = clock.today(), by.id, "备案已注销"
        audit.record(session, "flag.cleared", agency, by=by, before=flag.since.isoformat(), reason=flag.reason)


def _flag(session: Session, agency: Agency, result: LiveCheck, today: date, by: Actor | None) -> None:
    flag = open_flag(session, agency.id, FlagKind.CONDITIONS_NOT_MET)
    lost = [finding.reason for finding in result.findings if finding.verdict is Verdict.NOT_MET]
    if lost and flag is None:
        flag = Flag(agency_id=agency.id, kind=FlagKind.CONDITIONS_NOT_MET, since=today, facts="；".join(lost))
        session.add(flag)
        _tell(session, agency, "conditions_lost", by)
    elif lost and flag is not None:
        flag.facts = "；".join(lost)
        if flag.mended_on is not None:
            flag.mended_on = None
            _tell(session, agency, "conditions_lost", by)
    elif flag is not None and flag.mended_on is None:
        flag.mended_on = today
        _tell(session, agency, "conditions_mended", by)


def _tell(session: Session, agency: Agency, event: str, by: Actor | None) -> None:
    audit.record(session, f"agency.{event}", agency, by=by)
    outbox.post(session, event, to=Audience.agency(agency.id), about=agency)
    outbox.post(session, event, to=Audience.role("reviewer"), about=agency)
