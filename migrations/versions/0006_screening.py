"""Agreements screened, their marks, and what was decided on each."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

UNFINISHED = sa.text("state IN ('waiting', 'running')")
STILL_UNDECIDED = sa.text("standing IN ('open', 'disputed')")


def upgrade() -> None:
    op.create_table('agreement_screening',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=True),
    sa.Column('pages_done', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=True),
    sa.Column('lease', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refusal', sa.Text(), nullable=False),
    sa.Column('unread', sa.String(length=600), nullable=False),
    sa.Column('by_eye', sa.Boolean(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.Integer(), nullable=True),
    sa.Column('settled_reason', sa.Text(), nullable=False),
    sa.Column('judged_with', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.CheckConstraint('pages_done >= 0 AND attempts >= 0', name=op.f('ck_agreement_screening_counts')),
    sa.CheckConstraint("(state = 'running') = (token IS NOT NULL)", name=op.f('ck_agreement_screening_claimed')),
    sa.CheckConstraint(
        "(state IN ('done', 'unreadable')) = (finished_at IS NOT NULL)", name=op.f('ck_agreement_screening_finished')
    ),
    sa.ForeignKeyConstraint(
        ['agreement_id'], ['evaluation_agreement.id'], name=op.f('fk_agreement_screening_agreement_id')
    ),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_agreement_screening_evaluation_id')),
    sa.ForeignKeyConstraint(['settled_by'], ['account.id'], name=op.f('fk_agreement_screening_settled_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_screening')),
    sa.UniqueConstraint('agreement_id', name=op.f('uq_agreement_screening_agreement_id'))
    )
    with op.batch_alter_table('agreement_screening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreement_screening_evaluation_id'), ['evaluation_id'], unique=False)
        batch_op.create_index('ix_agreement_screening_unfinished', ['id'], unique=False, sqlite_where=UNFINISHED, postgresql_where=UNFINISHED)
        batch_op.create_index('ix_agreement_screening_by_eye', ['id'], unique=False, sqlite_where=sa.text('by_eye = 1'), postgresql_where=sa.text('by_eye'))

    op.create_table('agreement_mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('screening_id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=40), nullable=False),
    sa.Column('clause', sa.LargeBinary(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('page', sa.Integer(), nullable=True),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('end', sa.Integer(), nullable=False),
    sa.Column('trigger', sa.LargeBinary(), nullable=False),
    sa.Column('trigger_start', sa.Integer(), nullable=True),
    sa.Column('trigger_end', sa.Integer(), nullable=True),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('effect', sa.LargeBinary(), nullable=False),
    sa.Column('article', sa.String(length=20), nullable=False),
    sa.Column('confidence', sa.Float(), nullable=True),
    sa.Column('reason', sa.LargeBinary(), nullable=False),
    sa.Column('origin', sa.String(length=40), nullable=False),
    sa.Column('standing', sa.String(length=40), nullable=False),
    sa.Column('disputed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disputed_by', sa.Integer(), nullable=True),
    sa.Column('dispute', sa.Text(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decider', sa.String(length=80), nullable=False),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.CheckConstraint('start >= 0 AND "end" >= start', name=op.f('ck_agreement_mark_place')),
    sa.CheckConstraint('confidence >= 0 AND confidence <= 1', name=op.f('ck_agreement_mark_confidence')),
    sa.CheckConstraint(
        "(standing IN ('confirmed', 'dismissed')) = (decided_at IS NOT NULL)", name=op.f('ck_agreement_mark_decided')
    ),
    sa.CheckConstraint("standing <> 'disputed' OR disputed_at IS NOT NULL", name=op.f('ck_agreement_mark_disputed')),
    sa.ForeignKeyConstraint(['screening_id'], ['agreement_screening.id'], name=op.f('fk_agreement_mark_screening_id')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_agreement_mark_evaluation_id')),
    sa.ForeignKeyConstraint(['disputed_by'], ['account.id'], name=op.f('fk_agreement_mark_disputed_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_agreement_mark_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_mark')),
    sa.UniqueConstraint('screening_id', 'position', name=op.f('uq_agreement_mark_screening_id_position'))
    )
    with op.batch_alter_table('agreement_mark', schema=None) as batch_op:
        batch_op.create_index('ix_agreement_mark_evaluation', ['evaluation_id', 'standing'], unique=False)
        batch_op.create_index('ix_agreement_mark_undecided', ['id'], unique=False, sqlite_where=STILL_UNDECIDED, postgresql_where=STILL_UNDECIDED)

    with op.batch_alter_table('evaluation_agreement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reason', sa.Text(), nullable=False, server_default=''))
    with op.batch_alter_table('evaluation_agreement', schema=None) as batch_op:
        batch_op.alter_column('reason', server_default=None)

    # the agreements that were there before: all wait to be screened
    op.execute(
        "INSERT INTO agreement_screening (version, evaluation_id, agreement_id, state, asked_at, pages_done, attempts,"
        " refusal, unread, by_eye, settled_reason, judged_with)"
        " SELECT 1, evaluation_id, id, 'waiting', entered_at, 0, 0, '', '', FALSE, '', ''"
        " FROM evaluation_agreement WHERE file_id IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table('agreement_mark')
    op.drop_table('agreement_screening')
    with op.batch_alter_table('evaluation_agreement', schema=None) as batch_op:
        batch_op.drop_column('reason')
