"""The agencies that other tests stand on."""

import pytest

from agency import queries
from agency.models import Agency
from agency.particulars import MATERIALS, Subject
from core.db import db
from core.documents import examine
from core.uploads import store
from tests.factories import Make


@pytest.mark.usefixtures("context")
def test_a_qualified_agency_has_a_material_in_every_required_slot(make: Make) -> None:
    made = make.qualified_agency()
    agency = queries.agency_with_everything(db.session(), made.id)
    assert agency is not None
    facts = queries.particulars_of(db.session(), agency)
    assert len(facts.staff) == 11
    assert len({person.identity for person in facts.staff}) == 11
    kinds = {material.kind for material in facts.materials}
    assert kinds == {slot.kind for slot in MATERIALS if slot.required}
    proofs = [material for material in facts.materials if material.subject is Subject.STAFF]
    assert len(proofs) == 33


@pytest.mark.usefixtures("context")
def test_the_file_behind_its_materials_is_a_document(make: Make) -> None:
    agency = db.session.get(Agency, make.qualified_agency().id)
    assert agency is not None
    assert examine(store().open(agency.materials[0].file.digest)).pages == 1


def test_an_agency_has_a_user_of_its_own(make: Make) -> None:
    first, second = make.agency(), make.agency()
    assert make.user_of(first).agency_id == first.id
    assert first.credit_code != second.credit_code
