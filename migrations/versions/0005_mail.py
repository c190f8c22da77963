"""Mail: the outbox, the addresses of accounts and the codes that confirm them."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('account', sa.Column('email', sa.LargeBinary(), nullable=True))
    op.add_column('account', sa.Column('email_confirmed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('account', sa.Column('mail_off', sa.Boolean(), server_default=sa.false(), nullable=False))
    # what was posted before there was mail is not mailed
    op.add_column('notice', sa.Column('unmailed', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        'ix_notice_unmailed', 'notice', ['id'], unique=False,
        sqlite_where=sa.text('unmailed'), postgresql_where=sa.text('unmailed'),
    )
    op.create_table('mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=True),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('reader', sa.String(length=80), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.LargeBinary(), nullable=True),
    sa.Column('masked', sa.String(length=120), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=True),
    sa.Column('message_id', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_mail_notice_id')),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], name=op.f('fk_mail_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail')),
    sa.UniqueConstraint('message_id', name=op.f('uq_mail_message_id')),
    sa.UniqueConstraint('notice_id', 'reader', name=op.f('uq_mail_notice_id_reader')),
    sa.UniqueConstraint('reader', 'day', name=op.f('uq_mail_reader_day'))
    )
    op.create_index('ix_mail_due', 'mail', ['state', 'due_at', 'id'], unique=False)
    op.create_index('ix_mail_user_id', 'mail', ['user_id'], unique=False)
    op.create_table('mail_server',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reached_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_server'))
    )
    op.create_table('address_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=True),
    sa.Column('address_key', sa.String(length=64), nullable=False),
    sa.Column('code_key', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('ended', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], name=op.f('fk_address_code_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_address_code'))
    )
    op.create_index('ix_address_code_address', 'address_code', ['address_key', 'made_at'], unique=False)
    op.create_index('ix_address_code_user', 'address_code', ['user_id', 'made_at'], unique=False)


def downgrade() -> None:
    op.drop_table('address_code')
    op.drop_table('mail_server')
    op.drop_table('mail')
    op.drop_index('ix_notice_unmailed', 'notice')
    op.drop_column('notice', 'unmailed')
    for column in ('mail_off', 'email_confirmed_at', 'email'):
        op.drop_column('account', column)
