"""first tables"""

from alembic import op
import sqlalchemy as sa


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('access_log',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.Column('writer', sa.String(), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('access_log', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_log_at_ms'), ['at_ms'], unique=False)

    op.create_table('chain',
    sa.Column('writer', sa.String(), nullable=False),
    sa.Column('branch', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('from_seq', sa.BigInteger(), nullable=False),
    sa.Column('head_seq', sa.BigInteger(), nullable=False),
    sa.Column('head_link', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('writer', 'branch')
    )
    op.create_table('enrolment',
    sa.Column('writer', sa.String(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('salt_key', sa.LargeBinary(), nullable=False),
    sa.Column('first_period', sa.BigInteger(), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('device_name', sa.String(), nullable=False),
    sa.Column('platform', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('check_number', sa.String(), nullable=False),
    sa.Column('asked_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('writer')
    )
    op.create_table('entry',
    sa.Column('writer', sa.String(), nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('branch', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('arrived', sa.BigInteger(), nullable=False),
    sa.Column('received_ms', sa.BigInteger(), nullable=False),
    sa.Column('leaf', sa.LargeBinary(), nullable=False),
    sa.Column('link', sa.LargeBinary(), nullable=False),
    sa.Column('salt', sa.LargeBinary(), nullable=True),
    sa.Column('raw', sa.LargeBinary(), nullable=True),
    sa.Column('fact', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('let_in', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('writer', 'seq', 'branch'),
    sa.UniqueConstraint('arrived'),
    sa.UniqueConstraint('let_in')
    )
    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entry_subject'), ['subject'], unique=False)

    op.create_table('granted',
    sa.Column('serial', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('stream', sa.String(), nullable=False),
    sa.Column('writer', sa.String(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('granted_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('serial')
    )
    with op.batch_alter_table('granted', schema=None) as batch_op:
        batch_op.create_index('granted_by_entry', ['writer', 'seq', 'stream', 'serial'], unique=False)
        batch_op.create_index('granted_by_stream', ['stream', 'serial'], unique=False)

    op.create_table('join_token',
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('expires_ms', sa.BigInteger(), nullable=False),
    sa.Column('used_by', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('token_hash')
    )
    op.create_table('person',
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('home_unit', sa.String(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('person')
    )
    op.create_table('photo',
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('writer', sa.String(), nullable=False),
    sa.Column('received_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('sha256')
    )
    op.create_table('photo_name',
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('writer', sa.String(), nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('sha256', 'writer', 'seq')
    )
    op.create_table('receipt',
    sa.Column('writer', sa.String(), nullable=False),
    sa.Column('to_seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('message', sa.String(), nullable=False),
    sa.Column('signature', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('writer', 'to_seq')
    )
    op.create_table('role',
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('in_unit', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False),
    sa.Column('until_ms', sa.BigInteger(), nullable=True),
    sa.Column('changes', sa.BigInteger(), nullable=False),
    sa.Column('changed_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('person', 'in_unit', 'role')
    )
    op.create_table('station_state',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('epoch', sa.String(), nullable=False),
    sa.Column('arrivals', sa.BigInteger(), nullable=False),
    sa.Column('serial', sa.BigInteger(), nullable=False),
    sa.Column('stamp_ms', sa.BigInteger(), nullable=False),
    sa.Column('stamp_n', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('subject',
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('began', sa.String(), nullable=False),
    sa.Column('owner_unit', sa.String(), nullable=False),
    sa.Column('author_person', sa.String(), nullable=False),
    sa.Column('own_units', sa.JSON(), nullable=False),
    sa.Column('patrol', sa.String(), nullable=True),
    sa.Column('of', sa.String(), nullable=True),
    sa.Column('leader_person', sa.String(), nullable=True),
    sa.Column('on_patrol', sa.JSON(), nullable=False),
    sa.Column('kind', sa.String(), nullable=True),
    sa.Column('restricted', sa.Boolean(), nullable=False),
    sa.Column('addressed', sa.JSON(), nullable=False),
    sa.Column('review', sa.String(), nullable=True),
    sa.Column('reviewed_by', sa.String(), nullable=True),
    sa.Column('locked', sa.Boolean(), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('subject')
    )
    with op.batch_alter_table('subject', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_subject_of'), ['of'], unique=False)
        batch_op.create_index(batch_op.f('ix_subject_patrol'), ['patrol'], unique=False)

    op.create_table('token',
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('writer', sa.String(), nullable=False),
    sa.Column('expires_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('token_hash')
    )
    with op.batch_alter_table('token', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_token_expires_ms'), ['expires_ms'], unique=False)
        batch_op.create_index(batch_op.f('ix_token_writer'), ['writer'], unique=False)

    op.create_table('unit',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('parent', sa.String(), nullable=True),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('code')
    )
    op.create_table('upload',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('writer', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('held_bytes', sa.BigInteger(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('expires_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_upload_writer'), ['writer'], unique=False)

    op.create_table('writer',
    sa.Column('writer', sa.String(), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('revoked', sa.Boolean(), nullable=False),
    sa.Column('frozen', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('writer')
    )
    with op.batch_alter_table('writer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_writer_person'), ['person'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('writer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_writer_person'))

    op.drop_table('writer')
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_upload_writer'))

    op.drop_table('upload')
    op.drop_table('unit')
    with op.batch_alter_table('token', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_token_writer'))
        batch_op.drop_index(batch_op.f('ix_token_expires_ms'))

    op.drop_table('token')
    with op.batch_alter_table('subject', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_subject_patrol'))
        batch_op.drop_index(batch_op.f('ix_subject_of'))

    op.drop_table('subject')
    op.drop_table('station_state')
    op.drop_table('role')
    op.drop_table('receipt')
    op.drop_table('photo_name')
    op.drop_table('photo')
    op.drop_table('person')
    op.drop_table('join_token')
    with op.batch_alter_table('granted', schema=None) as batch_op:
        batch_op.drop_index('granted_by_stream')
        batch_op.drop_index('granted_by_entry')

    op.drop_table('granted')
    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_entry_subject'))

    op.drop_table('entry')
    op.drop_table('enrolment')
    op.drop_table('chain')
    with op.batch_alter_table('access_log', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_access_log_at_ms'))

    op.drop_table('access_log')
