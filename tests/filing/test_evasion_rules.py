"""What a filing has in common with a barred agency: kinds, weights and dates, without a database."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from core.law import jurisdiction
from core.traces import read_address
from filing.rules.evasion import (
    Barred,
    Body,
    Evaded,
    Likeness,
    MatchKind,
    MatchUndecided,
    Phone,
    Place,
    Presence,
    Terms,
    Weight,
    ground_of_refusal,
    likenesses,
    require_decided,
    require_not_evading,
)

FIRST = date(2026, 3, 10)
LAST = date(2029, 3, 10)
TERMS = Terms(lookback_days=1095, recent_days=365, strong_staff=3)
BACK, RECENT = FIRST - timedelta(days=1095), FIRST - timedelta(days=365)
DAY = timedelta(days=1)
HOUSE = "长春市朝阳区人民大街1号802室"


def person(who: str, until: date | None = None, *, counts: bool = True) -> Presence:
    return Presence(f"identity-{who}", f"姓名{who}", date(2015, 1, 1), until, counts=counts)


def body(
    representatives: Sequence[Presence] = (),
    staff: Sequence[Presence] = (),
    places: Sequence[str] = (),
    phones: Sequence[str] = (),
) -> Body:
    return Body(
        tuple(representatives),
        tuple(staff),
        tuple(Place("办公场所", text, read_address(text)) for text in places),
        tuple(Phone("机构联系电话", mark) for mark in phones),
    )


def barred(past: Body, number: int = 7, first: date = FIRST) -> Barred:
    return Barred(number, f"被决定机构{number}", ((first, LAST, "吉工信函〔2026〕1号"),), past)


def found(filing: Body, past: Body) -> Likeness | None:
    return next(iter(likenesses(filing, [barred(past)], TERMS)), None)


def weights(likeness: Likeness | None) -> list[tuple[MatchKind, Weight]]:
    return [(each.kind, each.weight) for each in likeness.matches] if likeness else []


REP, CROSSED, STAFF = MatchKind.REPRESENTATIVE, MatchKind.CROSSED, MatchKind.STAFF
STRONG, FAIR, WEAK = Weight.STRONG, Weight.FAIR, Weight.WEAK


@pytest.mark.clause("JL-22-3")
@pytest.mark.parametrize(
    ("filing", "past", "expected"),
    [
        (body([person("A")]), body([person("A")]), [(REP, STRONG)]),
        (body([person("A")]), body([person("A", RECENT)]), [(REP, STRONG)]),
        (body([person("A")]), body([person("A", RECENT - DAY)]), [(REP, FAIR)]),
        (body([person("A")]), body([person("A", BACK)]), [(REP, FAIR)]),
        (body([person("A")]), body([person("A", BACK - DAY)]), []),
        (body([person("A")]), body([person("B")]), []),
        (body([person("A")]), body(staff=[person("A")]), [(CROSSED, FAIR)]),
        (body([person("A")]), body(staff=[person("A", RECENT - DAY)]), [(CROSSED, WEAK)]),
        (body(staff=[person("A")]), body([person("A")]), [(CROSSED, FAIR)]),
        (body(staff=[person("A"), person("B")]), body(staff=[person("A")]), [(STAFF, FAIR)]),
        (body(staff=[person("A")]), body(staff=[person("A", RECENT - DAY)]), [(STAFF, WEAK)]),
        (body(staff=[person("A")]), body(staff=[person("A", BACK - DAY)]), []),
        (body(staff=[person("A", counts=False)]), body(staff=[person("A")]), [(STAFF, FAIR)]),
        (body(places=[HOUSE]), body(places=["朝阳区人民大街１号 ８层 802"]), [(MatchKind.ADDRESS, FAIR)]),
        (body(places=[HOUSE]), body(places=["长春市朝阳区人民大街1号803室"]), []),
        (body(phones=["a"]), body(phones=["a"]), [(MatchKind.PHONE, FAIR)]),
        (body(phones=["a"]), body(phones=["b"]), []),
        (body(), body([person("A")]), []),
    ],
)
def test_what_matches_and_how_much_it_says(filing: Body, past: Body, expected: list[tuple[MatchKind, Weight]]) -> None:
    assert weights(found(filing, past)) == expected


@pytest.mark.clause("JL-22-3")
@pytest.mark.parametrize(("shared", "roster", "weight"), [(3, 11, STRONG), (2, 11, FAIR), (2, 4, STRONG), (1, 1, FAIR)])
def test_several_specialists_or_half_of_them_weigh_most(shared: int, roster: int, weight: Weight) -> None:
    staff = [person(str(number)) for number in range(roster)]
    likeness = found(body(staff=staff), body(staff=staff[:shared]))
    assert likeness is not None
    assert (likeness.persons, likeness.weight) == (shared, weight)


def test_who_left_and_came_back_counts_by_the_last_time() -> None:
    likeness = found(body([person("A")]), body([person("A", BACK - DAY), person("A", FIRST)]))
    assert weights(likeness) == [(REP, STRONG)]


def test_dates_of_both_sides_are_told() -> None:
    likeness = found(body(staff=[person("A")]), body(staff=[person("A", date(2024, 5, 6))]))
    assert likeness is not None
    match = likeness.matches[0]
    assert (match.what, match.here) == ("姓名A", "在人员名单，2015-01-01 起，计入第二十条（三）")
    assert match.there == "在人员名单，2015-01-01 起至 2024-05-06"


def test_two_kinds_that_weigh_fairly_are_strong_together() -> None:
    likeness = found(body(places=[HOUSE], phones=["a"]), body(places=[HOUSE], phones=["a"]))
    assert likeness is not None
    assert (likeness.weight, likeness.summary) == (STRONG, "地址、电话")


def test_the_heaviest_stands_first_and_each_barred_agency_apart() -> None:
    filing = body([person("A")], phones=["a"])
    others = [barred(body(phones=["a"]), 1), barred(body([person("A")]), 2), barred(body(), 3)]
    assert [each.barred.agency_id for each in likenesses(filing, others, TERMS)] == [2, 1]


def test_a_decision_rests_on_these_very_facts() -> None:
    filing, past = body([person("A")]), body([person("A")])
    known = found(filing, past)
    assert known is not None

    def basis(other: Barred, one: Body = filing) -> str:
        return likenesses(one, [other], TERMS)[0].basis

    assert basis(barred(past)) == known.basis
    assert basis(barred(body([person("A", FIRST)]))) != known.basis
    assert basis(barred(past, first=FIRST + DAY)) != known.basis
    assert basis(barred(past, 8)) != known.basis
    assert basis(barred(body([person("A")], phones=["a"])), body([person("A")], phones=["a"])) != known.basis


def test_what_is_undecided_or_evades_stops_an_approval_and_gives_its_ground() -> None:
    likeness = found(body([person("A")]), body([person("A")]))
    assert likeness is not None
    require_decided(())
    require_not_evading(())
    with pytest.raises(MatchUndecided) as refusal:
        require_decided([likeness])
    assert refusal.value.clause == "JL-22-3"
    with pytest.raises(Evaded):
        require_not_evading([likeness])
    ground = ground_of_refusal([likeness])
    assert "被决定机构7" in ground
    assert "2029-03-10" in ground
    assert "姓名A" not in ground


def test_the_terms_are_settings() -> None:
    assert Terms.of(jurisdiction(), on=date(2026, 11, 1)) == TERMS
