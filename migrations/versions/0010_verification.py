"""Cases are verified and concluded; what is written about them is sealed."""

import sqlalchemy as sa
from alembic import op

from core.sealed import keyring

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

Rows = list[tuple[int, tuple[bytes | str | None, ...]]]
NOTE = ('text', 'case_id', 'at', 'by_id', 'by')


def _read(table: str, columns: tuple[str, ...]) -> Rows:
    of = sa.table(table, sa.column('id'), *(sa.column(name) for name in columns))
    return [(row[0], tuple(row[1:])) for row in op.get_bind().execute(sa.select(of))]


def _write(table: str, columns: tuple[str, ...], rows: Rows) -> None:
    of = sa.table(table, sa.column('id'), *(sa.column(name) for name in columns))
    for row_id, values in rows:
        op.execute(sa.update(of).where(of.c.id == row_id).values(dict(zip(columns, values, strict=True))))


def _put_aside(table: str, columns: tuple[str, ...]) -> Rows:
    """While rows point to a table, SQLite doesn't let it be made anew."""
    rows = _read(table, columns)
    op.execute(sa.delete(sa.table(table)))
    return rows


def _put_back(table: str, columns: tuple[str, ...], rows: Rows) -> None:
    of = sa.table(table, sa.column('id'), *(sa.column(name) for name in columns))
    for row_id, values in rows:
        op.execute(sa.insert(of).values(id=row_id, **dict(zip(columns, values, strict=True))))


def _sealed(rows: Rows) -> Rows:
    """Under the application's own keys, as core.sealed.SealedText does."""
    return [(n, tuple(v if v is None else keyring().encrypt(v.encode(), purpose='fields') for v in vs)) for n, vs in rows]


def _opened(rows: Rows) -> Rows:
    return [(n, tuple(v if v is None else keyring().decrypt(bytes(v), purpose='fields').decode() for v in vs)) for n, vs in rows]



def upgrade() -> None:
    op.create_table('inspection_draw',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('matter', sa.LargeBinary(), nullable=False),
    sa.Column('method', sa.String(length=40), nullable=False),
    sa.Column('filters', sa.String(length=200), nullable=False),
    sa.Column('pool', sa.JSON(), nullable=False),
    sa.Column('wanted', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('fixed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fixed_by', sa.Integer(), nullable=False),
    sa.Column('seed', sa.String(length=64), nullable=True),
    sa.Column('drawn', sa.JSON(), nullable=True),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('drawn_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('(seed IS NULL) = (drawn_at IS NULL)', name=op.f('ck_inspection_draw_drawn')),
    sa.ForeignKeyConstraint(['drawn_by'], ['account.id'], name=op.f('fk_inspection_draw_drawn_by')),
    sa.ForeignKeyConstraint(['fixed_by'], ['account.id'], name=op.f('fk_inspection_draw_fixed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection_draw')),
    sa.UniqueConstraint('number', name=op.f('uq_inspection_draw_number')),
    sa.UniqueConstraint('token', name=op.f('uq_inspection_draw_token'))
    )
    op.create_index('ix_inspection_draw_fixed', 'inspection_draw', ['fixed_at'])

    op.create_table('case_conclusion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('misconduct', sa.String(length=40), nullable=False),
    sa.Column('result', sa.String(length=40), nullable=False),
    sa.Column('clause', sa.String(length=20), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('applicant_id', sa.Integer(), nullable=True),
    sa.Column('evaluation_ids', sa.JSON(), nullable=False),
    sa.Column('facts', sa.LargeBinary(), nullable=False),
    sa.Column('evidence', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_case_conclusion_agency_id')),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicant.id'], name=op.f('fk_case_conclusion_applicant_id')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_case_conclusion_by_id')),
    sa.ForeignKeyConstraint(['case_id'], ['supervision_case.id'], name=op.f('fk_case_conclusion_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_conclusion'))
    )

    with op.batch_alter_table('case_conclusion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_conclusion_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_conclusion_applicant_id'), ['applicant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_conclusion_case_id'), ['case_id'], unique=False)

    op.create_table('case_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.LargeBinary(), nullable=False),
    sa.Column('from_complaint', sa.Boolean(), nullable=False),
    sa.Column('copy_file_id', sa.Integer(), nullable=True),
    sa.Column('cleared_file_id', sa.Integer(), nullable=True),
    sa.Column('cleared_pages', sa.JSON(), nullable=True),
    sa.Column('cleared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cleared_by', sa.Integer(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['added_by'], ['account.id'], name=op.f('fk_case_file_added_by')),
    sa.ForeignKeyConstraint(['case_id'], ['supervision_case.id'], name=op.f('fk_case_file_case_id')),
    sa.ForeignKeyConstraint(['cleared_by'], ['account.id'], name=op.f('fk_case_file_cleared_by')),
    sa.ForeignKeyConstraint(['copy_file_id'], ['stored_file.id'], name=op.f('fk_case_file_copy_file_id')),
    sa.ForeignKeyConstraint(['cleared_file_id'], ['stored_file.id'], name=op.f('fk_case_file_cleared_file_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_case_file_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_file'))
    )

    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_file_case_id'), ['case_id'], unique=False)

    op.create_table('case_inquiry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('applicant_id', sa.Integer(), nullable=True),
    sa.Column('evaluation_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('due', sa.Date(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_by', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answer', sa.LargeBinary(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_case_inquiry_agency_id')),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_case_inquiry_answered_by')),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicant.id'], name=op.f('fk_case_inquiry_applicant_id')),
    sa.ForeignKeyConstraint(['case_id'], ['supervision_case.id'], name=op.f('fk_case_inquiry_case_id')),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_case_inquiry_evaluation_id')),
    sa.ForeignKeyConstraint(['sent_by'], ['account.id'], name=op.f('fk_case_inquiry_sent_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_inquiry')),
    sa.UniqueConstraint('number', name=op.f('uq_case_inquiry_number'))
    )

    with op.batch_alter_table('case_inquiry', schema=None) as batch_op:
        batch_op.create_index('ix_case_inquiry_agency', ['agency_id', 'id'], unique=False)
        batch_op.create_index('ix_case_inquiry_applicant', ['applicant_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_inquiry_case_id'), ['case_id'], unique=False)

    op.create_table('rectification',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('applicant_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('demand', sa.LargeBinary(), nullable=False),
    sa.Column('due', sa.Date(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('proof', sa.LargeBinary(), nullable=True),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_by', sa.Integer(), nullable=True),
    sa.Column('finding', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_rectification_agency_id')),
    sa.ForeignKeyConstraint(['applicant_id'], ['applicant.id'], name=op.f('fk_rectification_applicant_id')),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_rectification_asked_by')),
    sa.ForeignKeyConstraint(['case_id'], ['supervision_case.id'], name=op.f('fk_rectification_case_id')),
    sa.ForeignKeyConstraint(['checked_by'], ['account.id'], name=op.f('fk_rectification_checked_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rectification')),
    sa.UniqueConstraint('number', name=op.f('uq_rectification_number'))
    )

    with op.batch_alter_table('rectification', schema=None) as batch_op:
        batch_op.create_index('ix_rectification_agency', ['agency_id', 'id'], unique=False)
        batch_op.create_index('ix_rectification_applicant', ['applicant_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rectification_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_rectification_due', ['state', 'due'], unique=False)

    op.create_table('supervision_case_officer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('assigned_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_supervision_case_officer_account_id')),
    sa.ForeignKeyConstraint(['assigned_by'], ['account.id'], name=op.f('fk_supervision_case_officer_assigned_by')),
    sa.ForeignKeyConstraint(['case_id'], ['supervision_case.id'], name=op.f('fk_supervision_case_officer_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_case_officer'))
    )

    with op.batch_alter_table('supervision_case_officer', schema=None) as batch_op:
        batch_op.create_index('ix_supervision_case_officer_account', ['account_id'], unique=False)
        batch_op.create_index('uq_supervision_case_officer', ['case_id', 'account_id'], unique=True, sqlite_where=sa.text('until IS NULL'), postgresql_where=sa.text('until IS NULL'))

    op.create_table('case_outside_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inquiry_id', sa.Integer(), nullable=True),
    sa.Column('rectification_id', sa.Integer(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_case_outside_file_file_id')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['case_inquiry.id'], name=op.f('fk_case_outside_file_inquiry_id')),
    sa.ForeignKeyConstraint(['rectification_id'], ['rectification.id'], name=op.f('fk_case_outside_file_rectification_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_outside_file'))
    )

    with op.batch_alter_table('case_outside_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_outside_file_inquiry_id'), ['inquiry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_outside_file_rectification_id'), ['rectification_id'], unique=False)

    notes = _put_aside('supervision_case_note', NOTE)
    kept = _read('supervision_case', ('facts', 'outcome_reason'))
    with op.batch_alter_table('supervision_case', schema=None) as batch_op:
        batch_op.drop_column('facts')
        batch_op.drop_column('outcome_reason')
    with op.batch_alter_table('supervision_case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('applicant_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('bureau', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('draw_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('pending', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('concluded_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('concluded_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('result', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('facts', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('outcome_reason', sa.LargeBinary(), nullable=True))
        batch_op.create_index(batch_op.f('ix_supervision_case_applicant_id'), ['applicant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supervision_case_draw_id'), ['draw_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_supervision_case_concluded_by'), 'account', ['concluded_by'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_supervision_case_applicant_id'), 'applicant', ['applicant_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_supervision_case_draw_id'), 'inspection_draw', ['draw_id'], ['id'])
    _write('supervision_case', ('facts', 'outcome_reason'), _sealed(kept))
    with op.batch_alter_table('supervision_case', schema=None) as batch_op:
        batch_op.alter_column('facts', nullable=False, existing_type=sa.LargeBinary())

    with op.batch_alter_table('supervision_case_note', schema=None) as batch_op:
        batch_op.drop_column('text')
    with op.batch_alter_table('supervision_case_note', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('text', sa.LargeBinary(), nullable=True))
    with op.batch_alter_table('supervision_case_note', schema=None) as batch_op:
        batch_op.alter_column('kind', nullable=False, existing_type=sa.String(length=40))
        batch_op.alter_column('text', nullable=False, existing_type=sa.LargeBinary())
    texts = _sealed([(n, values[:1]) for n, values in notes])
    _put_back(
        'supervision_case_note',
        ('kind', *NOTE),
        [(n, ('note', *text, *values[1:])) for (n, values), (_, text) in zip(notes, texts, strict=True)],
    )


def downgrade() -> None:
    notes = _put_aside('supervision_case_note', NOTE)
    with op.batch_alter_table('supervision_case_note', schema=None) as batch_op:
        batch_op.drop_column('text')
        batch_op.drop_column('kind')
    with op.batch_alter_table('supervision_case_note', schema=None) as batch_op:
        batch_op.add_column(sa.Column('text', sa.Text(), nullable=True))
    with op.batch_alter_table('supervision_case_note', schema=None) as batch_op:
        batch_op.alter_column('text', nullable=False, existing_type=sa.Text())

    with op.batch_alter_table('case_outside_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_outside_file_rectification_id'))
        batch_op.drop_index(batch_op.f('ix_case_outside_file_inquiry_id'))

    op.drop_table('case_outside_file')

    with op.batch_alter_table('supervision_case_officer', schema=None) as batch_op:
        batch_op.drop_index('uq_supervision_case_officer', sqlite_where=sa.text('until IS NULL'), postgresql_where=sa.text('until IS NULL'))
        batch_op.drop_index('ix_supervision_case_officer_account')

    op.drop_table('supervision_case_officer')

    with op.batch_alter_table('rectification', schema=None) as batch_op:
        batch_op.drop_index('ix_rectification_due')
        batch_op.drop_index(batch_op.f('ix_rectification_case_id'))
        batch_op.drop_index('ix_rectification_applicant')
        batch_op.drop_index('ix_rectification_agency')

    op.drop_table('rectification')

    with op.batch_alter_table('case_inquiry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_inquiry_case_id'))
        batch_op.drop_index('ix_case_inquiry_applicant')
        batch_op.drop_index('ix_case_inquiry_agency')

    op.drop_table('case_inquiry')

    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_file_case_id'))

    op.drop_table('case_file')

    with op.batch_alter_table('case_conclusion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_conclusion_case_id'))
        batch_op.drop_index(batch_op.f('ix_case_conclusion_applicant_id'))
        batch_op.drop_index(batch_op.f('ix_case_conclusion_agency_id'))

    op.drop_table('case_conclusion')

    kept = _read('supervision_case', ('facts', 'outcome_reason'))
    with op.batch_alter_table('supervision_case', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_supervision_case_draw_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_supervision_case_applicant_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_supervision_case_concluded_by'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_supervision_case_draw_id'))
        batch_op.drop_index(batch_op.f('ix_supervision_case_applicant_id'))
        for column in ('facts', 'outcome_reason', 'result', 'concluded_by', 'concluded_at', 'pending', 'draw_id', 'bureau', 'applicant_id'):
            batch_op.drop_column(column)
    with op.batch_alter_table('supervision_case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('facts', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('outcome_reason', sa.Text(), nullable=True))
    _write('supervision_case', ('facts', 'outcome_reason'), _opened(kept))
    with op.batch_alter_table('supervision_case', schema=None) as batch_op:
        batch_op.alter_column('facts', nullable=False, existing_type=sa.Text())

    op.drop_table('inspection_draw')
    texts = _opened([(n, values[:1]) for n, values in notes])
    _put_back(
        'supervision_case_note',
        NOTE,
        [(n, (*text, *values[1:])) for (n, values), (_, text) in zip(notes, texts, strict=True)],
    )
