"""What a station tells of its access log, to who may inspect: who asked for what, and whose devices have a record."""

from journal.wire import Message


class Look(Message):
    """One line of the access log. ``subject`` is the record that was looked at, where it was one."""

    id: int
    at_ms: int
    person: str
    what: str
    about: str
    count: int
    result: str
    reason: str | None = None
    subject: str | None = None


class Copy(Message):
    """A person whose device has fetched a record, the first time at ``at_ms``."""

    person: str
    at_ms: int


class Looked(Message):
    """The newest first; ask again before the last ``id`` while there are ``more``. ``copies`` only of a record."""

    looks: tuple[Look, ...] = ()
    more: bool = False
    copies: tuple[Copy, ...] = ()
