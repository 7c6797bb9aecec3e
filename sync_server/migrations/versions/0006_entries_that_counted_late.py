"""an index of entries that count since later than they came"""

from alembic import op
import sqlalchemy as sa


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    late = sa.text('let_in > arrived')
    op.create_index('entry_counted_late', 'entry', ['writer', 'seq'], unique=False, sqlite_where=late, postgresql_where=late)


def downgrade() -> None:
    op.drop_index('entry_counted_late', table_name='entry')
