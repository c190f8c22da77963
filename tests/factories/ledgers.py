"""Old ledgers with what an officer can decide in them."""

from sqlalchemy import select

from agency.ledgers.spellings import Likeness
from agency.models import LedgerImport, Proposal, Spelling
from agency.services import ledgers
from core.db import db
from tests.factories.accounts import MakesAccounts
from tests.ledgers import CELL, FIRST, FULL, LONELY, SECOND, SHORT, bring


class MakesLedgers(MakesAccounts):
    def ledger(self) -> LedgerImport:
        """With a certain and a likely proposal, a cell that may name two, and a lonely name; the same at each call."""
        with self.app.app_context():
            bring(FIRST, SECOND, FULL, SHORT, LONELY, CELL)
            return db.session.scalars(select(LedgerImport)).one()

    def proposal(self) -> Proposal:
        """The certain one of the ledger."""
        self.ledger()
        with self.app.app_context():
            return db.session.scalars(select(Proposal).where(Proposal.likeness == Likeness.CERTAIN)).one()

    def cell(self) -> Spelling:
        """The ledger's cell that may name two bodies."""
        self.ledger()
        return self._spelling(CELL)

    def settled_spelling(self) -> Spelling:
        """A spelling of the ledger that is known by itself."""
        ledger = self.ledger()
        with self.app.app_context():
            ledgers.settle_rest(ledger.id, by=None)
        return self._spelling(LONELY)

    def _spelling(self, text: str) -> Spelling:
        with self.app.app_context():
            return db.session.scalars(select(Spelling).where(Spelling.text == text)).one()
