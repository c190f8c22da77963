"""Drawing agencies so that anybody can draw them again; whom an inspection may be of; when an opinion follows."""

import hashlib
import subprocess
from collections import Counter

import pytest

from supervision.models import Adjustment, CaseKind, CaseState, Ground
from supervision.rules.inspecting import (
    AdjustmentFacts,
    AlreadyDrawn,
    BeingInspected,
    NoOpinionNow,
    NotASeed,
    NothingToDraw,
    NotOnAList,
    PoolChanged,
    awaits_opinion,
    draw,
    fingerprint,
    grounds_of,
    pool_mark,
    ranked,
    require_drawable,
    require_listed,
    require_none_open,
    require_opinion_possible,
    require_same_pool,
    require_undrawn,
    seed_text,
)

POOL = tuple(f"9122010100000{number:04d}X" for number in range(40))


@pytest.mark.clause("JL-22-1a")
def test_the_lowest_hashes_are_drawn_as_any_tool_computes_them() -> None:
    told = {
        code: subprocess.run(["sha256sum"], input=f"20261135:{code}", capture_output=True, text=True, check=True).stdout
        for code in POOL[:3]
    }
    assert {each.code: each.mark for each in ranked(POOL[:3], "20261135")} == {
        code: line.split()[0] for code, line in told.items()
    }
    by_hand = sorted(POOL, key=lambda code: hashlib.sha256(f"20261135:{code}".encode()).hexdigest())
    assert draw(POOL, "20261135", 5) == tuple(by_hand[:5])


@pytest.mark.clause("JL-22-1a")
def test_the_order_of_the_pool_changes_nothing_and_the_seed_everything() -> None:
    assert draw(POOL, "seed", 8) == draw(tuple(reversed(POOL)), "seed", 8)
    assert draw(POOL, "seed", 8) != draw(POOL, "Seed", 8)
    assert draw(POOL, "seed", 8)[:3] == draw(POOL, "seed", 3)


def test_every_agency_is_drawn_about_as_often() -> None:
    often = Counter(code for seed in range(400) for code in draw(POOL, str(seed), 10))  # 100 of each expected
    assert set(often) == set(POOL)
    assert min(often.values()) > 65
    assert max(often.values()) < 140


def test_what_is_fixed_before_the_seed_is_held_by_one_fingerprint() -> None:
    known = fingerprint(POOL, wanted=3, source="某期")
    assert known == fingerprint(POOL, wanted=3, source="某期")
    others = [
        fingerprint(POOL, wanted=4, source="某期"),
        fingerprint(POOL, wanted=3, source="下一期"),
        fingerprint(POOL[1:], wanted=3, source="某期"),
        fingerprint(POOL, wanted=3, source="某期", method="sha256-rank/2"),
    ]
    assert known not in others


@pytest.mark.parametrize(
    ("size", "wanted", "possible"),
    [
        (40, 1, True),
        (40, 40, True),
        (40, 41, False),
        (40, 0, False),
        (0, 1, False),
        (200, 100, True),
        (200, 101, False),
    ],
)
def test_as_many_are_drawn_as_there_are(size: int, wanted: int, possible: bool) -> None:
    pool = tuple(str(number) for number in range(size))
    if possible:
        require_drawable(pool, wanted)
    else:
        with pytest.raises(NothingToDraw):
            require_drawable(pool, wanted)


def test_a_pool_that_changed_is_shown_again() -> None:
    require_same_pool(pool_mark(POOL), POOL)
    with pytest.raises(PoolChanged):
        require_same_pool(pool_mark(POOL), POOL[1:])


@pytest.mark.parametrize(("typed", "seed"), [("０３ 07 12 19 25 30", "030712192530"), (" 2026-135 ", "2026-135")])
def test_a_public_number_is_read_without_what_typing_does_to_it(typed: str, seed: str) -> None:
    assert seed_text(typed) == seed


@pytest.mark.parametrize("typed", ["", "  ", "---", "1" * 65, "1\0"])
def test_what_is_no_number_is_no_seed(typed: str) -> None:
    with pytest.raises(NotASeed):
        seed_text(typed)


def test_a_draw_is_drawn_once() -> None:
    require_undrawn(drawn=False, shown=1, now=1)
    for drawn, shown in ((True, 2), (False, 1)):
        with pytest.raises(AlreadyDrawn):
            require_undrawn(drawn=drawn, shown=shown, now=2)


@pytest.mark.clause("JL-17-1")
def test_spot_checks_are_of_what_stands_on_a_list() -> None:
    require_listed(is_listed=True)
    with pytest.raises(NotOnAList) as refusal:
        require_listed(is_listed=False)
    assert refusal.value.clause == "JL-17-1"
    assert grounds_of(is_agency=True) == (Ground.AGENCY,)
    assert Ground.AGENCY not in grounds_of(is_agency=False)


def test_one_inspection_at_a_time() -> None:
    require_none_open(None)
    with pytest.raises(BeingInspected):
        require_none_open("案〔2026〕0001")


def facts(
    kind: CaseKind = CaseKind.INSPECTION,
    state: CaseState = CaseState.OPEN,
    ground: Ground | None = Ground.KEY_INDICATORS,
    on_site: bool = True,
    opinion: Adjustment | None = None,
) -> AdjustmentFacts:
    return AdjustmentFacts(kind, state, ground, on_site, opinion)


@pytest.mark.clause("JL-17-3")
def test_an_opinion_follows_the_on_site_assessment() -> None:
    require_opinion_possible(facts())
    require_opinion_possible(facts(state=CaseState.CONCLUDED))
    assert awaits_opinion(facts(on_site=False))
    with pytest.raises(NoOpinionNow):
        require_opinion_possible(facts(on_site=False))


@pytest.mark.clause("JL-17-3")
@pytest.mark.parametrize(
    "other",
    [
        facts(kind=CaseKind.COMPLAINT),
        facts(state=CaseState.CLOSED),
        facts(ground=Ground.SPOT_CHECK),
        facts(ground=None),
        facts(opinion=Adjustment.KEEP),
    ],
)
def test_there_is_one_opinion_and_only_where_indicators_fall_short(other: AdjustmentFacts) -> None:
    assert not awaits_opinion(other)
    with pytest.raises(NoOpinionNow):
        require_opinion_possible(other)
