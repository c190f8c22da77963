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


def downgrade() -> None:
    op.drop_table('inspection')
