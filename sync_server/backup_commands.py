"""The station's copies on the command line: made while the server runs, and put up where there is no station."""

import asyncio
import sqlite3
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from sync_server.backup import back_up
from sync_server.command_setting import Setting
from sync_server.photo_storage import StorageFailed
from sync_server.restore import CopyUnreadable, put_up, read_recovery_key

KEPT_ARCHIVES = 14


def backup_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("place", type=Path, help="a folder, best on a disk that is carried away")
    parser.add_argument(
        "--keep", type=_count, default=KEPT_ARCHIVES, help=f"how many archives stay in the place ({KEPT_ARCHIVES} if not given)"
    )


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError("a number from 1 on")
    return int(text)


def backup(setting: Setting, asked: Namespace) -> int:
    with setting.station() as running:
        try:
            done = asyncio.run(back_up(running, asked.place, keep=asked.keep))
        except (OSError, sqlite3.DatabaseError) as failed:
            setting.say(f"No copy was made: {failed}. What was whole in {asked.place} is whole.")
            return 1
    setting.say(f"{done.archive} holds the station; only the recovery key on paper opens it.")
    if not done.with_database:
        setting.say("The database is not in it: make a dump of it with PostgreSQL's own pg_dump, and guard that as you do this.")
    setting.say(
        f"{done.photos} photos lie beside it, {done.fresh_photos} of them new. {done.archives_gone} old archives were removed."
    )
    if done.unread:
        setting.say(f"{len(done.unread)} photos could not be read from the station's own storage:", *done.unread)
    return 1 if done.unread else 0


def restore_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="an archive that backup made; its photos lie beside it")
    parser.add_argument(
        "--database", default="", help="postgresql+psycopg://… that holds the dump, if the station uses PostgreSQL"
    )


def restore(setting: Setting, asked: Namespace) -> int:
    try:
        key = read_recovery_key(setting.ask("Recovery key, as on the paper: "))
        made = asyncio.run(
            put_up(
                asked.file, key, setting.folder,
                database_url=asked.database, now_ms=setting.now_ms, random_bytes=setting.random_bytes,
            )
        )  # fmt: skip
    except CopyUnreadable as unreadable:
        setting.say(f"{unreadable} Nothing was changed.")
        return 1
    except StorageFailed as failed:
        setting.say(f"No station was put up: the storage of photos took no more ({failed}). Is there room where it lies?")
        return 1
    except (OSError, DBAPIError) as failed:
        setting.say(f"No station was put up: {failed}")
        return 1
    setting.say(
        f"Station {made.station} is put up in {setting.folder}, with {made.photos} photos.",
        "Devices will offer it again what it lacks; its map packs are to be added again.",
        "Never run it beside the machine that it was copied from.",
    )
    if made.missing:
        setting.say(
            f"{len(made.missing)} photos are not whole in the copy; it takes them from devices that still have them:",
            *made.missing,
        )
    return 0
