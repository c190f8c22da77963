"""The desk's register of applicants: search, filters, pages, export, each bureau its own."""

import io

import pytest
from openpyxl import load_workbook

from applicants.models import Kind, ListLevel, Origin
from core import clock
from tests.factories import Make

APPLICANTS = "/desk/applicants"
ALL = {"松江化工", "松江产业园", "海兰供应链", "沈阳老厂"}


@pytest.fixture
def desk(make: Make, sign_in):
    return sign_in(make.officer("reviewer"))


@pytest.fixture
def applicants(make: Make):
    """A factory of 通化 in a park of 长春 (of all places), a chain, and one from an old list outside Jilin."""
    park = make.applicant(kind=Kind.PARK, name="松江产业园", listed=ListLevel.PROVINCIAL)
    factory = make.applicant(name="松江化工", bureau="tonghua", park_id=park.id)
    make.applicant(kind=Kind.SUPPLY_CHAIN, name="海兰供应链", contact_phone="13899998888")
    make.applicant(name="沈阳老厂", region="辽宁", bureau="", credit_code=None, origin=Origin.HISTORY)
    make.exclusion(factory)


def named_on(page):
    return {name for name in ALL if f">{name}</a>" in page.text}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ALL),
        ("?q=松江", {"松江化工", "松江产业园"}),
        ("?kind=park", {"松江产业园"}),
        ("?bureau=tonghua", {"松江化工"}),
        ("?bureau=outside", {"沈阳老厂"}),
        ("?listed=provincial", {"松江产业园"}),
        ("?excluded=yes", {"松江化工", "松江产业园"}),
        ("?excluded=no", {"海兰供应链", "沈阳老厂"}),
        ("?excluded=yes&kind=park&q=松", {"松江产业园"}),
        ("?kind=nonsense&bureau=nowhere&listed=x&excluded=y", ALL),
    ],
)
@pytest.mark.usefixtures("applicants")
def test_applicants_are_found_by_word_and_filter(desk, asked, found):
    page = desk.get(APPLICANTS + asked)
    assert named_on(page) == found
    assert f"找到 {len(found)} 个培育对象" in page.text


@pytest.mark.usefixtures("applicants")
def test_a_bureau_sees_its_own_whatever_it_asks_for(make: Make, sign_in):
    bureau = sign_in(make.officer("municipal", bureau="tonghua"))
    for asked in ("", "?bureau=changchun", "?bureau=outside", "?q=松江"):
        page = bureau.get(APPLICANTS + asked)
        assert named_on(page) == {"松江化工"}
    assert 'name="bureau"' not in bureau.get(APPLICANTS).text
    rows = list(load_workbook(io.BytesIO(bureau.get(f"{APPLICANTS}/export.xlsx").data)).active.values)
    assert [row[0] for row in rows[1:]] == ["松江化工"]


@pytest.mark.usefixtures("applicants")
def test_the_list_says_who_is_excluded_now(desk):
    page = desk.get(f"{APPLICANTS}?excluded=yes").text
    assert page.count('<span class="state stop">受限</span>') == 2


@pytest.mark.usefixtures("applicants")
def test_the_export_holds_what_is_filtered_and_nothing_personal(desk):
    answer = desk.get(f"{APPLICANTS}/export.xlsx?excluded=yes")
    head, *rows = list(load_workbook(io.BytesIO(answer.data)).active.values)
    by_name = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert set(by_name) == {"松江化工", "松江产业园"}
    assert by_name["松江化工"]["所在园区"] == "松江产业园"
    assert by_name["松江化工"]["第十一条受限"] == "是"
    assert by_name["松江产业园"]["工业增加值占比（%）"] == 63.1
    everything = load_workbook(io.BytesIO(desk.get(f"{APPLICANTS}/export.xlsx").data)).active.values
    cells = " ".join(str(cell) for row in everything for cell in row)
    assert "13899998888" not in cells
    assert "罗企业" not in cells


def test_nothing_found_says_what_to_do(desk):
    assert "还没有培育对象" in desk.get(APPLICANTS).text
    assert "没有符合条件的培育对象" in desk.get(f"{APPLICANTS}?q=无此单位").text


def test_pages_follow_each_other_and_cost_the_same(make: Make, desk, count_queries):
    for number in range(45):
        make.applicant(name=f"松江{chr(0x4E00 + number * 37)}厂")
    with count_queries() as few:
        first = desk.get(f"{APPLICANTS}?q=松江")
    link = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    with count_queries() as many:
        second = desk.get(link)
    assert first.text.count('<th scope="row"') == second.text.count('<th scope="row"') == 20
    assert len(few) <= len(many) <= len(few) + 1 <= 12  # one more where the page begins between two names


def test_the_cost_of_a_page_does_not_grow_with_its_rows(make: Make, desk, count_queries):
    def queries():
        with count_queries() as asked:
            assert desk.get(APPLICANTS).status_code == 200
        return len(asked)

    make.exclusion(make.applicant())
    before = queries()
    for _ in range(12):
        make.exclusion(make.applicant(), on=clock.today())
    assert queries() == before
