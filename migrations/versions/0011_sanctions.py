"""Proceedings of adverse decisions, service, and the impact map."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('impact_task',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('non_adoption_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('applicant_id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=True),
    sa.Column('list_entry_id', sa.Integer(), nullable=True),
    sa.Column('bureau', sa.String(length=20), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.Integer(), nullable=True),
    sa.Column('result', sa.String(length=40), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('void_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(evaluation_id IS NULL) <> (list_entry_id IS NULL)', name=op.f('ck_impact_task_one')),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicant.id'], name=op.f('fk_impact_task_applicant_id')),
    sa.ForeignKeyConstraint(['done_by'], ['account.id'], name=op.f('fk_impact_task_done_by')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_impact_task_evaluation_id')),
    sa.ForeignKeyConstraint(['list_entry_id'], ['list_entry.id'], name=op.f('fk_impact_task_list_entry_id')),
    sa.ForeignKeyConstraint(['non_adoption_id'], ['non_adoption.id'], name=op.f('fk_impact_task_non_adoption_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_impact_task')),
    sa.UniqueConstraint('non_adoption_id', 'evaluation_id', name=op.f('uq_impact_task_non_adoption_id_evaluation_id')),
    sa.UniqueConstraint('non_adoption_id', 'list_entry_id', name=op.f('uq_impact_task_non_adoption_id_list_entry_id'))
    )

    with op.batch_alter_table('impact_task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_impact_task_applicant_id'), ['applicant_id'], unique=False)
        batch_op.create_index('ix_impact_task_open', ['done_at', 'id'], unique=False)

    op.create_table('proceeding',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('measure', sa.String(length=40), nullable=False),
    sa.Column('intended', sa.String(length=40), nullable=False),
    sa.Column('ground', sa.String(length=40), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('applicant_id', sa.Integer(), nullable=True),
    sa.Column('list_entry_id', sa.Integer(), nullable=True),
    sa.Column('clause', sa.String(length=20), nullable=False),
    sa.Column('facts', sa.LargeBinary(), nullable=False),
    sa.Column('evidence', sa.LargeBinary(), nullable=False),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('evaluation_ids', sa.JSON(), nullable=False),
    sa.Column('legal_review', sa.LargeBinary(), nullable=False),
    sa.Column('legal_reviewed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('legal_reviewed_by', sa.Integer(), nullable=True),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposed_by', sa.Integer(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('statement_due', sa.Date(), nullable=True),
    sa.Column('extended_reason', sa.LargeBinary(), nullable=True),
    sa.Column('statement', sa.LargeBinary(), nullable=True),
    sa.Column('stated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stated_by', sa.Integer(), nullable=True),
    sa.Column('on_paper', sa.Boolean(), nullable=False),
    sa.Column('waived', sa.Boolean(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('reasons', sa.LargeBinary(), nullable=True),
    sa.Column('document', sa.String(length=80), nullable=True),
    sa.Column('dated', sa.Date(), nullable=True),
    sa.Column('first_day', sa.Date(), nullable=True),
    sa.Column('non_adoption_id', sa.Integer(), nullable=True),
    sa.Column('served_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_text', sa.Text(), nullable=True),
    sa.Column('removed_on', sa.Date(), nullable=True),
    sa.Column('removal_document', sa.String(length=80), nullable=True),
    sa.Column('annulled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('annulled_by', sa.Integer(), nullable=True),
    sa.Column('annulled_document', sa.String(length=80), nullable=True),
    sa.Column('annulled_reason', sa.Text(), nullable=True),
    sa.CheckConstraint('(agency_id IS NULL) <> (applicant_id IS NULL)', name=op.f('ck_proceeding_party')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_proceeding_agency_id')),
    sa.ForeignKeyConstraint(['annulled_by'], ['account.id'], name=op.f('fk_proceeding_annulled_by')),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicant.id'], name=op.f('fk_proceeding_applicant_id')),
    sa.ForeignKeyConstraint(['case_id'], ['supervision_case.id'], name=op.f('fk_proceeding_case_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_proceeding_decided_by')),
    sa.ForeignKeyConstraint(
        ['legal_reviewed_by'], ['account.id'], name=op.f('fk_proceeding_legal_reviewed_by')
    ),
    sa.ForeignKeyConstraint(['list_entry_id'], ['list_entry.id'], name=op.f('fk_proceeding_list_entry_id')),
    sa.ForeignKeyConstraint(['stated_by'], ['account.id'], name=op.f('fk_proceeding_stated_by')),
    sa.ForeignKeyConstraint(['non_adoption_id'], ['non_adoption.id'], name=op.f('fk_proceeding_non_adoption_id')),
    sa.ForeignKeyConstraint(['proposed_by'], ['account.id'], name=op.f('fk_proceeding_proposed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proceeding')),
    sa.UniqueConstraint('document', name=op.f('uq_proceeding_document')),
    sa.UniqueConstraint('non_adoption_id', name=op.f('uq_proceeding_non_adoption_id')),
    sa.UniqueConstraint('number', name=op.f('uq_proceeding_number'))
    )

    with op.batch_alter_table('proceeding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proceeding_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_proceeding_applicant_id'), ['applicant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_proceeding_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_proceeding_list', ['state', 'id'], unique=False)

    op.create_table('proceeding_point',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proceeding_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('answer', sa.LargeBinary(), nullable=True),
    sa.Column('accepted', sa.Boolean(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_proceeding_point_answered_by')),
    sa.ForeignKeyConstraint(['proceeding_id'], ['proceeding.id'], name=op.f('fk_proceeding_point_proceeding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proceeding_point'))
    )

    with op.batch_alter_table('proceeding_point', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proceeding_point_proceeding_id'), ['proceeding_id'], unique=False)

    op.create_table('proceeding_service',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proceeding_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('served_on', sa.Date(), nullable=True),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_by', sa.Integer(), nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['opened_by'], ['account.id'], name=op.f('fk_proceeding_service_opened_by')),
    sa.ForeignKeyConstraint(['proceeding_id'], ['proceeding.id'], name=op.f('fk_proceeding_service_proceeding_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['account.id'], name=op.f('fk_proceeding_service_recorded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proceeding_service'))
    )

    with op.batch_alter_table('proceeding_service', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proceeding_service_proceeding_id'), ['proceeding_id'], unique=False)

    op.create_table('statement_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proceeding_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_statement_file_file_id')),
    sa.ForeignKeyConstraint(['proceeding_id'], ['proceeding.id'], name=op.f('fk_statement_file_proceeding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_file'))
    )

    with op.batch_alter_table('statement_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_statement_file_proceeding_id'), ['proceeding_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('statement_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_statement_file_proceeding_id'))

    op.drop_table('statement_file')

    with op.batch_alter_table('proceeding_service', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proceeding_service_proceeding_id'))

    op.drop_table('proceeding_service')

    with op.batch_alter_table('proceeding_point', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proceeding_point_proceeding_id'))

    op.drop_table('proceeding_point')

    with op.batch_alter_table('proceeding', schema=None) as batch_op:
        batch_op.drop_index('ix_proceeding_list')
        batch_op.drop_index(batch_op.f('ix_proceeding_case_id'))
        batch_op.drop_index(batch_op.f('ix_proceeding_applicant_id'))
        batch_op.drop_index(batch_op.f('ix_proceeding_agency_id'))

    op.drop_table('proceeding')

    with op.batch_alter_table('impact_task', schema=None) as batch_op:
        batch_op.drop_index('ix_impact_task_open')
        batch_op.drop_index(batch_op.f('ix_impact_task_applicant_id'))

    op.drop_table('impact_task')
