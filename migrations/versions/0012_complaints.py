"""Complaints from the public."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('complaint_guard',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('window', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', 'window', name=op.f('pk_complaint_guard'))
    )
    op.create_index('ix_complaint_guard_window', 'complaint_guard', ['window'])

    op.create_table('complaint_mail_code',
    sa.Column('form', sa.String(length=64), nullable=False),
    sa.Column('address_key', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('form', name=op.f('pk_complaint_mail_code'))
    )
    op.create_index('ix_complaint_mail_code_sent_at', 'complaint_mail_code', ['sent_at'])

    op.create_table('complaint_riddle',
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('form', sa.String(length=64), nullable=False),
    sa.Column('answer', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('passed', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_complaint_riddle'))
    )
    op.create_index('ix_complaint_riddle_form', 'complaint_riddle', ['form'])
    op.create_index('ix_complaint_riddle_made_at', 'complaint_riddle', ['made_at'])

    op.create_table('complaint_upload',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('name', sa.LargeBinary(), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_upload'))
    )
    op.create_index('ix_complaint_upload_form', 'complaint_upload', ['form'])
    op.create_index('ix_complaint_upload_kept_at', 'complaint_upload', ['kept_at'])
    op.create_index('ix_complaint_upload_digest', 'complaint_upload', ['digest'])

    op.create_table('complaint',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('secret', sa.String(length=64), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('target', sa.String(length=40), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('applicant_id', sa.Integer(), nullable=True),
    sa.Column('target_name', sa.LargeBinary(), nullable=False),
    sa.Column('matters', sa.JSON(), nullable=False),
    sa.Column('facts', sa.LargeBinary(), nullable=False),
    sa.Column('happened', sa.LargeBinary(), nullable=False),
    sa.Column('bureau', sa.String(length=20), nullable=True),
    sa.Column('handler_id', sa.Integer(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('in_time', sa.Boolean(), nullable=True),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('joined_to_id', sa.Integer(), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('concluded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('extended_days', sa.Integer(), nullable=False),
    sa.Column('extension_asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('extension_reason', sa.LargeBinary(), nullable=True),
    sa.Column('refusal', sa.String(length=40), nullable=True),
    sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reply', sa.LargeBinary(), nullable=True),
    sa.Column('reply_way', sa.String(length=40), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('review_asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('review_reason', sa.LargeBinary(), nullable=True),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('review_reply', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_complaint_agency_id')),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicant.id'], name=op.f('fk_complaint_applicant_id')),
    sa.ForeignKeyConstraint(['case_id'], ['supervision_case.id'], name=op.f('fk_complaint_case_id')),
    sa.ForeignKeyConstraint(['handler_id'], ['account.id'], name=op.f('fk_complaint_handler_id')),
    sa.ForeignKeyConstraint(['joined_to_id'], ['complaint.id'], name=op.f('fk_complaint_joined_to_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint')),
    sa.UniqueConstraint('case_id', name=op.f('uq_complaint_case_id')),
    sa.UniqueConstraint('number', name=op.f('uq_complaint_number')),
    sa.UniqueConstraint('token', name=op.f('uq_complaint_token'))
    )

    with op.batch_alter_table('complaint', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_applicant_id'), ['applicant_id'], unique=False)
        batch_op.create_index('ix_complaint_bureau', ['bureau', 'id'], unique=False)
        batch_op.create_index('ix_complaint_due', ['due_on', 'id'], unique=False)
        batch_op.create_index('ix_complaint_handler', ['handler_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_joined_to_id'), ['joined_to_id'], unique=False)
        batch_op.create_index('ix_complaint_list', ['state', 'id'], unique=False)

    op.create_table('complaint_assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('complaint_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('assigned_by', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_complaint_assignment_account_id')),
    sa.ForeignKeyConstraint(['assigned_by'], ['account.id'], name=op.f('fk_complaint_assignment_assigned_by')),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_assignment_complaint_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_assignment'))
    )

    with op.batch_alter_table('complaint_assignment', schema=None) as batch_op:
        batch_op.create_index('ix_complaint_assignment_account', ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_assignment_complaint_id'), ['complaint_id'], unique=False)

    op.create_table('complaint_call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('complaint_id', sa.Integer(), nullable=False),
    sa.Column('result', sa.String(length=40), nullable=False),
    sa.Column('note', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_complaint_call_by_id')),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_call_complaint_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_call'))
    )

    with op.batch_alter_table('complaint_call', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_call_complaint_id'), ['complaint_id'], unique=False)

    op.create_table('complaint_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('complaint_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_file_complaint_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_complaint_file_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_file'))
    )

    with op.batch_alter_table('complaint_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_file_complaint_id'), ['complaint_id'], unique=False)

    op.create_table('complaint_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('complaint_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('for_evidence', sa.Boolean(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('due', sa.Date(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.LargeBinary(), nullable=True),
    sa.Column('lapsed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_complaint_question_asked_by')),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_question_complaint_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_question'))
    )

    with op.batch_alter_table('complaint_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_question_complaint_id'), ['complaint_id'], unique=False)

    op.create_table('complaint_reporter',
    sa.Column('complaint_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('name', sa.LargeBinary(), nullable=False),
    sa.Column('contact', sa.LargeBinary(), nullable=False),
    sa.Column('phone', sa.LargeBinary(), nullable=False),
    sa.Column('email', sa.LargeBinary(), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=False),
    sa.Column('relation', sa.LargeBinary(), nullable=False),
    sa.Column('phone_key', sa.String(length=64), nullable=True),
    sa.Column('email_key', sa.String(length=64), nullable=True),
    sa.Column('email_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('consented_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_reporter_complaint_id')),
    sa.PrimaryKeyConstraint('complaint_id', name=op.f('pk_complaint_reporter'))
    )

    with op.batch_alter_table('complaint_reporter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_reporter_email_key'), ['email_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_reporter_phone_key'), ['phone_key'], unique=False)

    op.create_table('complaint_visit',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('complaint_id', sa.Integer(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_visit_complaint_id')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_complaint_visit'))
    )
    op.create_index('ix_complaint_visit_complaint_id', 'complaint_visit', ['complaint_id'])
    op.create_index('ix_complaint_visit_begun_at', 'complaint_visit', ['begun_at'])

    op.create_table('complaint_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('complaint_id', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('is_shown', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_complaint_step_by_id')),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_step_complaint_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_step'))
    )

    with op.batch_alter_table('complaint_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_step_complaint_id'), ['complaint_id'], unique=False)

    op.create_table('recusal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('applicant_id', sa.Integer(), nullable=True),
    sa.Column('complaint_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.LargeBinary(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recusal_account_id')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_recusal_agency_id')),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicant.id'], name=op.f('fk_recusal_applicant_id')),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_recusal_complaint_id')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_recusal_entered_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recusal'))
    )

    with op.batch_alter_table('recusal', schema=None) as batch_op:
        batch_op.create_index('ix_recusal_account', ['account_id'], unique=False)

    op.create_table('complaint_pause',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('complaint_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_pause_complaint_id')),
    sa.ForeignKeyConstraint(['question_id'], ['complaint_question.id'], name=op.f('fk_complaint_pause_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_pause')),
    sa.UniqueConstraint('question_id', name=op.f('uq_complaint_pause_question_id'))
    )

    with op.batch_alter_table('complaint_pause', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_pause_complaint_id'), ['complaint_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('complaint_pause', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_pause_complaint_id'))

    op.drop_table('complaint_pause')

    with op.batch_alter_table('recusal', schema=None) as batch_op:
        batch_op.drop_index('ix_recusal_account')

    op.drop_table('recusal')

    op.drop_table('complaint_visit')

    with op.batch_alter_table('complaint_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_step_complaint_id'))

    op.drop_table('complaint_step')

    with op.batch_alter_table('complaint_reporter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_reporter_phone_key'))
        batch_op.drop_index(batch_op.f('ix_complaint_reporter_email_key'))

    op.drop_table('complaint_reporter')

    with op.batch_alter_table('complaint_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_question_complaint_id'))

    op.drop_table('complaint_question')

    with op.batch_alter_table('complaint_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_file_complaint_id'))

    op.drop_table('complaint_file')

    with op.batch_alter_table('complaint_call', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_call_complaint_id'))

    op.drop_table('complaint_call')

    with op.batch_alter_table('complaint_assignment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_assignment_complaint_id'))
        batch_op.drop_index('ix_complaint_assignment_account')

    op.drop_table('complaint_assignment')

    with op.batch_alter_table('complaint', schema=None) as batch_op:
        batch_op.drop_index('ix_complaint_list')
        batch_op.drop_index(batch_op.f('ix_complaint_joined_to_id'))
        batch_op.drop_index('ix_complaint_handler')
        batch_op.drop_index('ix_complaint_due')
        batch_op.drop_index('ix_complaint_bureau')
        batch_op.drop_index(batch_op.f('ix_complaint_applicant_id'))
        batch_op.drop_index(batch_op.f('ix_complaint_agency_id'))

    op.drop_table('complaint')

    op.drop_table('complaint_riddle')

    op.drop_table('complaint_mail_code')

    op.drop_table('complaint_guard')

    op.drop_table('complaint_upload')
