"""Filings that match a barred agency."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('evasion_match',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('filing_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('barred_id', sa.Integer(), nullable=False),
    sa.Column('submission_number', sa.Integer(), nullable=False),
    sa.Column('basis', sa.String(length=64), nullable=False),
    sa.Column('weight', sa.String(length=40), nullable=False),
    sa.Column('summary', sa.String(length=120), nullable=False),
    sa.Column('matches', sa.LargeBinary(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lapsed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(length=40), nullable=True),
    sa.Column('reason', sa.LargeBinary(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answerer', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_evasion_match_agency_id')),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_evasion_match_answered_by')),
    sa.ForeignKeyConstraint(['barred_id'], ['agency.id'], name=op.f('fk_evasion_match_barred_id')),
    sa.ForeignKeyConstraint(['filing_id'], ['filing.id'], name=op.f('fk_evasion_match_filing_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evasion_match')),
    sa.UniqueConstraint('filing_id', 'barred_id', 'basis', name=op.f('uq_evasion_match_filing_id_barred_id_basis'))
    )
    op.create_index('ix_evasion_match_basis', 'evasion_match', ['agency_id', 'barred_id', 'basis'])
    op.create_index(op.f('ix_evasion_match_barred_id'), 'evasion_match', ['barred_id'])
    op.create_index('ix_evasion_match_standing', 'evasion_match', ['answer', 'filing_id'], sqlite_where=sa.text('lapsed_at IS NULL'), postgresql_where=sa.text('lapsed_at IS NULL'))


def downgrade() -> None:
    op.drop_table('evasion_match')
