"""partners"""

from alembic import op
import sqlalchemy as sa


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'partner',
        sa.Column('partner', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('public_key', sa.LargeBinary(), nullable=False),
        sa.Column('sealing_key', sa.LargeBinary(), nullable=False),
        sa.Column('above', sa.Boolean(), nullable=False),
        sa.Column('address', sa.String(), nullable=False),
        sa.Column('ca_pem', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('check_number', sa.String(), nullable=False),
        sa.Column('asked_ms', sa.BigInteger(), nullable=False),
        sa.Column('taken', sa.String(), nullable=False),
        sa.Column('epochs', sa.JSON(), nullable=False),
        sa.Column('given', sa.String(), nullable=False),
        sa.Column('given_ms', sa.BigInteger(), nullable=False),
        sa.Column('wanted', sa.JSON(), nullable=False),
        sa.Column('clashes', sa.JSON(), nullable=False),
        sa.Column('their_clashes', sa.JSON(), nullable=False),
        sa.Column('trouble', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('partner'),
    )
    op.add_column('chain', sa.Column('head_signature', sa.LargeBinary(), nullable=True))
    op.add_column('unit', sa.Column('via', sa.String(), nullable=True))
    op.add_column('writer', sa.Column('via', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('writer', 'via')
    op.drop_column('unit', 'via')
    op.drop_column('chain', 'head_signature')
    op.drop_table('partner')
