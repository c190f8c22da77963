"""Searching by any part of a name, held against plain containment on both databases."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from agency.models import Agency, AgencyGram, Standing
from core import search
from core.db import db, transaction
from core.search import differences, grams, narrowed, searchable, sort_key

NAMES = (
    "吉林江澜环境技术有限公司",
    "吉林江澜环境技术有限公司长春分公司",
    "延边海兰绿色发展研究院",
    "松原查干环境工程有限公司",
    "ＡＢＣ（长春）认证有限公司",
    "abc(吉林)Certification Co., Ltd.",
    "100%绿色_评价中心",
    "100％绿色＿评价中心",
    "a_b%c\\d/e'f\"g",
    "江",
    "江江江江澜澜江澜",
    "𠮷林省㐂环境技术服务中心",
    "Straße ｶﾞ №1",
)
ALPHABET = sorted(set("".join(NAMES)) | set("　 \t\n\0\x7f\u200b无"))
WORDS = st.one_of(
    st.sampled_from(NAMES).flatmap(
        lambda name: st.sampled_from((1, 2, 3, 10)).flatmap(
            lambda length: st.integers(0, max(0, len(name) - length)).map(lambda at: name[at : at + length])
        )
    ),
    st.text(alphabet=ALPHABET, max_size=12),
    st.sampled_from(("ａｂｃ", "ABC", "(长春", "（长春）", "%", "_", "％", "江 澜", "　江澜　", "\\", "/e", "strasse")),
)


@pytest.fixture
def agencies(context):
    with transaction() as session:
        for number, name in enumerate(NAMES, start=1):
            session.add(
                Agency(
                    id=number,
                    standing=Standing.REGISTERED,
                    name=name,
                    search_text=searchable(name),
                    sort_key=sort_key(name),
                )
            )
            session.flush()
            session.add_all(AgencyGram(gram=gram, agency_id=number) for gram in grams(name))


def found(word):
    """The names that the index finds."""
    rows = narrowed(
        db.session(),
        select(Agency),
        word,
        owner=Agency.id,
        text=Agency.search_text,
        gram=AgencyGram.gram,
        gram_owner=AgencyGram.agency_id,
    )
    return set(db.session.scalars(rows.with_only_columns(Agency.name)))


def plainly_found(word):
    return {name for name in NAMES if searchable(word) in searchable(name)}


@pytest.mark.parametrize(
    ("few", "many"),  # with these every word but the rarest is a frequent one, or a very frequent one
    [(search.FEW, search.MANY), (2, search.MANY), (1, 2)],
)
def test_the_index_finds_what_plain_containment_finds(agencies, monkeypatch, few, many):
    monkeypatch.setattr(search, "FEW", few)
    monkeypatch.setattr(search, "MANY", many)
    search._counting.cache_clear()

    @settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(WORDS)
    @example("江")
    @example("江澜")
    @example("江澜环")
    @example("江澜环境技术有限公司")
    @example("江澜" * 10)
    @example("")
    @example(" \t　")
    @example("\0")
    def holds(word):
        assert found(word) == plainly_found(word)

    holds()
    search._counting.cache_clear()


def test_a_word_longer_than_any_name_finds_nothing(agencies):
    assert found("江" * 100_000) == set()


def test_a_word_asks_the_index_once_however_long_it_is(agencies, count_queries):
    for word in ("江", "江澜", "吉林江澜环境技术有限公司长春分公司"):
        with count_queries() as queries:
            found(word)
        assert len(queries) == 2, queries


def test_names_are_ordered_by_pinyin():
    names = ["松原查干", "长春砺川", "吉林江澜", "白山", "延边海兰"]
    assert sorted(names, key=sort_key) == ["白山", "长春砺川", "吉林江澜", "松原查干", "延边海兰"]


def test_only_the_grams_that_changed_are_written():
    assert differences({"江", "江澜"}, {"江", "江水"}) == ({"江澜"}, {"江水"})
