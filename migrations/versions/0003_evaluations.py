"""Applicants, evaluations, the places of the cap, published lists, cases; one table of numbers for all series."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

APPEND_ONLY = ("evaluation_step", "evaluation_adoption")
SAYING = "what was done with an evaluation is append-only"


def upgrade() -> None:
    op.create_table('applicant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('credit_code', sa.String(length=18), nullable=True),
    sa.Column('body_name', sa.String(length=120), nullable=False),
    sa.Column('body_code', sa.String(length=18), nullable=True),
    sa.Column('is_factory', sa.Boolean(), nullable=False),
    sa.Column('is_park', sa.Boolean(), nullable=False),
    sa.Column('is_supply_chain', sa.Boolean(), nullable=False),
    sa.Column('region', sa.String(length=20), nullable=False),
    sa.Column('bureau', sa.String(length=20), nullable=False),
    sa.Column('county', sa.String(length=60), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('industry_code', sa.String(length=5), nullable=False),
    sa.Column('industry', sa.String(length=80), nullable=False),
    sa.Column('representative', sa.String(length=60), nullable=False),
    sa.Column('representative_identity', sa.String(length=64), nullable=True),
    sa.Column('representative_masked', sa.String(length=40), nullable=False),
    sa.Column('contact_name', sa.String(length=60), nullable=False),
    sa.Column('contact_phone', sa.LargeBinary(), nullable=True),
    sa.Column('contact_email', sa.String(length=120), nullable=False),
    sa.Column('listed', sa.String(length=40), nullable=False),
    sa.Column('is_green_factory', sa.Boolean(), nullable=True),
    sa.Column('industrial_share', sa.Integer(), nullable=True),
    sa.Column('park_id', sa.Integer(), nullable=True),
    sa.Column('origin', sa.String(length=40), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('sort_key', sa.String(length=500), nullable=False),
    sa.CheckConstraint('industrial_share BETWEEN 0 AND 1000', name=op.f('ck_applicant_share')),
    sa.ForeignKeyConstraint(['park_id'], ['applicant.id'], name=op.f('fk_applicant_park_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applicant')),
    sa.UniqueConstraint('credit_code', name=op.f('uq_applicant_credit_code'))
    )
    with op.batch_alter_table('applicant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applicant_body_code'), ['body_code'], unique=False)
        batch_op.create_index('ix_applicant_bureau_name', ['bureau', 'sort_key', 'id'], unique=False)
        batch_op.create_index('ix_applicant_name', ['sort_key', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applicant_park_id'), ['park_id'], unique=False)

    op.create_table('evaluation_tally',
    sa.Column('agency_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('level', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('bureau', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('agency_id', 'year', 'level', 'kind', 'bureau', 'state', name=op.f('pk_evaluation_tally'))
    )
    op.create_table('number_sequence',
    sa.Column('series', sa.String(length=20), nullable=False),
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('series', 'year', name=op.f('pk_number_sequence'))
    )
    op.create_table('applicant_former_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('applicant_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicant.id'], name=op.f('fk_applicant_former_name_applicant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applicant_former_name'))
    )
    with op.batch_alter_table('applicant_former_name', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applicant_former_name_applicant_id'), ['applicant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applicant_former_name_name'), ['name'], unique=False)

    op.create_table('applicant_gram',
    sa.Column('gram', sa.String(length=2), nullable=False),
    sa.Column('applicant_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicant.id'], name=op.f('fk_applicant_gram_applicant_id')),
    sa.PrimaryKeyConstraint('gram', 'applicant_id', name=op.f('pk_applicant_gram'))
    )
    with op.batch_alter_table('applicant_gram', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applicant_gram_applicant_id'), ['applicant_id'], unique=False)

    op.create_table('applicant_sheet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('bureau', sa.String(length=20), nullable=False),
    sa.Column('brought_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('brought_by', sa.Integer(), nullable=False),
    sa.Column('added', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['brought_by'], ['account.id'], name=op.f('fk_applicant_sheet_brought_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applicant_sheet'))
    )
    with op.batch_alter_table('applicant_sheet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applicant_sheet_brought_by'), ['brought_by'], unique=False)

    op.create_table('evaluation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('applicant_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('level', sa.String(length=40), nullable=False),
    sa.Column('mode', sa.String(length=40), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('bureau', sa.String(length=20), nullable=False),
    sa.Column('begun_on', sa.Date(), nullable=False),
    sa.Column('raised_on', sa.Date(), nullable=True),
    sa.Column('standard', sa.String(length=40), nullable=False),
    sa.Column('other_standard', sa.String(length=120), nullable=False),
    sa.Column('planned_from', sa.Date(), nullable=True),
    sa.Column('planned_until', sa.Date(), nullable=True),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('unfiled', sa.Boolean(), nullable=False),
    sa.Column('entered_late', sa.Boolean(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.Column('handed_over_on', sa.Date(), nullable=True),
    sa.Column('withdrawn_from', sa.String(length=40), nullable=True),
    sa.Column('release', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicant.id'], name=op.f('fk_evaluation_applicant_id')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_evaluation_entered_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation')),
    sa.UniqueConstraint('number', name=op.f('uq_evaluation_number'))
    )
    with op.batch_alter_table('evaluation', schema=None) as batch_op:
        batch_op.create_index('ix_evaluation_applicant', ['applicant_id', 'year', 'id'], unique=False)
        batch_op.create_index('ix_evaluation_bureau', ['bureau', 'year', 'id'], unique=False)
        batch_op.create_index('ix_evaluation_entered_late', ['year', 'id'], unique=False, sqlite_where=sa.text('entered_late = 1'), postgresql_where=sa.text('entered_late'))
        batch_op.create_index('ix_evaluation_list', ['year', 'id'], unique=False)
        batch_op.create_index('ix_evaluation_state', ['state', 'year', 'id'], unique=False)
        batch_op.create_index('ix_evaluation_handed_over', ['handed_over_on', 'id'], unique=False, sqlite_where=sa.text("state = 'handed_over'"), postgresql_where=sa.text("state = 'handed_over'"))
        batch_op.create_index('ix_evaluation_release_asked', ['id'], unique=False, sqlite_where=sa.text("release = 'asked'"), postgresql_where=sa.text("release = 'asked'"))
        batch_op.create_index('ix_evaluation_unfiled', ['year', 'id'], unique=False, sqlite_where=sa.text('unfiled = 1'), postgresql_where=sa.text('unfiled'))

    op.create_table('exclusion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('applicant_id', sa.Integer(), nullable=False),
    sa.Column('ground', sa.String(length=40), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('lifted_on', sa.Date(), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.Column('annulled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('annulled_by', sa.Integer(), nullable=True),
    sa.Column('annulled_reason', sa.Text(), nullable=True),
    sa.CheckConstraint('lifted_on IS NULL OR lifted_on >= "on"', name=op.f('ck_exclusion_order')),
    sa.ForeignKeyConstraint(['annulled_by'], ['account.id'], name=op.f('fk_exclusion_annulled_by')),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicant.id'], name=op.f('fk_exclusion_applicant_id')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_exclusion_entered_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exclusion'))
    )
    with op.batch_alter_table('exclusion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exclusion_applicant_id'), ['applicant_id'], unique=False)

    op.create_table('level_setting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=40), nullable=False),
    sa.Column('takes_third_party', sa.Boolean(), nullable=False),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_level_setting_entered_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_level_setting')),
    sa.UniqueConstraint('year', 'level', name=op.f('uq_level_setting_year_level'))
    )
    op.create_table('list_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('new_rows', sa.Integer(), nullable=False),
    sa.Column('brought_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('brought_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['brought_by'], ['account.id'], name=op.f('fk_list_import_brought_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_list_import'))
    )
    op.create_table('non_adoption',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('document', sa.String(length=80), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=False),
    sa.Column('annulled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('annulled_by', sa.Integer(), nullable=True),
    sa.Column('annulled_reason', sa.Text(), nullable=True),
    sa.CheckConstraint('last_day >= first_day', name=op.f('ck_non_adoption_order')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_non_adoption_agency_id')),
    sa.ForeignKeyConstraint(['annulled_by'], ['account.id'], name=op.f('fk_non_adoption_annulled_by')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_non_adoption_entered_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_non_adoption'))
    )
    with op.batch_alter_table('non_adoption', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_non_adoption_agency_id'), ['agency_id'], unique=False)

    op.create_table('evaluation_adoption',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=40), nullable=False),
    sa.Column('adopted', sa.Boolean(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('in_spite_of', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_evaluation_adoption_by_id')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_adoption_evaluation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_adoption'))
    )
    with op.batch_alter_table('evaluation_adoption', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_adoption_evaluation_id'), ['evaluation_id'], unique=False)

    op.create_table('evaluation_advice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_evaluation_advice_entered_by')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_advice_evaluation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_advice'))
    )
    with op.batch_alter_table('evaluation_advice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_advice_evaluation_id'), ['evaluation_id'], unique=False)

    op.create_table('evaluation_agreement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('amount_fen >= 0', name=op.f('ck_evaluation_agreement_amount')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_evaluation_agreement_entered_by')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_agreement_evaluation_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_evaluation_agreement_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_agreement')),
    sa.UniqueConstraint('evaluation_id', 'number', name=op.f('uq_evaluation_agreement_evaluation_id_number'))
    )
    op.create_table('evaluation_confirmation',
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_evaluation_confirmation_by_id')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_confirmation_evaluation_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_evaluation_confirmation_file_id')),
    sa.PrimaryKeyConstraint('evaluation_id', name=op.f('pk_evaluation_confirmation'))
    )
    op.create_table('evaluation_hold',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by', sa.Integer(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=40), nullable=True),
    sa.Column('outcome_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['closed_by'], ['account.id'], name=op.f('fk_evaluation_hold_closed_by')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_hold_evaluation_id')),
    sa.ForeignKeyConstraint(['opened_by'], ['account.id'], name=op.f('fk_evaluation_hold_opened_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_hold'))
    )
    with op.batch_alter_table('evaluation_hold', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_hold_evaluation_id'), ['evaluation_id'], unique=False)
        batch_op.create_index('uq_evaluation_hold_open', ['evaluation_id', 'kind'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))

    op.create_table('evaluation_party',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('leads', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_evaluation_party_agency_id')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_party_evaluation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_party')),
    sa.UniqueConstraint('evaluation_id', 'agency_id', name=op.f('uq_evaluation_party_evaluation_id_agency_id'))
    )
    with op.batch_alter_table('evaluation_party', schema=None) as batch_op:
        batch_op.create_index('ix_evaluation_party_agency', ['agency_id', 'evaluation_id'], unique=False)

    op.create_table('evaluation_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('conclusion', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('score BETWEEN 0 AND 1000', name=op.f('ck_evaluation_report_score')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_evaluation_report_entered_by')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_report_evaluation_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_evaluation_report_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_report')),
    sa.UniqueConstraint('evaluation_id', 'version', name=op.f('uq_evaluation_report_evaluation_id_version'))
    )
    with op.batch_alter_table('evaluation_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_report_number'), ['number'], unique=False)

    op.create_table('evaluation_report_number',
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_evaluation_report_number_agency_id')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_report_number_evaluation_id')),
    sa.PrimaryKeyConstraint('agency_id', 'number', name=op.f('pk_evaluation_report_number'))
    )
    with op.batch_alter_table('evaluation_report_number', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_report_number_evaluation_id'), ['evaluation_id'], unique=False)

    op.create_table('evaluation_review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('opinions', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_evaluation_review_entered_by')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_review_evaluation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_evaluation_review_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_review'))
    )
    with op.batch_alter_table('evaluation_review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_review_evaluation_id'), ['evaluation_id'], unique=False)

    op.create_table('evaluation_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('before', sa.String(length=40), nullable=True),
    sa.Column('after', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_evaluation_step_by_id')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_step_evaluation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_step'))
    )
    with op.batch_alter_table('evaluation_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_step_evaluation_id'), ['evaluation_id'], unique=False)

    op.create_table('evaluation_team_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('leads', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_evaluation_team_member_agency_id')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_team_member_evaluation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_evaluation_team_member_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_team_member')),
    sa.UniqueConstraint('evaluation_id', 'person_id', name=op.f('uq_evaluation_team_member_evaluation_id_person_id'))
    )
    with op.batch_alter_table('evaluation_team_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_team_member_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_evaluation_team_member_leads', ['evaluation_id'], unique=True, sqlite_where=sa.text('leads'), postgresql_where=sa.text('leads'))

    op.create_table('evaluation_visit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('attendees', sa.Text(), nullable=False),
    sa.Column('record', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_evaluation_visit_entered_by')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_visit_evaluation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_visit'))
    )
    with op.batch_alter_table('evaluation_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_visit_evaluation_id'), ['evaluation_id'], unique=False)

    op.create_table('list_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('applicant_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('level', sa.String(length=40), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('batch', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('published', sa.Date(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('region', sa.String(length=20), nullable=False),
    sa.Column('industry', sa.String(length=80), nullable=False),
    sa.Column('credit_code', sa.String(length=40), nullable=True),
    sa.Column('agency', sa.String(length=120), nullable=True),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('removed_on', sa.Date(), nullable=True),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicant.id'], name=op.f('fk_list_entry_applicant_id')),
    sa.ForeignKeyConstraint(['import_id'], ['list_import.id'], name=op.f('fk_list_entry_import_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_list_entry')),
    sa.UniqueConstraint('level', 'kind', 'batch', 'position', name=op.f('uq_list_entry_level_kind_batch_position'))
    )
    with op.batch_alter_table('list_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_list_entry_agency'), ['agency'], unique=False)
        batch_op.create_index(batch_op.f('ix_list_entry_applicant_id'), ['applicant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_list_entry_import_id'), ['import_id'], unique=False)
        batch_op.create_index('ix_list_entry_order', ['year', 'batch', 'id'], unique=False)

    op.create_table('place',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('counted_on', sa.Date(), nullable=False),
    sa.CheckConstraint('(person_id IS NULL) <> (agency_id IS NULL)', name=op.f('ck_place_holder')),
    sa.CheckConstraint('number BETWEEN 1 AND 15', name=op.f('ck_place_number')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_place_agency_id')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_place_evaluation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_place_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_place')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_place_agency_id_year_number')),
    sa.UniqueConstraint('evaluation_id', 'agency_id', name=op.f('uq_place_evaluation_id_agency_id')),
    sa.UniqueConstraint('evaluation_id', 'person_id', name=op.f('uq_place_evaluation_id_person_id')),
    sa.UniqueConstraint('person_id', 'year', 'number', name=op.f('uq_place_person_id_year_number'))
    )
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.create_index('ix_place_over_cap', ['evaluation_id'], unique=False, sqlite_where=sa.text('number IS NULL'), postgresql_where=sa.text('number IS NULL'))
        batch_op.create_index('ix_place_year_person', ['year', 'person_id'], unique=False)

    op.create_table('supervision_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('evaluation_id', sa.Integer(), nullable=True),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by', sa.Integer(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=40), nullable=True),
    sa.Column('outcome_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_supervision_case_agency_id')),
    sa.ForeignKeyConstraint(['closed_by'], ['account.id'], name=op.f('fk_supervision_case_closed_by')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_supervision_case_evaluation_id')),
    sa.ForeignKeyConstraint(['opened_by'], ['account.id'], name=op.f('fk_supervision_case_opened_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_case')),
    sa.UniqueConstraint('number', name=op.f('uq_supervision_case_number'))
    )
    with op.batch_alter_table('supervision_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supervision_case_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supervision_case_evaluation_id'), ['evaluation_id'], unique=False)
        batch_op.create_index('ix_supervision_case_list', ['state', 'id'], unique=False)

    op.create_table('supervision_case_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_supervision_case_note_by_id')),
    sa.ForeignKeyConstraint(['case_id'], ['supervision_case.id'], name=op.f('fk_supervision_case_note_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_case_note'))
    )
    with op.batch_alter_table('supervision_case_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supervision_case_note_case_id'), ['case_id'], unique=False)

    op.execute("INSERT INTO number_sequence (series, year, last) SELECT 'filing', year, last FROM filing_number_sequence")
    op.drop_table('filing_number_sequence')
    _add_applicant_to_account()
    _refuse_changes()


def _add_applicant_to_account() -> None:
    """In place: SQLite would otherwise make the table anew, which the rows that point to it forbid."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE account ADD COLUMN applicant_id INTEGER REFERENCES applicant (id)")
    else:
        op.add_column('account', sa.Column('applicant_id', sa.Integer(), nullable=True))
        op.create_foreign_key('fk_account_applicant_id', 'account', 'applicant', ['applicant_id'], ['id'])
    op.create_index('ix_account_applicant_id', 'account', ['applicant_id'], unique=False)


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{SAYING}'); END"
                )
        return
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SAYING}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_refuse() CASCADE")
    op.drop_index('ix_account_applicant_id', 'account')
    op.drop_column('account', 'applicant_id')
    op.create_table('filing_number_sequence',
    sa.Column('year', sa.INTEGER(), nullable=False),
    sa.Column('last', sa.INTEGER(), nullable=False),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_filing_number_sequence'))
    )
    op.execute("INSERT INTO filing_number_sequence (year, last) SELECT year, last FROM number_sequence WHERE series = 'filing'")
    with op.batch_alter_table('supervision_case_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supervision_case_note_case_id'))

    op.drop_table('supervision_case_note')
    with op.batch_alter_table('supervision_case', schema=None) as batch_op:
        batch_op.drop_index('ix_supervision_case_list')
        batch_op.drop_index(batch_op.f('ix_supervision_case_evaluation_id'))
        batch_op.drop_index(batch_op.f('ix_supervision_case_agency_id'))

    op.drop_table('supervision_case')
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.drop_index('ix_place_year_person')
        batch_op.drop_index('ix_place_over_cap', sqlite_where=sa.text('number IS NULL'), postgresql_where=sa.text('number IS NULL'))

    op.drop_table('place')
    with op.batch_alter_table('list_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_list_entry_order')
        batch_op.drop_index(batch_op.f('ix_list_entry_import_id'))
        batch_op.drop_index(batch_op.f('ix_list_entry_applicant_id'))
        batch_op.drop_index(batch_op.f('ix_list_entry_agency'))

    op.drop_table('list_entry')
    with op.batch_alter_table('evaluation_visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_visit_evaluation_id'))

    op.drop_table('evaluation_visit')
    with op.batch_alter_table('evaluation_team_member', schema=None) as batch_op:
        batch_op.drop_index('uq_evaluation_team_member_leads', sqlite_where=sa.text('leads'), postgresql_where=sa.text('leads'))
        batch_op.drop_index(batch_op.f('ix_evaluation_team_member_person_id'))

    op.drop_table('evaluation_team_member')
    with op.batch_alter_table('evaluation_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_step_evaluation_id'))

    op.drop_table('evaluation_step')
    with op.batch_alter_table('evaluation_review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_review_evaluation_id'))

    op.drop_table('evaluation_review')
    with op.batch_alter_table('evaluation_report_number', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_report_number_evaluation_id'))

    op.drop_table('evaluation_report_number')
    with op.batch_alter_table('evaluation_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_report_number'))

    op.drop_table('evaluation_report')
    with op.batch_alter_table('evaluation_party', schema=None) as batch_op:
        batch_op.drop_index('ix_evaluation_party_agency')

    op.drop_table('evaluation_party')
    with op.batch_alter_table('evaluation_hold', schema=None) as batch_op:
        batch_op.drop_index('uq_evaluation_hold_open', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_evaluation_hold_evaluation_id'))

    op.drop_table('evaluation_hold')
    op.drop_table('evaluation_confirmation')
    op.drop_table('evaluation_agreement')
    with op.batch_alter_table('evaluation_advice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_advice_evaluation_id'))

    op.drop_table('evaluation_advice')
    with op.batch_alter_table('evaluation_adoption', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_adoption_evaluation_id'))

    op.drop_table('evaluation_adoption')
    with op.batch_alter_table('non_adoption', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_non_adoption_agency_id'))

    op.drop_table('non_adoption')
    op.drop_table('list_import')
    op.drop_table('level_setting')
    with op.batch_alter_table('exclusion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exclusion_applicant_id'))

    op.drop_table('exclusion')
    with op.batch_alter_table('evaluation', schema=None) as batch_op:
        batch_op.drop_index('ix_evaluation_unfiled', sqlite_where=sa.text('unfiled = 1'), postgresql_where=sa.text('unfiled'))
        batch_op.drop_index('ix_evaluation_release_asked', sqlite_where=sa.text("release = 'asked'"), postgresql_where=sa.text("release = 'asked'"))
        batch_op.drop_index('ix_evaluation_handed_over', sqlite_where=sa.text("state = 'handed_over'"), postgresql_where=sa.text("state = 'handed_over'"))
        batch_op.drop_index('ix_evaluation_state')
        batch_op.drop_index('ix_evaluation_list')
        batch_op.drop_index('ix_evaluation_entered_late', sqlite_where=sa.text('entered_late = 1'), postgresql_where=sa.text('entered_late'))
        batch_op.drop_index('ix_evaluation_bureau')
        batch_op.drop_index('ix_evaluation_applicant')

    op.drop_table('evaluation')
    with op.batch_alter_table('applicant_sheet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_applicant_sheet_brought_by'))

    op.drop_table('applicant_sheet')
    with op.batch_alter_table('applicant_gram', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_applicant_gram_applicant_id'))

    op.drop_table('applicant_gram')
    with op.batch_alter_table('applicant_former_name', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_applicant_former_name_name'))
        batch_op.drop_index(batch_op.f('ix_applicant_former_name_applicant_id'))

    op.drop_table('applicant_former_name')
    op.drop_table('number_sequence')
    op.drop_table('evaluation_tally')
    with op.batch_alter_table('applicant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_applicant_park_id'))
        batch_op.drop_index('ix_applicant_name')
        batch_op.drop_index('ix_applicant_bureau_name')
        batch_op.drop_index(batch_op.f('ix_applicant_body_code'))

    op.drop_table('applicant')
