"""The tables of titles and majors as they stand: the files in config, and the admin's dated corrections."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency import majors, titles
from agency.models import MajorCorrection, TitleCorrection
from agency.rules import Tables


def tables_of(session: Session) -> Tables:
    """Titles and majors with every correction; each row says from which day it holds."""
    major_table = majors.table(
        majors.MajorCorrection(row.major, row.standing, row.since, row.reason)
        for row in session.scalars(select(MajorCorrection).order_by(MajorCorrection.since, MajorCorrection.id))
    )
    title_table = titles.table(
        (
            titles.TitleRow(row.title, row.series, row.level, row.reason, row.since)
            for row in session.scalars(select(TitleCorrection).order_by(TitleCorrection.since, TitleCorrection.id))
        ),
        major_table,
    )
    return Tables(title_table, major_table)
