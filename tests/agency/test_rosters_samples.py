"""The six sample rosters, judged as of 2026-06-30, against what is expected of them."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from agency import majors, titles
from agency.commands import roster_commands
from agency.particulars import TitleLevel
from agency.rosters import across, judged, read_roster
from agency.rules import Tables
from core import law

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
EXPECTED = json.loads((ROSTERS / "expected.json").read_text(encoding="utf-8"))
ON = date.fromisoformat(EXPECTED["as_of"])
SAMPLES = sorted(EXPECTED["files"])
TABLES = Tables(titles.table(), majors.table())
KNOWN_FLAGS = {
    "part_time",
    "gender_disagrees_with_id",
    "title_from_merged_cell",
    "left_according_to_notes_sheet",
}
REVIEWED = {
    "retired_rehired",
    "over_retirement_age",
    "social_security_elsewhere",
    "registration_is_not_a_title",
}


def read(name):
    roster = read_roster((ROSTERS / name).read_bytes(), file_name=name, on=ON)
    return judged(roster, tables=TABLES, law=law.jurisdiction())


def check(*names):
    result = CliRunner().invoke(
        roster_commands, ["check", *(str(ROSTERS / name) for name in names), "--json", "--on", ON.isoformat()]
    )
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.clause("JL-20-3")
def test_a_sample_checked_alone_gives_what_is_expected(name):
    [result], expected = check(name), EXPECTED["files"][name]
    assert result["file"] == name
    assert result["accepted"] == len(expected["accepted"])
    assert result["rejected"] == [
        {"row": row["row"], "name": row["name"], "reason": row["reason"]} for row in expected["rejected"]
    ]
    assert result["intermediate_or_above"] == expected["full_time_intermediate_or_above"]
    assert result["senior_relevant"] == expected["full_time_senior_relevant"]
    assert result["meets_article_20_3"] is expected["article_20_3_met"]
    flagged = {(row["row"], flag) for row in expected["accepted"] for flag in row.get("flags", ()) if flag in REVIEWED}
    reviewed = {(row["row"], row["reason"]) for row in result["review"]}
    assert {entry for entry in reviewed if entry[1] in REVIEWED} == flagged


@pytest.mark.parametrize("name", SAMPLES)
def test_every_row_of_a_sample_is_read_as_expected(name):
    roster, expected = read(name), EXPECTED["files"][name]
    read_as = [
        {
            "row": row.row,
            "name": row.name,
            "id_number": str(row.number),
            "title": "高级工程师" if row.title == "高工" else row.title,
            "level": row.assessment.level,
            "major": row.major or row.degree_major,
            "full_time": row.assessment.full_time == "met",
            "counts": row.assessment.qualification == "met",
            "leads": row.assessment.seniority == "met",
            "flags": sorted(set(row.flags) & KNOWN_FLAGS),
        }
        for row in roster.accepted
    ]
    assert read_as == [
        {
            "row": row["row"],
            "name": row["name"],
            "id_number": row["id_number"],
            "title": row["title"],
            "level": TitleLevel.NOT_A_TITLE if row["title_level"] == "none" else row["title_level"],
            "major": row["major"],
            "full_time": row["full_time"],
            "counts": row["counts_intermediate_or_above"],
            "leads": row["counts_senior_relevant"],
            "flags": sorted(set(row.get("flags", ())) & KNOWN_FLAGS),
        }
        for row in expected["accepted"]
    ]
    assert [row.number_in_file.replace(" ", "") for row in roster.rejected] == [
        row["id_as_in_file"] for row in expected["rejected"]
    ]
    assert [(row.row, row.kind) for row in roster.skipped] == [
        (row["row"], row["kind"]) for row in expected["skipped"] if row["kind"] != "blank"
    ]
    assert [name for name, _ in roster.ignored_sheets] == [
        sheet["sheet"] for sheet in expected.get("ignored_sheets", ())
    ]


def test_given_in_one_call_a_person_on_two_rosters_counts_on_neither():
    results = {result["file"]: result for result in check(*SAMPLES)}
    shared = across([read(name) for name in SAMPLES])
    assert len(shared) == len(EXPECTED["cross_file"])
    for person, expected in zip(shared, EXPECTED["cross_file"], strict=True):
        places = [(each["file"], each["row"]) for each in expected["occurrences"]]
        assert (person.number, person.name, list(person.occurrences)) == (
            expected["id_number"],
            expected["name"],
            places,
        )
        for file, row in places:
            assert {"row": row, "reason": "person_in_another_roster"} in results[file]["review"]
        for file, counts in expected["counts_without"].items():
            assert results[file]["intermediate_or_above"] == counts["full_time_intermediate_or_above"]
            assert results[file]["senior_relevant"] == counts["full_time_senior_relevant"]
            assert results[file]["meets_article_20_3"] is counts["article_20_3_met"]


def test_the_verdict_of_a_sample_may_hang_on_an_officer():
    """05: nine beyond doubt, the tenth insured elsewhere: for an officer."""
    assert [read(name).finding.verdict for name in SAMPLES] == [
        "met",
        "met",
        "needs_judgement",
        "met",
        "needs_judgement",
        "not_met",
    ]
