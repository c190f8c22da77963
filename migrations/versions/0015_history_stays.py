"""The course of cases and complaints, decisions beside an evaluation and periods of non-adoption stay as they were."""

from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

APPEND_ONLY = ('supervision_case_note', 'complaint_step', 'evaluation_admission', 'evaluation_recheck')
SAYING = 'what was written down stays as it was'
PERIOD = 'agency_id, first_day, last_day, document, basis, entered_at, entered_by'  # annulled it may be, and no more


def upgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for table in APPEND_ONLY:
            _refuse_on_sqlite(f'{table}_no_update', 'UPDATE', table)
            _refuse_on_sqlite(f'{table}_no_delete', 'DELETE', table)
        _refuse_on_sqlite('non_adoption_no_update', f'UPDATE OF {PERIOD}', 'non_adoption')
        _refuse_on_sqlite('non_adoption_no_delete', 'DELETE', 'non_adoption')
        return
    for table in (*APPEND_ONLY, 'non_adoption'):
        op.execute(
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{SAYING}'; END $$"
        )
        changes = f'UPDATE OF {PERIOD}' if table == 'non_adoption' else 'UPDATE'
        op.execute(
            f'CREATE TRIGGER {table}_append_only BEFORE {changes} OR DELETE ON {table} '
            f'FOR EACH ROW EXECUTE FUNCTION {table}_refuse()'
        )
        op.execute(
            f'CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} '
            f'FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()'
        )


def _refuse_on_sqlite(name: str, when: str, table: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} BEGIN SELECT RAISE(ABORT, '{SAYING}'); END")


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == 'sqlite'
    for table in (*APPEND_ONLY, 'non_adoption'):
        if on_sqlite:
            op.execute(f'DROP TRIGGER {table}_no_update')
            op.execute(f'DROP TRIGGER {table}_no_delete')
        else:
            op.execute(f'DROP FUNCTION {table}_refuse() CASCADE')
