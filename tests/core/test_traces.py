"""Phones and addresses are compared without what typing does to them."""

import pytest

from core.traces import phone_key, phone_mark, read_address

HOUSE = "吉林省长春市朝阳区人民大街1号8层802室"


@pytest.mark.parametrize(
    "typed",
    [
        "吉林省长春市朝阳区人民大街 1 号 8 层 802 室",
        "吉林省长春市朝阳区人民大街１号８层８０２室",
        "长春市朝阳区人民大街1号8楼802",
        "朝阳区人民大街1号802室",
        "人民大街1号802房间",
        "人民大街1-802",
        "人民大街1号，802室。",
        "吉林省长春市朝阳区人民大街1号八层802室",
        "吉林省长春市朝阳区人民大街1号802室（新大楼）",
    ],
)
def test_one_address_is_written_in_many_ways(typed: str) -> None:
    assert read_address(typed).is_same(read_address(HOUSE))


@pytest.mark.parametrize(
    "other",
    [
        "吉林省长春市朝阳区人民大街1号8层803室",
        "吉林省长春市朝阳区人民大街11号802室",
        "吉林省吉林市人民大街1号802室",
        "吉林省长春市南关区人民大街1号802室",
        "吉林省长春市朝阳区人民大街",
        "吉林省长春市朝阳区西安大路1号802室",
        "",
    ],
)
def test_another_house_room_or_town_is_another_address(other: str) -> None:
    assert not read_address(other).is_same(read_address(HOUSE))


def test_a_street_without_a_house_is_no_address_to_match() -> None:
    assert not read_address("长春市朝阳区人民大街").is_same(read_address("长春市朝阳区人民大街"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2号楼A座1201室", "2栋A-1201"),
        ("工农大路9号三单元502室", "工农大路9号3单元502"),
        ("硅谷大街10号5F501", "硅谷大街10号501室"),
        ("前进大街2699号b1201", "前进大街2699号B1201室"),
    ],
)
def test_towers_entrances_and_storeys(one: str, other: str) -> None:
    assert read_address(one).is_same(read_address(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0431-85000000", "043185000000"),
        ("０４３１－８５００００００", "0431-85000000"),
        ("0431 8500 0000", "0431-85000000"),
        ("(0431)85000000", "0431-85000000"),
        ("0431-85000000-8001", "0431-85000000"),
        ("+86 138 0431 0001", "13804310001"),
        ("8613804310001", "13804310001"),
        ("138-0431-0001", "13804310001"),
    ],
)
def test_one_phone_is_written_in_many_ways(one: str, other: str) -> None:
    assert phone_key(one) == phone_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("0431-85000000", "0432-85000000"), ("13804310001", "13804310002"), ("0431-85000000", "0431-85000001")],
)
def test_another_phone_is_another(one: str, other: str) -> None:
    assert phone_key(one) != phone_key(other)


@pytest.mark.usefixtures("context")
def test_a_phone_is_matched_by_a_keyed_hash() -> None:
    mark = phone_mark("0431-85000000")
    assert mark == phone_mark("（0431）85000000")
    assert "85000000" not in mark
    assert phone_mark("") == phone_mark(None) == ""
