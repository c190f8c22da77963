"""Agencies that are named as making an evaluation jointly are asked."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

REFUSED = sa.text("consent = 'refused'")
NOT_HANDED_OVER = "state IN ('registered', 'in_progress', 'report_issued')"


def upgrade() -> None:
    with op.batch_alter_table('evaluation_party', schema=None) as batch_op:
        batch_op.add_column(sa.Column('consent', sa.String(length=40), nullable=False, server_default='not_asked'))
        batch_op.add_column(sa.Column('consent_reason', sa.Text(), nullable=False, server_default=''))
    op.execute(
        "UPDATE evaluation_party SET consent = 'asked' WHERE NOT leads"
        f" AND evaluation_id IN (SELECT id FROM evaluation WHERE {NOT_HANDED_OVER})"
        " AND NOT EXISTS (SELECT 1 FROM evaluation_step AS step"
        " WHERE step.evaluation_id = evaluation_party.evaluation_id AND step.action = 'record')"
    )
    with op.batch_alter_table('evaluation_party', schema=None) as batch_op:
        batch_op.alter_column('consent', server_default=None)
        batch_op.alter_column('consent_reason', server_default=None)
        batch_op.create_index(
            'ix_evaluation_party_refused', ['evaluation_id'], unique=False, sqlite_where=REFUSED, postgresql_where=REFUSED
        )


def downgrade() -> None:
    with op.batch_alter_table('evaluation_party', schema=None) as batch_op:
        batch_op.drop_index('ix_evaluation_party_refused')
        batch_op.drop_column('consent_reason')
        batch_op.drop_column('consent')
