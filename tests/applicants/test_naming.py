"""Applicants are found by any part of what they are or were called, as plain LIKE would find them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from applicants import naming
from applicants.models import Applicant, ApplicantGram
from core.db import db, transaction
from core.search import searchable
from tests.factories import Make

pytestmark = pytest.mark.usefixtures("context")
NAMES = ("松江化工厂", "松江化学厂", "松 江（集团）化工", "A_B%C 化工", "江松有限公司", "长春绿源环保科技有限公司")


def found(word):
    return set(db.session.scalars(naming.named(db.session(), select(Applicant.name), word)))


def make_all(make: Make, names=NAMES):
    for name in names:
        make.applicant(name=name)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(word=st.text("松江化工厂长春绿源 _%AB（）", min_size=1, max_size=4))
def test_the_index_finds_what_plain_containment_finds(make: Make, word):
    if db.session.scalar(select(Applicant.id)) is None:
        make_all(make)
    plain = searchable(word)
    rows = db.session.execute(select(Applicant.name, Applicant.search_text))
    assert found(word) == {name for name, text in rows if plain in text}


def test_one_and_two_and_many_characters_are_found(make: Make):
    make_all(make)
    assert found("松") == {"松江化工厂", "松江化学厂", "松 江（集团）化工", "江松有限公司"}
    assert found("松江") == {"松江化工厂", "松江化学厂", "松 江（集团）化工"}
    assert found("绿源环保科技有限公司") == {"长春绿源环保科技有限公司"}
    assert found("没有的") == set()


def test_a_frequent_word_is_found_as_well(make: Make, monkeypatch):
    monkeypatch.setattr("core.search.FEW", 2)
    make_all(make)
    assert found("化工") == {"松江化工厂", "松 江（集团）化工", "A_B%C 化工"}


def test_codes_former_names_and_bodies_are_found(make: Make):
    applicant = make.applicant(name="旧称公司", body_name="某某管委会", body_code="11220103486996783N")
    with transaction() as session:
        naming.set_name(session, session.get_one(Applicant, applicant.id), "新称公司")
    for word in ("旧称", "新称", applicant.credit_code[4:9].lower(), "管委会", "486996783n"):
        assert found(word) == {"新称公司"}


def test_a_whole_code_finds_its_body_however_it_is_written(make: Make):
    applicant = make.applicant(name="某厂")
    park = make.applicant(name="某园", credit_code=None, body_code="11220103486996783N")
    make.applicant(name="别的厂")
    assert found(f" {applicant.credit_code[:9]} {applicant.credit_code[9:].lower()}") == {"某厂"}
    assert found(park.body_code) == {"某园"}


def test_what_is_no_longer_said_is_no_longer_found(make: Make):
    applicant = make.applicant(name="某某公司", body_name="暂名管委会")
    with transaction() as session:
        row = session.get_one(Applicant, applicant.id)
        row.body_name = ""
        naming.index(session, [row])
    assert found("暂名") == set()
    assert db.session.scalar(select(ApplicantGram.gram).where(ApplicantGram.gram == "暂名")) is None
