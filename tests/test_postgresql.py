"""The server that the tests themselves stand on (tests/postgresql.py)."""

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from tests.postgresql import Copy, CopyDatabase, CreateDatabase

pytestmark = pytest.mark.postgresql


def tables(url: str) -> list[str]:
    engine = create_engine(url)
    try:
        return sorted(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def execute(url: str, statement: str) -> None:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    finally:
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


class TestACopy:
    """Set back, it is what it was made from."""

    MADE = """
        create table list (id serial primary key, word text not null);
        create table entry (id serial primary key, list_id integer not null references list);
        create table head (id integer primary key, word text);
        create function refuse() returns trigger language plpgsql as $$ begin raise 'kept'; end $$;
        create trigger entry_kept before delete on entry for each row execute function refuse();
        insert into head values (1, 'one\ttwo');
    """
    WRITE = """
        insert into list (word) select n::text from generate_series(1, 2000) as n;
        insert into entry (list_id) select id from list;
        update head set word = 'changed';
    """

    @pytest.fixture
    def copy(self, create_database: CreateDatabase, copy_database: CopyDatabase) -> Copy:
        execute(create_database("origin"), self.MADE)
        made = copy_database("set_back", "origin")
        made.reset()
        return made

    @staticmethod
    def content(copy: Copy) -> dict[str, list[tuple[object, ...]]]:
        with psycopg.connect(copy.url.replace("+psycopg", "")) as connection:
            return {table: connection.execute(f"table {table}").fetchall() for table in tables(copy.url)}

    def test_has_none_of_what_was_written(self, copy: Copy) -> None:
        before = self.content(copy)
        execute(copy.url, self.WRITE)
        assert self.content(copy) != before
        copy.reset()
        assert self.content(copy) == before == {"entry": [], "head": [(1, "one\ttwo")], "list": []}

    def test_counts_from_the_start_where_nothing_was_committed_too(self, copy: Copy) -> None:
        with psycopg.connect(copy.url.replace("+psycopg", "")) as connection:
            connection.execute("insert into list (word) values ('undone')")
            connection.rollback()
        copy.reset()
        execute(copy.url, "insert into list (word) values ('first')")
        assert self.content(copy)["list"] == [(1, "first")]

    def test_is_kept_by_its_triggers_and_keys_as_before(self, copy: Copy) -> None:
        execute(copy.url, self.WRITE)
        copy.reset()
        with pytest.raises(DBAPIError, match="foreign key"):
            execute(copy.url, "insert into entry (list_id) values (7)")
        execute(copy.url, self.WRITE)
        with pytest.raises(DBAPIError, match="kept"):
            execute(copy.url, "delete from entry")

    @pytest.mark.parametrize(
        "change",
        [
            "create table another (id integer)",
            "alter table list drop column word",
            "alter table list alter column word drop not null",
            "alter table entry disable trigger entry_kept",
            "drop trigger entry_kept on entry; drop table head",
            "create or replace function refuse() returns trigger language plpgsql as $$ begin return old; end $$",
        ],
    )
    def test_has_its_tables_as_they_were(self, copy: Copy, change: str) -> None:
        execute(copy.url, change)
        copy.reset()
        execute(copy.url, self.WRITE)
        with pytest.raises(DBAPIError, match="kept"):
            execute(copy.url, "delete from entry")
        with pytest.raises(DBAPIError, match="not-null"):
            execute(copy.url, "insert into list (word) values (null)")
        assert tables(copy.url) == ["entry", "head", "list"]

    def test_loses_what_somebody_has_begun(self, copy: Copy) -> None:
        with psycopg.connect(copy.url.replace("+psycopg", "")) as connection:
            connection.execute("insert into list (word) values ('begun')")
            copy.reset()
            with pytest.raises(psycopg.OperationalError):
                connection.commit()
        assert self.content(copy)["list"] == []
