"""What a page shows of an applicant: what stands against it, what is warned of, whom it lies with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from applicants import queries, rules
from applicants.models import Applicant
from applicants.queries import standing
from applicants.queries.standing import ShownExclusion
from applicants.rules import StandingExclusion
from core.identifiers import CreditCode
from core.law import Finding, jurisdiction


@dataclass(frozen=True, slots=True)
class Overview:
    standing: tuple[StandingExclusion, ...]  # what keeps it from the lists now, the longest first
    warnings: tuple[Finding, ...]
    exclusions: tuple[ShownExclusion, ...]  # all that was entered about itself
    inside: Sequence[Applicant]  # of a park
    overruled: bool  # its code has a wrong check character and was accepted from the certificate

    @property
    def until(self) -> date | None:
        """The last day on which something of what stands now keeps it from the lists; None: no day is known."""
        return self.standing[0].until if self.standing else None


def overview_of(session: Session, applicant: Applicant, *, on: date) -> Overview:
    """Everything about an applicant on a day, in a fixed number of queries."""
    return Overview(
        standing=queries.exclusions_on(session, applicant, on),
        warnings=tuple(
            finding
            for kind in applicant.kinds
            for finding in rules.warnings(
                kind,
                industrial_share=applicant.industrial_share,
                is_green_factory=applicant.is_green_factory,
                law=jurisdiction(),
                on=on,
            )
        ),
        exclusions=standing.exclusions_of(session, applicant, on=on),
        inside=standing.inside_of(session, applicant) if applicant.is_park else (),
        overruled=bool(applicant.credit_code) and not CreditCode(applicant.credit_code or "").passes_check,
    )
