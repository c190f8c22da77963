"""Folders of files that officers have screened; indexes by which the desk finds marks."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

UNFINISHED = sa.text("state IN ('waiting', 'running')")
CONFIRMED = sa.text("standing = 'confirmed'")


def upgrade() -> None:
    op.create_table('screened_folder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.LargeBinary(), nullable=False),
    sa.Column('files', sa.Integer(), nullable=False),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('dropped_by', sa.Integer(), nullable=True),
    sa.Column('dropper', sa.String(length=80), nullable=False),
    sa.Column('delete_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['dropped_by'], ['account.id'], name=op.f('fk_screened_folder_dropped_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_screened_folder'))
    )
    op.create_index('ix_screened_folder_delete_on', 'screened_folder', ['delete_on'])
    op.create_table('screened_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('folder_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.LargeBinary(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=True),
    sa.Column('lease', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refusal', sa.Text(), nullable=False),
    sa.Column('unread', sa.String(length=600), nullable=False),
    sa.Column('labels', sa.String(length=80), nullable=False),
    sa.Column('marks', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('found', sa.LargeBinary(), nullable=True),
    sa.CheckConstraint("(state = 'running') = (token IS NOT NULL)", name=op.f('ck_screened_file_claimed')),
    sa.CheckConstraint(
        "(state IN ('done', 'unreadable')) = (finished_at IS NOT NULL)", name=op.f('ck_screened_file_finished')
    ),
    sa.ForeignKeyConstraint(['folder_id'], ['screened_folder.id'], name=op.f('fk_screened_file_folder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_screened_file')),
    sa.UniqueConstraint('folder_id', 'position', name=op.f('uq_screened_file_folder_id_position'))
    )
    op.create_index(
        'ix_screened_file_unfinished', 'screened_file', ['id'], sqlite_where=UNFINISHED, postgresql_where=UNFINISHED
    )
    op.create_index('ix_agreement_mark_label', 'agreement_mark', ['label', 'screening_id'])
    op.create_index(
        'ix_agreement_mark_confirmed', 'agreement_mark', ['evaluation_id', 'screening_id'],
        sqlite_where=CONFIRMED, postgresql_where=CONFIRMED,
    )
    # a case of an evaluation's agreement is one as long as it is open
    op.create_index(
        'uq_supervision_case_agreement', 'supervision_case', ['evaluation_id'], unique=True,
        sqlite_where=sa.text("kind = 'agreement' AND state = 'open'"),
        postgresql_where=sa.text("kind = 'agreement' AND state = 'open'"),
    )


def downgrade() -> None:
    op.drop_index('uq_supervision_case_agreement', table_name='supervision_case')
    op.drop_index('ix_agreement_mark_confirmed', table_name='agreement_mark')
    op.drop_index('ix_agreement_mark_label', table_name='agreement_mark')
    op.drop_table('screened_file')
    op.drop_table('screened_folder')
