"""What else the course of complaints and sanctions keeps."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('inspection',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('ground', sa.String(length=40), nullable=False),
    sa.Column('opinion', sa.String(length=40), nullable=True),
    sa.Column('opinion_text', sa.LargeBinary(), nullable=True),
    sa.Column('opinion_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opinion_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['supervision_case.id'], name=op.f('fk_inspection_case_id')),
    sa.ForeignKeyConstraint(['opinion_by'], ['account.id'], name=op.f('fk_inspection_opinion_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection')),
    sa.UniqueConstraint('case_id', name=op.f('uq_inspection_case_id'))
    )
    op.create_table(
        'evaluation_admission',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('evaluation_id', sa.Integer(), nullable=False),
        sa.Column('report_version', sa.Integer(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('by', sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_evaluation_admission_by_id')),
        sa.ForeignKeyConstraint(
            ['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_admission_evaluation_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_admission')),
    )
    op.create_table(
        'evaluation_recheck',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('evaluation_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_evaluation_recheck_by_id')),
        sa.ForeignKeyConstraint(
            ['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_recheck_evaluation_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_recheck')),
    )
    for table in ('evaluation_admission', 'evaluation_recheck'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f'ix_{table}_evaluation_id'), ['evaluation_id'], unique=False)


def downgrade() -> None:
    op.drop_table('evaluation_recheck')
    op.drop_table('evaluation_admission')
    op.drop_table('inspection')
