"""serials that are left out at each start"""

from alembic import op
import sqlalchemy as sa


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('skipped',
    sa.Column('after', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('after')
    )


def downgrade() -> None:
    op.drop_table('skipped')
