"""What a person at the station's machine can ask for on the command line."""

import asyncio
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from journal.wire import WireUnreadable
from sync_server.backup_commands import backup, backup_arguments, restore, restore_arguments
from sync_server.bundles import take_bundle
from sync_server.command_setting import Setting
from sync_server.commands_for_others import reader, reader_arguments, webhook, webhook_arguments
from sync_server.fold_again import fold_again
from sync_server.init import init_station
from sync_server.main import create_server
from sync_server.map_packs import MapPackFolder
from sync_server.memory import keep_what_stands
from sync_server.patience import PatientProtocol
from sync_server.photo_storage import is_place
from sync_server.prepared import write_all
from sync_server.problems import Refused
from sync_server.register_facts import RegisterRequest, check_facts
from sync_server.relay_commands import relay, relay_arguments
from sync_server.settings import Settings, is_address
from sync_server.station import RECOVERY_FILE, server_certificate

ANSWER_SUFFIX = ".answer"


@dataclass(frozen=True)
class Command:
    help: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Setting, Namespace], int]


def no_arguments(_parser: ArgumentParser) -> None:
    """For commands that take none."""


def init_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--name", required=True, help="name of the station")
    parser.add_argument("--address", default="http://127.0.0.1:8300", help="address for devices: https://, on loopback http://")
    parser.add_argument("--database", default="", help="postgresql+psycopg://… instead of a file in the folder")
    parser.add_argument("--announce", action="store_true", help="let devices find the station in its local networks")
    parser.add_argument("--photos", default="", help="s3://bucket/prefix instead of the folder")


def init(setting: Setting, asked: Namespace) -> int:
    settings = Settings(
        folder=setting.folder,
        name=asked.name,
        address=asked.address,
        database_url=asked.database,
        photos=asked.photos,
        announce=asked.announce,
    )
    if not is_address(settings.address):
        setting.say(f"{settings.address} is no address: https://HOST:PORT, or http://127.0.0.1:PORT for this machine alone.")
        return 2
    if not settings.is_loopback and not settings.address.startswith("https://"):
        setting.say("An address that is not loopback must begin with https://.")
        return 2
    if settings.is_loopback and settings.address.startswith("https://"):
        setting.say("A loopback address must begin with http://: it is for this machine alone, and not encrypted.")
        return 2
    if settings.photos and not is_place(settings.photos):
        setting.say(f"{settings.photos} is no place for photos: s3://BUCKET/PREFIX, or file:///FOLDER.")
        return 2
    station = init_station(settings, now_ms=setting.now_ms, random_bytes=setting.random_bytes)
    setting.say(
        f"Station {station.writer} is made in {setting.folder}.",
        f"Print {settings.keys_folder / RECOVERY_FILE} twice, lock the prints away and delete the file.",
    )
    return 0


def run(setting: Setting, _asked: Namespace) -> int:
    settings = Settings.load(setting.folder)
    server = create_server(settings, now_ms=setting.now_ms, random_bytes=setting.random_bytes)
    certificate, key = (None, None) if settings.is_loopback else server_certificate(settings, setting.now_ms())
    write_all(server.state.running.database.engine.dialect)
    keep_what_stands()
    uvicorn.run(
        server,
        host=settings.host if settings.is_loopback else "0.0.0.0",
        port=settings.port,
        http=PatientProtocol,
        ws="none",
        ssl_certfile=certificate,
        ssl_keyfile=key,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=3,
        limit_concurrency=1_000,
        proxy_headers=False,
        server_header=False,
        access_log=False,
    )
    return 0


def person_argument(parser: ArgumentParser) -> None:
    parser.add_argument("person", nargs="+", help="person:CODE as in the register")


def token(setting: Setting, asked: Namespace) -> int:
    with setting.station() as running:
        for person in asked.person:
            setting.say(running.enrolling.issue_code(person).as_text())
    return 0


def waiting(setting: Setting, _asked: Namespace) -> int:
    with setting.station() as running, running.database.read() as connection:
        for one in running.enrolling.waiting(connection):
            setting.say(f"{one.writer}  {one.check_number}  {one.person}  {one.device_name}")
    return 0


def writer_argument(parser: ArgumentParser) -> None:
    parser.add_argument("writer", nargs="+", help="id of a waiting device; compare its six digits first")


def confirm(setting: Setting, asked: Namespace) -> int:
    with setting.station() as running:
        for writer in asked.writer:
            reply = running.enrolling.confirm(writer, None)
            setting.say(f"{reply.writer} writes for {reply.person} from now on.")
    return 0


def refuse(setting: Setting, asked: Namespace) -> int:
    with setting.station() as running:
        for writer in asked.writer:
            running.enrolling.refuse(writer)
    return 0


def file_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, help='JSON: {"facts": [{"subject": "unit:CODE", "body": {"fact": "unit_registered", …}}, …]}'
    )


def register(setting: Setting, asked: Namespace) -> int:
    try:
        request = RegisterRequest.unpack(asked.file.read_bytes())
    except WireUnreadable as unreadable:
        setting.say(str(unreadable))
        return 2
    with setting.station() as running:
        with running.database.read() as connection:
            facts = check_facts(connection, request)
        running.acceptor.write_own([one.fact for one in facts])
    setting.say(f"{len(facts)} facts registered.")
    return 0


def fold(setting: Setting, _asked: Namespace) -> int:
    with setting.station() as running:
        counts = fold_again(running.database, running.station.writer)
    setting.say(json.dumps(counts))
    return 0


def map_pack_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("act", choices=("add", "list", "remove"))
    parser.add_argument("what", nargs="?", default="", help="the file to add, or the hash of the pack to remove")
    parser.add_argument("--name", default="", help="what people call the map; the file's name if not given")


def map_pack(setting: Setting, asked: Namespace) -> int:
    folder = MapPackFolder(Settings.load(setting.folder).map_packs_folder)
    if asked.act == "add":
        file = Path(asked.what)
        card = folder.add(file, asked.name or file.stem, setting.now_ms())
        setting.say(f"{card.sha256}  {card.name} is offered to devices.")
    elif asked.act == "remove" and not folder.remove(asked.what):
        setting.say("There is no such pack.")
        return 1
    elif asked.act == "list":
        setting.say(*(f"{card.sha256}  {card.size_bytes:>12}  {card.name}" for card in folder.offered()))
    return 0


def bundle_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("act", choices=("take",))
    parser.add_argument("file", type=Path, help="a bundle that somebody brought")


def bundle(setting: Setting, asked: Namespace) -> int:
    """The answer for the writer is left beside the bundle."""
    answer = asked.file.with_name(asked.file.name + ANSWER_SUFFIX)
    with setting.station() as running:
        taken = asyncio.run(take_bundle(running, asked.file))
    answer.write_bytes(taken.reply.packed())
    held_to = taken.reply.push.held_to if taken.reply.push else "-"
    setting.say(
        f"{taken.reply.writer}: {taken.entries} entries and {taken.photos} photos were taken in; the chain is held to {held_to}.",
        f"The station's receipts for the writer are in {answer}.",
    )
    return 0


def relay_here(setting: Setting, asked: Namespace) -> int:
    with setting.station() as running:
        return relay(running, asked, setting.say)


def told(command: Callable[[Setting, Namespace], int]) -> Callable[[Setting, Namespace], int]:
    """A refusal, or a file or disk that fails, is told in words, not as a trace."""

    def run_told(setting: Setting, asked: Namespace) -> int:
        try:
            return command(setting, asked)
        except (Refused, OSError) as refused:
            setting.say(str(refused))
            return 1

    return run_told


COMMANDS: Mapping[str, Command] = {
    "init": Command("make a new station", init_arguments, told(init)),
    "run": Command("serve devices", no_arguments, told(run)),
    "token": Command("print a join code for each person's new device", person_argument, told(token)),
    "waiting": Command("list devices that wait to be confirmed", no_arguments, told(waiting)),
    "confirm": Command("let waiting devices in", writer_argument, told(confirm)),
    "refuse": Command("turn waiting devices away", writer_argument, told(refuse)),
    "register": Command("write units, people, roles and places into the register", file_argument, told(register)),
    "map-pack": Command("offer map packs to devices: add FILE, list, remove HASH", map_pack_arguments, told(map_pack)),
    "bundle": Command("take in a bundle that somebody brought: take FILE", bundle_arguments, told(bundle)),
    "reader": Command("let another program read: add NAME --unit CODE, list, end NAME", reader_arguments, told(reader)),
    "webhook": Command(
        "tell another program of changes: add NAME --url URL --unit CODE, list, end, secret, retry NAME",
        webhook_arguments,
        told(webhook),
    ),
    "relay": Command("the province above this station, or the stations below this province", relay_arguments, told(relay_here)),
    "backup": Command("add a sealed copy of the station to a folder: it may run meanwhile", backup_arguments, told(backup)),
    "restore": Command("put a station up from such a copy, in a new --folder", restore_arguments, told(restore)),
    "fold-again": Command("throw the views away and fold them from the journal", no_arguments, told(fold)),
}
