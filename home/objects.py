"""Where an object that a notice or a log entry names has its page, for whom it is shown to."""

from typing import Any

from flask import url_for

from accounts.models import Role, User

# kind → endpoint and the name of its value, as each side knows it; None: a page without a value
OWN_SIDE: dict[str, tuple[str, str | None]] = {
    "agency": ("agency.particulars", None),
    "filing": ("filing.show", None),
    "flag": ("agency.particulars", None),
    "staff_member": ("agency.edit_staff", "member_id"),
    "roster_import": ("agency.preview_import", "import_id"),
    "material": ("agency.material", "material_id"),
    "account": ("accounts.colleagues", None),
    "evaluation": ("evaluation.show", "evaluation_id"),
    "non_adoption": ("evaluation.evaluations", None),
    "summary": ("summary.summaries", None),
    "proceeding": ("sanction.show", "proceeding_id"),
}
APPLICANTS_SIDE: dict[str, tuple[str, str | None]] = {
    "applicant": ("applicant.show", None),
    "exclusion": ("applicant.show", None),
    "evaluation": ("commissioned.show", "evaluation_id"),
    "proceeding": ("sanction.show", "proceeding_id"),
}
OFFICERS_SIDE: dict[str, tuple[str, str | None]] = {
    "agency": ("agency_desk.show", "agency_id"),
    "filing": ("filing_desk.show", "filing_id"),
    "flag": ("home.worklist", None),
    "applicant": ("applicant_desk.show", "applicant_id"),
    "applicant_sheet": ("applicant_desk.preview_sheet", "sheet_id"),
    "evaluation": ("evaluation_desk.show", "evaluation_id"),
    "case": ("supervision_desk.show_case", "case_id"),
    "proceeding": ("sanction_desk.show", "proceeding_id"),
    "complaint": ("complaint_desk.show", "complaint_id"),
    "recusal": ("complaint_desk.recusals", None),
    "screened_folder": ("supervision_desk.folders", None),
    "inspection_draw": ("supervision_desk.show_draw", "draw_id"),
    "non_adoption": ("sanction_desk.non_adoptions", None),
    "impact_map": ("sanction_desk.impact_map", "non_adoption_id"),
    "impact_task": ("sanction_desk.impact_maps", None),
    "summary": ("summary_desk.show", "summary_id"),
    "summary_year": ("summary_desk.overview", "year"),
    "level_setting": ("evaluation_desk.levels", None),
    "list_import": ("evaluation_desk.batches", None),
    "list_entry": ("evaluation_desk.entry", "entry_id"),
    "code_check": ("agency_desk.decide_code_check", "check_id"),
    "title_correction": ("agency_desk.titles", None),
    "major_correction": ("agency_desk.titles", None),
}
ADMINS_SIDE: dict[str, tuple[str, str | None]] = {
    "account": ("accounts.show_user", "user_id"),
    "job_run": ("scheduling.jobs", None),
    "work_year": ("scheduling.enter_year", "year"),
    "title_correction": ("agency_desk.titles", None),
    "major_correction": ("agency_desk.titles", None),
}


def url_of(kind: str, object_id: int | None, user: User) -> str | None:
    """The address of an object's page for this user; None where they have none."""
    if user.agency_id is not None:
        known = OWN_SIDE
    elif user.applicant_id is not None:
        known = APPLICANTS_SIDE
    elif Role.ADMIN in user.roles:
        known = ADMINS_SIDE
    else:
        known = OFFICERS_SIDE
    endpoint, name = known.get(kind, (None, None))
    if endpoint is None or (name is not None and object_id is None):
        return None
    values: dict[str, Any] = {name: object_id} if name else {}
    return url_for(endpoint, **values)
