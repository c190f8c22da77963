"""The places of the cap: taken, given back, moved with the representatives."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from agency import places
from agency.models import Agency, Place, Representation
from agency.places import NoPlaceLeft
from agency.queries import places as queries
from core.db import db, transaction
from tests.factories import Make
from tests.factories.agencies import made_up_number
from tests.factories.places import bare_evaluation

pytestmark = pytest.mark.clause("JL-22-2")

MARCH = date(2026, 3, 1)
Register = Callable[..., int]


@pytest.fixture
def register(context: None) -> Register:
    """Register a national evaluation of these agencies, as the gate lets it through; its id."""

    def registered(*agencies: Agency, on: date = MARCH) -> int:
        ids = [agency.id for agency in agencies]
        with transaction() as session:
            evaluation = bare_evaluation(session, *ids, begun_on=on)
            places.take(session, evaluation.id, ids, counted_on=on)
            return evaluation.id

    return registered


def two_of_one(make: Make) -> tuple[Agency, Agency]:
    number = made_up_number()
    return make.agency(representative_number=number), make.agency(representative_number=number)


def test_the_fifteenth_is_taken_and_the_sixteenth_refused(make: Make, register: Register) -> None:
    first, second = two_of_one(make)
    for _ in range(9):
        register(first)
    for _ in range(6):
        register(second)
    with pytest.raises(NoPlaceLeft) as refusal:
        register(first)
    assert refusal.value.clause == "JL-22-2"
    assert f"{first.name} 9 项" in refusal.value.message
    assert "同一法定代表人的其他机构 6 项" in refusal.value.message
    assert second.name not in refusal.value.message
    register(second, on=date(2027, 1, 1))
