"""Notices about one object are found by it: what a role was told is settled by what came after."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_notice_about", "notice", ["about_kind", "about_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_notice_about", table_name="notice")
