"""readers, webhooks and features for other programs"""

from alembic import op
import sqlalchemy as sa


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('delivery',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('webhook', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('queued_ms', sa.BigInteger(), nullable=False),
    sa.Column('due_ms', sa.BigInteger(), nullable=False),
    sa.Column('tries', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('trouble', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index('delivery_by_due', ['state', 'due_ms'], unique=False)
        batch_op.create_index(batch_op.f('ix_delivery_webhook'), ['webhook'], unique=False)

    op.create_table('feature',
    sa.Column('layer', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('from_ms', sa.BigInteger(), nullable=True),
    sa.Column('until_ms', sa.BigInteger(), nullable=True),
    sa.Column('west_e7', sa.BigInteger(), nullable=True),
    sa.Column('south_e7', sa.BigInteger(), nullable=True),
    sa.Column('east_e7', sa.BigInteger(), nullable=True),
    sa.Column('north_e7', sa.BigInteger(), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('layer', 'id'),
    sa.UniqueConstraint('subject')
    )
    with op.batch_alter_table('feature', schema=None) as batch_op:
        batch_op.create_index('feature_by_time', ['layer', 'from_ms'], unique=False)

    op.create_table('features_reach',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('let_in', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('reader',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('made_ms', sa.BigInteger(), nullable=False),
    sa.Column('expires_ms', sa.BigInteger(), nullable=False),
    sa.Column('ended_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('name'),
    sa.UniqueConstraint('token_hash')
    )
    op.create_table('webhook',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('made_ms', sa.BigInteger(), nullable=False),
    sa.Column('ended_ms', sa.BigInteger(), nullable=True),
    sa.Column('told_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('name')
    )


def downgrade() -> None:
    op.drop_table('webhook')
    op.drop_table('reader')
    op.drop_table('features_reach')
    with op.batch_alter_table('feature', schema=None) as batch_op:
        batch_op.drop_index('feature_by_time')

    op.drop_table('feature')
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_delivery_webhook'))
        batch_op.drop_index('delivery_by_due')

    op.drop_table('delivery')
