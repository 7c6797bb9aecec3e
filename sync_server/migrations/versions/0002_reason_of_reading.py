"""reason of reading"""

from alembic import op
import sqlalchemy as sa


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('access_log', sa.Column('reason', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('access_log', 'reason')
