"""What of an agency's particulars runs out soon: leases and labour contracts, told in time to renew them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from agency.particulars import Particulars, Subject, Tenure
from core.law import Jurisdiction


@dataclass(frozen=True, slots=True)
class Expiring:
    """One term that ends; `subject` and `subject_id` name its row."""

    subject: Subject
    subject_id: int
    what: str
    whose: str
    day: date  # the last on which it holds
    is_over: bool

    @property
    def text(self) -> str:
        return f"{self.what} {'已于 ' if self.is_over else ''}{self.day} 到期（{self.whose}）"


def expiring(facts: Particulars, *, on: date, law: Jurisdiction) -> tuple[Expiring, ...]:
    """Leases and contracts that have run out, or will within the days of notice; the earliest first."""
    last = on + timedelta(days=law.number("expiry_notice_days", on=on))
    return tuple(sorted((term for term in _terms(facts, on) if term.day <= last), key=lambda term: term.day))


def _terms(facts: Particulars, on: date) -> Iterator[Expiring]:
    for office in facts.offices:
        if office.tenure is Tenure.LEASED and office.leased_until:
            day = office.leased_until
            yield Expiring(Subject.OFFICE, office.id, "租约", office.address, day, day < on)
    for member in facts.staff:
        if member.contract_until and (member.left_on is None or member.left_on >= on):
            day = member.contract_until
            yield Expiring(Subject.STAFF, member.id, "劳动合同", member.name, day, day < on)
