"""The State Council's notice as it is pasted: what is read of it, and what is refused."""

from datetime import date, timedelta

import pytest

from core.errors import DomainError
from core.workdays import official
from scheduling.year_notice import as_text, read_notice, stretches

D = date

# made up in the manner of the published ones
NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（星期五）至3日（星期日）放假，共3天。
二、春节：2月5日（农历除夕、星期五）至12日（星期五）放假调休，共8天。1月30日（星期六）、2月20日（星期六）上班。
三、清明节：4月3日（星期六）至5日（星期一）放假，共3天。
四、劳动节：5月1日（星期六）至5日（星期三）放假调休，共5天。5月8日（星期六）上班。
五、端午节：6月9日（星期三）放假，共1天。
六、中秋节：9月15日（周三）放假。
七、国庆节：10月1日（星期五）至7日（星期四）放假调休，共7天。9月26日(星期日)、10月9日(星期六)上班。
国务院办公厅
2026年11月4日
"""


def test_a_notice_is_read_as_it_was_published() -> None:
    days = read_notice(NOTICE, 2027)
    assert stretches(days.days_off) == [
        (D(2027, 1, 1), D(2027, 1, 3)),
        (D(2027, 2, 5), D(2027, 2, 12)),
        (D(2027, 4, 3), D(2027, 4, 5)),
        (D(2027, 5, 1), D(2027, 5, 5)),
        (D(2027, 6, 9), D(2027, 6, 9)),
        (D(2027, 9, 15), D(2027, 9, 15)),
        (D(2027, 10, 1), D(2027, 10, 7)),
    ]
    assert days.worked == (D(2027, 1, 30), D(2027, 2, 20), D(2027, 5, 8), D(2027, 9, 26), D(2027, 10, 9))


def test_what_was_read_can_be_written_down_and_read_again() -> None:
    days = read_notice(NOTICE, 2027)
    again = read_notice(as_text(days), 2027)
    assert again == days
    assert again.digest == days.digest


@pytest.mark.parametrize("year", range(2008, 2027))
def test_every_year_that_is_known_can_be_written_and_read(year: int) -> None:
    known = official()
    lines = [f"{day} 放假" for day in sorted(known.days_off) if day.year == year]
    lines += [f"{day}上班" for day in sorted(known.worked) if day.year == year]
    days = read_notice("\n".join(lines), year)
    assert set(days.days_off) == {day for day in known.days_off if day.year == year}
    assert set(days.worked) == {day for day in known.worked if day.year == year}


def test_the_end_of_the_december_before_may_belong_to_it() -> None:
    text = NOTICE.replace("1月1日（星期五）至3日", "2026年12月31日（星期四）至2027年1月3日")
    assert read_notice(text, 2027).days_off[0] == D(2026, 12, 31)


@pytest.mark.parametrize(
    ("there", "instead", "told"),
    [
        ("5月8日（星期六）", "5月8日（星期日）", "2027-05-08 是星期六，不是星期日"),
        ("5月8日（星期六）", "5月7日（星期五）", "2027-05-07 是星期五，本来就上班"),
        ("5月8日（星期六）", "5月2日（星期日）", "2027-05-02 既写了放假，又写了上班"),
        ("5月8日（星期六）", "4月31日", "没有这一天：4月31日"),
        ("5月8日（星期六）", "2028年5月6日（星期六）", "2028-05-06 不在 2027 年"),
        ("10月1日（星期五）至7日", "10月9日至7日", "不像一个假期"),
        ("10月1日（星期五）至7日", "10月4日（星期一）至7日", "没有读到国庆节的放假"),
        ("5月8日（星期六）上班", "5月8日（星期六）", "既写了放假"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_is_wrong(there: str, instead: str, told: str) -> None:
    assert there in NOTICE
    text = NOTICE.replace(there, instead)
    if told == "既写了放假":  # the day without a word would be read with what follows
        assert D(2027, 5, 8) in read_notice(text, 2027).days_off
        return
    with pytest.raises(DomainError, match=told) as refused:
        read_notice(text, 2027)
    assert "".join(told) in refused.value.message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "明年放假安排另行通知。",
        "1" * 5000,
        "日" * 5000,
        "1月1日放假" * 400,
        "9" * 20 + "年1月1日放假",
    ],
)
def test_what_is_no_notice_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        read_notice(text, 2027)


def test_the_notice_of_another_year_is_noticed() -> None:
    with pytest.raises(DomainError, match="请核对年份"):
        read_notice(NOTICE, 2028)


def test_a_notice_without_weekdays_is_known_by_its_title() -> None:
    lines = as_text(read_notice(NOTICE, 2027))
    with pytest.raises(DomainError, match="这是 2026 年的通知，不是 2027 年的"):
        read_notice(f"国务院办公厅关于2026年部分节假日安排的通知\n{lines}", 2027)


def test_leap_days_are_days() -> None:
    assert stretches([D(2028, 2, 28), D(2028, 2, 29), D(2028, 3, 1)]) == [(D(2028, 2, 28), D(2028, 3, 1))]
    assert stretches([D(2028, 2, 28) + timedelta(days=n) for n in (0, 2)]) == [
        (D(2028, 2, 28), D(2028, 2, 28)),
        (D(2028, 3, 1), D(2028, 3, 1)),
    ]
