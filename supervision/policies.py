"""Who may do what in supervision. A policy judges the role, never the state."""

from typing import Any

from accounts.models import Role, User
from accounts.policies import is_agency, is_applicant, is_approver, is_department, is_provincial
from evaluations import policies as evaluation_policies


def may_see_cases(user: User, thing: Any) -> bool:
    """The list: a bureau's officers see its own; who isn't a restricted one's officer, only that it is there."""
    return is_department(user, thing)


def may_see_case(user: User, case: Any) -> bool:
    """The provincial desk all, a bureau its own; one that a complaint opened only its officers of today."""
    if case.is_restricted and not is_officer_of(user, case):
        return False
    return is_provincial(user, case) or _is_own_of_bureau(user, case)


def may_handle_case(user: User, case: Any) -> bool:
    """Verifying, concluding and closing: none of it is a sanction (reading 14)."""
    return may_see_case(user, case)


def may_assign_case(user: User, case: Any) -> bool:
    """Who handles it: an approver decides, or the bureau whose case it is."""
    return may_see_case(user, case) and (is_approver(user, case) or _is_own_of_bureau(user, case))


def may_reopen_case(user: User, case: Any) -> bool:
    """Back from its conclusion to being verified."""
    return may_see_case(user, case) and is_approver(user, case)


def may_answer(user: User, matter: Any) -> bool:
    """What was sent to an agency or a unit: its own accounts."""
    if matter.agency_id is not None:
        return is_agency(user, matter) and matter.agency_id == user.agency_id
    return is_applicant(user, matter) and matter.applicant_id == user.applicant_id


def is_officer_of(user: User, case: Any) -> bool:
    """Whether the case is theirs today."""
    return any(each.account_id == user.id and each.until is None for each in case.officers)


def _is_own_of_bureau(user: User, case: Any) -> bool:
    return Role.MUNICIPAL in user.roles and case.bureau is not None and case.bureau == user.bureau


def may_draw(user: User, thing: Any) -> bool:
    """Drawing agencies for inspection is the province's."""
    return is_provincial(user, thing)


def may_see_inspections(user: User, thing: Any) -> bool:
    """Draws and sums; a bureau's officers see the sums of their own."""
    return is_department(user, thing)


def may_inspect_unit(user: User, applicant: Any) -> bool:
    """第十七条: a bureau those in its scope, the province all."""
    return is_provincial(user, applicant) or (Role.MUNICIPAL in user.roles and user.bureau == applicant.bureau)


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
