"""Who may do what in supervision. A policy judges the role, never the state."""

from typing import Any

from accounts.models import User
from accounts.policies import is_department, is_provincial
from evaluations import policies as evaluation_policies


def may_see_case(user: User, case: Any) -> bool:
    return is_provincial(user, case)


def may_handle_case(user: User, case: Any) -> bool:
    """Notes and closing: none of it is a sanction (reading 14)."""
    return is_provincial(user, case)


def may_record(user: User, thing: Any) -> bool:
    """What happened in spite of the gate (reading 6)."""
    return is_provincial(user, thing)


def may_see_agreements(user: User, thing: Any) -> bool:
    """The list of screened agreements: each sees its own."""
    return is_department(user, thing)


def may_see_agreement(user: User, screening: Any) -> bool:
    return is_department(user, screening) and evaluation_policies.may_see_evaluation(user, screening.evaluation)


def may_decide_marks(user: User, screening: Any) -> bool:
    """A municipal evaluation's bureau; of the others reviewers and approvers (reading 14: none of it is a sanction)."""
    return evaluation_policies.may_settle(user, screening.evaluation)


def may_correct(user: User, case: Any) -> bool:
    """Lifting the block and closing the case in one: for who may do both."""
    return (
        may_handle_case(user, case)
        and case.evaluation is not None
        and evaluation_policies.may_decide_on(user, case.evaluation)
    )


def may_screen_folders(user: User, thing: Any) -> bool:
    """Files that belong to no evaluation: the provincial desk, each seeing the others' too."""
    return is_provincial(user, thing)


def may_remove_folder(user: User, folder: Any) -> bool:
    """It belongs to who dropped it."""
    return may_screen_folders(user, folder) and folder.dropped_by == user.id
