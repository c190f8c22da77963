"""Who makes an evaluation: the agency that answers for it and those that join in, or the applicant itself."""

from evaluations.models import Evaluation, Party


def leading(evaluation: Evaluation) -> Party | None:
    """The agency whose users enter it; None of a self-evaluation."""
    return next((party for party in evaluation.parties if party.leads), None)


def joining(evaluation: Evaluation) -> tuple[Party, ...]:
    return tuple(party for party in evaluation.parties if not party.leads)


def party_of(evaluation: Evaluation, agency_id: int) -> Party:
    """As what an agency takes part. LookupError for one that doesn't."""
    for party in evaluation.parties:
        if party.agency_id == agency_id:
            return party
    raise LookupError(agency_id)


def maker_name(evaluation: Evaluation) -> str:
    """As the history names who did it."""
    party = leading(evaluation)
    return party.agency.name if party else evaluation.applicant.name
