"""第二十四条: what a report needs to be received, and who is competent for it."""

from dataclasses import replace

import pytest

from applicants.models import ListLevel
from complaints.models import Target
from complaints.rules.intake import Intake, NotReceivable, competent_bureau, evidence_is_due, require_receivable
from core.errors import DomainError, Refusals

pytestmark = pytest.mark.clause("JL-24-1")
WHOLE = Intake(
    name="辛实名",
    phone="13804310001",
    email="",
    email_confirmed=False,
    names_target=True,
    matters=1,
    facts="现场没有人来过。",
    consents=True,
    declares_truth=True,
)


def test_name_one_contact_and_facts_are_enough_without_evidence() -> None:
    require_receivable(WHOLE)
    require_receivable(replace(WHOLE, phone="", email="a@example.org", email_confirmed=True))
    assert evidence_is_due(0)
    assert not evidence_is_due(1)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "", "email": "a@example.org"}, "email"),
        ({"names_target": False}, "target_name"),
        ({"matters": 0}, "matters"),
        ({"facts": "\n "}, "facts"),
        ({"consents": False}, "consents"),
        ({"declares_truth": False}, "is_true"),
    ],
)
def test_what_is_missing_is_asked_for_at_its_field(changed: dict[str, object], field: str) -> None:
    with pytest.raises(NotReceivable) as refused:
        require_receivable(replace(WHOLE, **changed))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_an_unconfirmed_address_beside_a_phone_is_no_obstacle() -> None:
    require_receivable(replace(WHOLE, email="a@example.org"))


def test_everything_missing_is_told_together() -> None:
    nothing = Intake("", "", "", False, False, 0, "", False, False)
    with pytest.raises(Refusals) as refused:
        require_receivable(nothing)
    fields: list[str | None] = [single.field for single in refused.value.refusals if isinstance(single, DomainError)]
    assert fields == ["name", "phone", "target_name", "matters", "facts", "consents", "is_true"]


@pytest.mark.parametrize(
    ("target", "listed", "bureau", "competent"),
    [
        (Target.AGENCY, ListLevel.NONE, "", None),
        (Target.LISTED, ListLevel.MUNICIPAL, "changchun", "changchun"),
        (Target.LISTED, ListLevel.PROVINCIAL, "changchun", None),
        (Target.LISTED, ListLevel.NATIONAL, "changchun", None),
        (Target.LISTED, ListLevel.MUNICIPAL, "", None),
        (Target.UNKNOWN, ListLevel.NONE, "", None),
    ],
)
def test_a_unit_on_the_municipal_list_alone_is_its_bureaus(
    target: Target, listed: ListLevel, bureau: str, competent: str | None
) -> None:
    assert competent_bureau(target, listed=listed, bureau=bureau) == competent
