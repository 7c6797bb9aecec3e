"""The command line of what leaves: tokens of readers, and webhooks."""

from argparse import ArgumentParser, Namespace

from journal.catalogue import load_catalogue
from journal.open_formats.feature import PATROL, PLACE
from journal.open_formats.leaving import Scope, plain_kinds
from journal.open_formats.texts import utc
from sync_server.command_setting import Setting
from sync_server.for_others.features import keep_up_now
from sync_server.for_others.readers import MOST_DAYS, USUAL_DAYS, add_reader, end_reader, list_readers
from sync_server.for_others.webhooks import (
    Queue,
    Webhook,
    add_webhook,
    check_url,
    end_webhook,
    list_webhooks,
    revive,
    show_secret,
)
from sync_server.problems import Refused
from sync_server.running import Running


def reader_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("act", choices=("add", "list", "end"))
    parser.add_argument("name", nargs="?", default="", help="of the program, in small letters")
    parser.add_argument("--days", type=int, default=USUAL_DAYS, help=f"until the token ends, at most {MOST_DAYS}")
    _scope_arguments(parser)


def webhook_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("act", choices=("add", "list", "end", "secret", "retry"))
    parser.add_argument("name", nargs="?", default="", help="of the program, in small letters")
    parser.add_argument("--url", default="", help="https address, or of a host that the setting webhook_hosts names")
    _scope_arguments(parser)


def _scope_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--unit", action="append", default=[], help="whose records; give it again for more")
    parser.add_argument(
        "--kind", action="append", default=[], help=f"of the catalogue, {PATROL} or {PLACE}; all plain ones if none"
    )
    parser.add_argument("--coarse", action="store_true", help="places as the middle of their square kilometre, no tracks")
    parser.add_argument("--plates", action="store_true", help="number plates too")
    parser.add_argument("--texts", action="store_true", help="free words too, but never those of sensitive kinds")


def _scope(asked: Namespace) -> Scope:
    """Raises :class:`Refused` (``invalid``) without a unit, and for a kind that the catalogue does not have."""
    catalogue = load_catalogue()
    unknown = sorted(set(asked.kind) - set(catalogue.kinds) - {PATROL, PLACE})
    if unknown or not asked.unit:
        raise Refused("invalid", f"no such kind: {', '.join(unknown)}" if unknown else "at least one --unit")
    kinds = frozenset(asked.kind) or plain_kinds(catalogue)
    return Scope(units=frozenset(asked.unit), kinds=kinds, coarse=asked.coarse, plates=asked.plates, texts=asked.texts)


def reader(setting: Setting, asked: Namespace) -> int:
    """The token is printed once; the station keeps its hash."""
    with setting.station() as running:
        if asked.act == "add":
            with running.database.write() as connection:
                token = add_reader(
                    connection, asked.name, _scope(asked),
                    days=asked.days, now_ms=setting.now_ms(), random_bytes=setting.random_bytes,
                )  # fmt: skip
            setting.say(token)
            _fold(running, setting)
        elif asked.act == "end":
            with running.database.write() as connection:
                ended = end_reader(connection, asked.name, setting.now_ms())
            if not ended:
                setting.say("There is no such reader.")
                return 1
        else:
            with running.database.read() as connection:
                for one in list_readers(connection):
                    over = "ended" if one.is_over(setting.now_ms()) else "valid"
                    setting.say(f"{one.name}  {over}  until {utc(one.expires_ms)}  {_told(one.scope)}")
    return 0


def webhook(setting: Setting, asked: Namespace) -> int:
    """The secret follows from the station's key: it can be printed again."""
    with setting.station() as running:
        match asked.act:
            case "add":
                _add(running, setting, asked)
            case "secret":
                setting.say(show_secret(running.station, asked.name))
            case "end" | "retry":
                return _end_or_retry(running, setting, asked)
            case _:
                with running.database.read() as connection:
                    setting.say(*(_state(one) for one in list_webhooks(connection)))
    return 0


def _add(running: Running, setting: Setting, asked: Namespace) -> None:
    check_url(asked.url, running.settings.webhook_hosts)
    scope = _scope(asked)
    _fold(running, setting)
    with running.database.write() as connection:
        add_webhook(connection, asked.name, asked.url, scope, setting.now_ms())
    setting.say(show_secret(running.station, asked.name))


def _end_or_retry(running: Running, setting: Setting, asked: Namespace) -> int:
    with running.database.write() as connection:
        if asked.act == "end":
            done = end_webhook(connection, asked.name, setting.now_ms())
            setting.say("It is told nothing more." if done else "There is no such webhook.")
            return 0 if done else 1
        setting.say(f"{revive(connection, asked.name, setting.now_ms())} messages are tried again.")
    return 0


def _fold(running: Running, setting: Setting) -> None:
    """What is there already is folded now, so that the first reader need not wait and a new webhook is told of news only."""
    keep_up_now(running.database, Queue(setting.now_ms, setting.random_bytes))


def _state(one: Webhook) -> str:
    if one.ended_ms is not None:
        word = "ended"
    elif one.dead:
        word = f"dead: {one.dead} given up, {one.waiting} waiting"
    else:
        word = f"retrying: {one.waiting} waiting" if one.trouble else "well"
    told = f"last told {utc(one.told_ms)}" if one.told_ms is not None else "never told"
    return "  ".join([one.name, word, told, one.url, _told(one.scope), *([one.trouble] if one.trouble else [])])


def _told(scope: Scope) -> str:
    extras = [name for name in ("coarse", "plates", "texts") if getattr(scope, name)]
    return f"units {','.join(sorted(scope.units))}; kinds {','.join(sorted(scope.kinds))}" + "".join(f"; {one}" for one in extras)
