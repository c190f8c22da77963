"""Applicants, with what keeps them from the lists, and their users."""

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import select

from accounts.models import User
from applicants import naming
from applicants.models import Applicant, Exclusion, Ground, Kind
from core import clock
from core.db import db, transaction
from tests.factories.accounts import MakesAccounts
from tests.numbers import credit_code

_applicants = count(1)
FLAGS = {Kind.FACTORY: "is_factory", Kind.PARK: "is_park", Kind.SUPPLY_CHAIN: "is_supply_chain"}


class MakesApplicants(MakesAccounts):
    def applicant(self, *, kind: Kind = Kind.FACTORY, **given: Any) -> Applicant:
        """An applicant of 长春 with everything known of it; `kind`, or is_factory and so on for several."""
        number = next(_applicants)
        values: dict[str, Any] = {
            "name": f"长春砺川{number:03d}零部件有限公司",
            "credit_code": credit_code(number, area="220106"),
            FLAGS[kind]: True,
            "bureau": "changchun",
            "county": "绿园区",
            "address": "吉林省长春市绿园区兴业路 16 号",
            "industry_code": "C3670",
            "industry": "汽车零部件及配件制造",
            "representative": "罗企业",
            "contact_name": "韩联络",
            "contact_phone": "13804319001",
            "contact_email": "applicant@example.com",
            "is_green_factory": True if kind is Kind.SUPPLY_CHAIN else None,
            "industrial_share": 631 if kind is Kind.PARK else None,
            "entered_at": clock.now(),
        } | given
        name = values.pop("name")
        with self.app.app_context():
            with transaction() as session:
                row = Applicant(name=name, search_text="", sort_key="", **values)
                naming.set_name(session, row, name)
            return _detached(row)

    def user_of_applicant(self, applicant: Applicant) -> User:
        """The first user of an applicant, made where there is none."""
        with self.app.app_context():
            found = select(User.id).where(User.applicant_id == applicant.id).order_by(User.id)
            user_id = db.session.scalar(found)
            if user_id is not None:
                return _detached(db.session.get_one(User, user_id))
        return self.account("applicant", applicant_id=applicant.id)

    def exclusion(
        self, applicant: Applicant, *, ground: Ground = Ground.VIOLATION, on: date | None = None, **given: Any
    ) -> Exclusion:
        """A fact of Article 11 about an applicant, of today unless a day is given."""
        values: dict[str, Any] = {"source": "行政处罚决定书（环境）", "entered_at": clock.now()} | given
        with self.app.app_context():
            with transaction() as session:
                row = Exclusion(applicant_id=applicant.id, ground=ground, on=on or clock.today(), **values)
                session.add(row)
            return _detached(row)


def _detached(row: Any) -> Any:
    """The row with its columns, free of the session that made it."""
    db.session.refresh(row)
    db.session.expunge_all()
    return row
