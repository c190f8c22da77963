"""The audit log and what was handed in can be added to, and nothing else: in the database itself."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_entry", "submission", "filing_step")
SAYING = {
    "audit_entry": "the audit log is append-only",
    "submission": "what was handed in is kept as it was",
    "filing_step": "what was handed in is kept as it was",
}


def upgrade() -> None:
    op.execute(f"INSERT INTO audit_head (id, count, mac) VALUES (1, 0, '{'0' * 64}')")
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{SAYING[table]}'); END"
                )
        return
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SAYING[table]}'; END $$"
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
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        if on_sqlite:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(f"DROP TRIGGER {table}_no_delete")
        else:
            op.execute(f"DROP FUNCTION {table}_refuse() CASCADE")
    op.execute("DELETE FROM audit_head")
