"""Published lists as history: every row goes in, whom it means, and how often each agency stands in each list."""

import csv
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from agency.models import Place, Proposal, Spelling
from agency.services import ledgers
from applicants.models import Applicant, Kind, Origin
from core.audit import AuditEntry
from core.db import db
from core.errors import DomainError, Refusals
from core.exports import workbook
from core.sheets import Limits
from evaluations.models import Evaluation, ListEntry, ListImport
from evaluations.queries import history as queries
from evaluations.queries.history import Wanted
from tests.evaluations.lists import AGENCIES, HEADS, LISTS, bring, row, table
from tests.factories import Make
from tests.numbers import credit_code

FIGURES = {"rows": 3303, "applicants": 3139, "spellings": 347, "without_agency": 159}
ONE, TWO = credit_code(901), credit_code(902)


def run(app: Flask, file: object, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["evaluations", "import", str(file), *options])


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_six_lists_go_in_whole_and_a_second_time_changes_nothing(app: Flask) -> None:
    first = run(app, LISTS)
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout.splitlines()[-1]) == FIGURES
    assert first.stdout.splitlines()[-1] == json.dumps(FIGURES)
    with app.app_context():
        before = db.session.execute(select(*ListEntry.__table__.columns).order_by(ListEntry.id)).all()
        assert len(before) == 3303
        assert db.session.scalar(select(func.count()).select_from(Applicant)) == 3139
    second = run(app, LISTS)
    assert second.stdout.splitlines()[-1] == json.dumps(FIGURES)
    assert "什么也没有改变" in second.stdout.splitlines()[-2]
    with app.app_context():
        assert db.session.execute(select(*ListEntry.__table__.columns).order_by(ListEntry.id)).all() == before
        assert db.session.scalar(select(func.count()).select_from(Applicant)) == 3139
        assert db.session.scalar(select(func.count()).select_from(ListImport)) == 1
        assert list(db.session.scalars(select(AuditEntry.action))) == ["list_import.brought"]
        assert db.session.scalar(select(func.count()).select_from(Place)) == 0
        assert db.session.scalar(select(func.count()).select_from(Evaluation)) == 0


@pytest.mark.usefixtures("context")
def test_the_sums_by_published_spelling_and_list_are_those_that_were_counted() -> None:
    bring()
    counted = queries.by_spelling(db.session())
    expected = {
        line["agency"]: {f"national:{batch}": int(line[f"batch{batch}"]) for batch in "123456"}
        for line in rows_of(AGENCIES)
    }
    assert {text: {key: counts[key] for key in next(iter(expected.values()))} for text, counts in counted.items()} == (
        expected
    )
    assert sum(counts.total() for counts in counted.values()) == 3144
    lists = queries.lists(db.session())
    assert [(each.year, each.batch, each.entries) for each in lists] == [
        (2017, "1", 240), (2018, "2", 234), (2018, "3", 446), (2019, "4", 691), (2020, "5", 871), (2021, "6", 821),
    ]  # fmt: skip
    assert sum(each.without_agency for each in lists) == 159
    kinds = db.session.execute(select(ListEntry.kind, func.count()).where(ListEntry.agency.is_(None)).group_by("kind"))
    assert dict(kinds.all()) == {Kind.PARK: 52, Kind.SUPPLY_CHAIN: 107}
    three = queries.above(queries.behind(db.session()), lists, 15)
    assert [(each.batch, [(row.name, row.counts[each.key]) for row in most]) for each, most in three] == [
        ("1", [
            ("中国电子技术标准化研究院", 30), ("广州赛宝认证中心服务有限公司", 28), ("北京联合智业认证有限公司", 16),
        ]),
    ]  # fmt: skip


@pytest.mark.usefixtures("context")
def test_every_entry_is_kept_as_published() -> None:
    bring()
    kept = Counter(
        (entry.kind.label, entry.batch, str(entry.published), str(entry.position), entry.region, entry.name,
         entry.industry, entry.agency or "", entry.credit_code or "", entry.source)
        for entry in db.session.scalars(select(ListEntry))
    )  # fmt: skip
    assert kept == Counter(tuple(line.values()) for line in rows_of(LISTS))
    branches = select(Applicant.name).where(Applicant.name.like("%分公司%")).limit(1)
    assert db.session.scalars(branches).first() is not None
    assert set(db.session.scalars(select(Applicant.origin).distinct())) == {Origin.HISTORY}


@pytest.mark.usefixtures("context")
def test_it_is_brought_in_a_moment() -> None:
    before = time.perf_counter()
    bring()
    assert time.perf_counter() - before < 30  # a few seconds; nothing that grows with the square of the rows


@pytest.mark.usefixtures("context")
def test_joined_bodies_show_the_sum_and_a_divided_cell_counts_for_each(make: Make) -> None:
    officer = make.officer("approver")
    cell = "江苏省、南京市节能技术服务中心"
    ledgers.bring(AGENCIES.read_bytes(), file_name="旧台账.csv", limits=Limits(), by=officer)
    bring()
    rows = {each.name: each for each in queries.behind(db.session())}
    assert (rows[cell].total, rows[cell].body, rows[cell].undecided) == (22, None, True)
    spelling = db.session.scalars(select(Spelling).where(Spelling.text == cell)).one()
    parts = ["江苏省节能技术服务中心", "南京市节能技术服务中心"]
    ledgers.divide(spelling.id, parts, reason="两家联合", by=officer)
    rows = {each.name: each for each in queries.behind(db.session())}
    assert cell not in rows
    assert all(cell in rows[part].spellings for part in parts)
    assert sum(queries.by_spelling(db.session())[cell].values()) == 22  # as published it stays
    body = rows[parts[1]].body
    shown = queries.listing(db.session(), Wanted(body=body))
    assert shown.found == rows[parts[1]].total


@pytest.mark.usefixtures("context")
def test_joined_spellings_are_one_row(make: Make) -> None:
    officer = make.officer("approver")
    proposal = db.session.get_one(Proposal, make.proposal().id)
    first, second = (each.text for each in proposal.spellings)
    bring(table(row("甲厂", 1, agency=first), row("乙厂", 2, agency=second)))
    assert [each.total for each in queries.behind(db.session())] == [1, 1]
    chosen = [each.id for each in proposal.spellings]
    ledgers.join(
        proposal.id, chosen=chosen, main=proposal.main_id, reason="同一家", version=proposal.version, by=officer
    )
    [joined] = queries.behind(db.session())
    assert (joined.total, len(joined.spellings)) == (2, 2)


@pytest.mark.usefixtures("context")
def test_one_code_with_two_names_is_one_applicant_and_both_names_find_it() -> None:
    told = bring(
        table(
            row("松江纸业有限公司", 1, code=ONE),
            row("松江新材料有限公司", 1, batch="5", published="2020-10-16", code=ONE),
            row("松江纸业 有限公司", 2, batch="5", published="2020-10-16"),
        )
    )
    assert told.applicants == 1
    applicant = db.session.scalars(select(Applicant)).one()
    assert applicant.name == "松江新材料有限公司"  # the later one
    assert {former.name for former in applicant.former_names} == {"松江纸业有限公司", "松江纸业 有限公司"}
    for word in ("纸业", "新材料", ONE[-6:]):
        assert queries.listing(db.session(), Wanted(word=word)).found == 3


@pytest.mark.usefixtures("context")
def test_a_name_of_two_codes_is_nobody_of_the_two() -> None:
    rows = [row("松江水泥有限公司", 1), row("松江水泥有限公司", 2, code=ONE), row("松江水泥有限公司", 3, code=TWO)]
    assert bring(table(*rows)).applicants == 3
    assert bring(table(*rows)).applicants == 3


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("first", [0, 1])
def test_a_body_is_one_whichever_list_brings_its_code(first: int) -> None:
    rows = [row("松江水泥有限公司", 1), row("松江水泥有限公司", 1, batch="2", code=ONE)]
    bring(table(rows[first]))
    assert bring(table(rows[1 - first])).new_applicants == 0
    assert db.session.scalars(select(Applicant.credit_code)).all() == [ONE]


@pytest.mark.usefixtures("context")
def test_an_applicant_that_is_there_is_found_and_keeps_its_name(make: Make) -> None:
    there = make.applicant(name="松江新材料有限公司", credit_code=ONE)
    told = bring(table(row("松江纸业有限公司", 1, code=ONE, kind="绿色供应链管理企业"), row("松江新材料有限公司", 2)))
    assert (told.applicants, told.new_applicants) == (1, 0)
    applicant = db.session.get_one(Applicant, there.id)
    assert (applicant.name, applicant.origin, applicant.bureau) == ("松江新材料有限公司", Origin.DESK, "changchun")
    assert applicant.kinds == (Kind.FACTORY, Kind.SUPPLY_CHAIN)
    assert [former.name for former in applicant.former_names] == ["松江纸业有限公司"]


@pytest.mark.usefixtures("context")
def test_a_code_with_a_wrong_check_character_is_kept() -> None:
    wrong = ONE[:-1] + ("0" if ONE[-1] != "0" else "1")
    bring(table(row("松江纸业有限公司", 1, code=wrong), row("松江纸张有限公司", 2, code="12345")))
    assert db.session.scalars(select(ListEntry.credit_code).order_by(ListEntry.id)).all() == [wrong, "12345"]
    assert set(db.session.scalars(select(Applicant.credit_code))) == {wrong, None}


@pytest.mark.usefixtures("context")
def test_the_year_is_the_lists_and_not_the_publishing_days() -> None:
    bring(
        table(
            row("甲厂", 1, batch="6", published="2022-01-15"), row("乙厂", 1, batch="2023年度", published="2024-01-10")
        )
    )
    years = db.session.execute(select(ListEntry.batch, ListEntry.year)).all()
    assert dict(years) == {"6": 2021, "2023年度": 2023}


@pytest.mark.usefixtures("context")
def test_a_workbook_with_the_same_heads_is_read_too_and_our_own_export_changes_nothing() -> None:
    bring(table(row("甲厂", 1, code=ONE), row("乙厂", 2)))
    file = workbook(queries.COLUMNS, queries.exported(db.session(), Wanted()), sheet="历年名单")
    again = bring(file.getvalue(), name="历年名单.xlsx")
    assert (again.rows, again.new_rows, again.applicants) == (2, 0, 2)


WRONG = {
    "no list": (b"\x00\x01\x02", "不是可以读取的电子表格"),
    "heads": (table(row("甲厂", 1), heads="a,b,c,d,e,f,g,h,i,j"), "没有找到名单的表头"),
    "nothing": (HEADS.encode() + b"\n,,\n", "表头下方没有内容"),
    "day": (table(row("甲厂", 1), row("乙厂", 2, published="2017-13-01")), "第 3 行：公布日期“2017-13-01”不是日期"),
    "future": (table(row("甲厂", 1, published="2117-01-01")), "第 2 行：公布日期 2117-01-01 在今天之后"),
    "kind": (table(row("甲厂", 1, kind="绿色产品")), "第 2 行：类别“绿色产品”应为"),
    "place": (table(row("甲厂", 1), row("乙厂", 1)), "第 3 行：与第 2 行的类别、批次和序号相同"),
    "batch": (table(row("甲厂", 1, batch="7")), "第 2 行：不知道批次“7”是哪一年度的"),
    "name": (table(row("", 1)), "第 2 行：没有名称"),
    "length": (table(row("厂" * 121, 1)), "第 2 行：名称超过 120 个字"),
    "position": (table(row("甲厂", 0)), "第 2 行：序号“0”应为"),
}


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_refused_with_its_row_and_nothing_goes_in(case: str) -> None:
    content, message = WRONG[case]
    with pytest.raises(DomainError) as refusal:
        bring(content)
    assert message in refusal.value.message
    assert db.session.scalar(select(func.count()).select_from(Applicant)) == 0


@pytest.mark.usefixtures("context")
def test_all_wrong_rows_are_told_together_but_not_hundreds() -> None:
    with pytest.raises(Refusals) as refusal:
        bring(table(*(row("甲厂", 1, kind="?") for _ in range(500))))
    assert len(refusal.value.refusals) == 21
    assert "另有 480 行" in refusal.value.refusals[-1].message


@pytest.mark.usefixtures("context")
def test_a_list_that_says_otherwise_than_before_is_refused() -> None:
    bring(table(row("甲厂", 1)))
    with pytest.raises(DomainError, match="第 2 行：第一批绿色制造示范名单绿色工厂第 1 号此前已导入为“甲厂”"):
        bring(table(row("乙厂", 1)))


def test_the_command_says_what_is_wrong(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    file.write_bytes(table(row("甲厂", 1, published="昨天")))
    for path, sentence in ((file, "第 2 行：公布日期“昨天”不是日期"), (tmp_path / "none.csv", "无法打开文件")):
        result = run(app, path)
        assert result.exit_code == 1
        assert sentence in result.output


@pytest.mark.usefixtures("context")
def test_a_page_of_entries_takes_the_same_queries_however_many(count_queries: Callable[..., object]) -> None:
    bring()
    session = db.session()
    numbers = []
    for size in (1, 200):
        session.rollback()
        with count_queries() as queries_run:  # type: ignore[attr-defined]
            found = queries.listing(session, Wanted(word="有限公司", region="吉林"), size=size)
            assert all(entry.applicant.name for entry in found.page.items)
        numbers.append(len(queries_run))
    assert numbers[0] == numbers[1] <= 6


@pytest.mark.usefixtures("context")
def test_pages_by_key_show_every_entry_once() -> None:
    bring()
    seen: list[int] = []
    cursor = None
    while True:
        page = queries.listing(db.session(), Wanted(region="吉林"), cursor=cursor, size=10).page
        seen += [entry.id for entry in page.items]
        if page.next is None:
            break
        cursor = page.next
    assert len(seen) == len(set(seen)) == 36
