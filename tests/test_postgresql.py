"""The server that the tests themselves stand on (tests/postgresql.py)."""

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text

from tests.postgresql import CreateDatabase

pytestmark = pytest.mark.postgresql


def tables(url: str) -> list[str]:
    engine = create_engine(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def execute(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_database_made_from_a_template_has_its_tables(create_database: CreateDatabase) -> None:
    execute(create_database("pattern"), "create table filings (id integer)")
    assert tables(create_database("copy", template="pattern")) == ["filings"]


def test_a_database_made_again_is_empty_even_while_somebody_is_connected(create_database: CreateDatabase) -> None:
    url = create_database("fresh")
    execute(url, "create table leftovers (id integer)")
    with psycopg.connect(url.replace("+psycopg", "")):
        assert tables(create_database("fresh")) == []


def test_texts_are_stored_as_unicode(create_database: CreateDatabase) -> None:
    execute(create_database("words"), "create table 机构 (名称 text)")
    assert tables(create_database("words_again", template="words")) == ["机构"]
