"""The year, the summaries handed in for it, and how each went on."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

APPEND_ONLY = ("summary_version", "summary_step", "summary_supplement")
SAYING = "what was handed in is kept as it was"


def upgrade() -> None:
    op.create_table('summary',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('duty', sa.String(length=40), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('number', sa.String(length=40), nullable=True),
    sa.Column('first_handed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('days_late', sa.Integer(), nullable=False),
    sa.Column('marked_late_on', sa.Date(), nullable=True),
    sa.Column('nil', sa.Boolean(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('problems', sa.Text(), nullable=False),
    sa.Column('suggestions', sa.Text(), nullable=False),
    sa.Column('plan', sa.Text(), nullable=False),
    sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('return_reason', sa.Text(), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_by', sa.Integer(), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.CheckConstraint('days_late >= 0', name=op.f('ck_summary_days_late')),
    sa.ForeignKeyConstraint(['accepted_by'], ['account.id'], name=op.f('fk_summary_accepted_by')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_summary_agency_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_summary')),
    sa.UniqueConstraint('number', name=op.f('uq_summary_number')),
    sa.UniqueConstraint('year', 'agency_id', name=op.f('uq_summary_year_agency_id'))
    )
    op.create_index('ix_summary_agency', 'summary', ['agency_id', 'year'], unique=False)
    op.create_index('ix_summary_due', 'summary', ['year', 'duty', 'due_on', 'id'], unique=False)
    op.create_index('ix_summary_state', 'summary', ['year', 'state', 'id'], unique=False)

    op.create_table('summary_year',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('set_by', sa.Integer(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['set_by'], ['account.id'], name=op.f('fk_summary_year_set_by')),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_summary_year'))
    )
    op.create_table('summary_attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('summary_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['added_by'], ['account.id'], name=op.f('fk_summary_attachment_added_by')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_summary_attachment_file_id')),
    sa.ForeignKeyConstraint(['summary_id'], ['summary.id'], name=op.f('fk_summary_attachment_summary_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_summary_attachment'))
    )
    op.create_index('ix_summary_attachment_summary_id', 'summary_attachment', ['summary_id'], unique=False)

    op.create_table('summary_figure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('summary_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('known', sa.Integer(), nullable=True),
    sa.Column('stated', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint('stated >= 0', name=op.f('ck_summary_figure_stated')),
    sa.ForeignKeyConstraint(['summary_id'], ['summary.id'], name=op.f('fk_summary_figure_summary_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_summary_figure')),
    sa.UniqueConstraint('summary_id', 'key', name=op.f('uq_summary_figure_summary_id_key'))
    )
    op.create_table('summary_reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('summary_id', sa.Integer(), nullable=False),
    sa.Column('occasion', sa.String(length=40), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('sent', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_summary_reminder_by_id')),
    sa.ForeignKeyConstraint(['summary_id'], ['summary.id'], name=op.f('fk_summary_reminder_summary_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_summary_reminder')),
    sa.UniqueConstraint('summary_id', 'occasion', name=op.f('uq_summary_reminder_summary_id_occasion'))
    )
    op.create_table('summary_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('summary_id', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('before', sa.String(length=40), nullable=False),
    sa.Column('after', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_summary_step_by_id')),
    sa.ForeignKeyConstraint(['summary_id'], ['summary.id'], name=op.f('fk_summary_step_summary_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_summary_step'))
    )
    op.create_index('ix_summary_step_summary_id', 'summary_step', ['summary_id'], unique=False)

    op.create_table('summary_supplement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('summary_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('known', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_summary_supplement_by_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_summary_supplement_file_id')),
    sa.ForeignKeyConstraint(['summary_id'], ['summary.id'], name=op.f('fk_summary_supplement_summary_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_summary_supplement')),
    sa.UniqueConstraint('summary_id', 'number', name=op.f('uq_summary_supplement_summary_id_number'))
    )
    op.create_table('summary_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('summary_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_summary_version_by_id')),
    sa.ForeignKeyConstraint(['summary_id'], ['summary.id'], name=op.f('fk_summary_version_summary_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_summary_version')),
    sa.UniqueConstraint('summary_id', 'number', name=op.f('uq_summary_version_summary_id_number'))
    )
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
    op.drop_table('summary_version')
    op.drop_table('summary_supplement')
    op.drop_index('ix_summary_step_summary_id', 'summary_step')

    op.drop_table('summary_step')
    op.drop_table('summary_reminder')
    op.drop_table('summary_figure')
    op.drop_index('ix_summary_attachment_summary_id', 'summary_attachment')

    op.drop_table('summary_attachment')
    op.drop_table('summary_year')
    op.drop_index('ix_summary_state', 'summary')
    op.drop_index('ix_summary_due', 'summary')
    op.drop_index('ix_summary_agency', 'summary')

    op.drop_table('summary')
