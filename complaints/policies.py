"""Who may do what with complaints: role and scope, never state.

What a complaint says is seen by whoever has it in hand and has declared no interest, and by nobody else; an assigner
sees number, party, matters, dates and the clock. The admin sees none of it.
"""

from typing import Any

from accounts.models import Role, User
from accounts.policies import is_approver, is_department


def may_list(user: User, thing: Any) -> bool:
    """The list: a bureau's officers see what was handed to it."""
    return is_department(user, thing)


def may_assign(user: User, complaint: Any) -> bool:
    """Who says who handles it: an approver, or somebody of the bureau to which it was handed."""
    return is_approver(user, complaint) if complaint.bureau is None else _is_of_bureau(user, complaint)


def may_oversee(user: User, complaint: Any) -> bool:
    """Extensions and reviews: an approver, of a bureau's complaints too."""
    return is_approver(user, complaint)


def is_named_handler(user: User, complaint: Any) -> bool:
    """Who was given it: they declare that they have no interest, or stand aside."""
    return complaint.handler_id == user.id and is_department(user, complaint)


def may_handle(user: User, complaint: Any) -> bool:
    """Who was given it and has declared no interest: from then on it is theirs."""
    return is_named_handler(user, complaint) and complaint.taken_at is not None


def may_read(user: User, complaint: Any) -> bool:
    """What it says, and who reported: its handler, and of what was joined to another one the handler of that one.

    Not the other way round: who joins theirs to another one may have to stand aside from that.
    """
    other = complaint.joined_to
    return may_handle(user, complaint) or (other is not None and may_handle(user, other))


def may_see(user: User, complaint: Any) -> bool:
    """Its page: what it says only to those who may read it, the rest to who assigns and oversees."""
    return (
        may_read(user, complaint)
        or is_named_handler(user, complaint)
        or may_assign(user, complaint)
        or may_oversee(user, complaint)
    )


def may_refer(user: User, complaint: Any) -> bool:
    """Handing it to the competent body: its handler, or whoever assigns it."""
    return may_handle(user, complaint) or may_assign(user, complaint)


def may_declare_for_others(user: User, thing: Any) -> bool:
    """The register of who stands aside for whom: an approver enters it for others, everybody for themselves."""
    return is_approver(user, thing)


def may_end_recusal(user: User, recusal: Any) -> bool:
    """An approver; nobody lifts their own."""
    return is_approver(user, recusal) and recusal.account_id != user.id


def _is_of_bureau(user: User, complaint: Any) -> bool:
    return Role.MUNICIPAL in user.roles and user.bureau is not None and complaint.bureau == user.bureau
