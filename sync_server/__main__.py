"""The station's command line: ``python -m sync_server COMMAND``; its help lists the commands."""

import argparse
import getpass
import secrets
import sys
import time
from pathlib import Path

from sync_server.command_setting import Setting
from sync_server.commands import COMMANDS


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def main(arguments: list[str]) -> int:
    """Runs one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sync_server", description="The station's server.")
    parser.add_argument("--folder", type=Path, default=Path("station-files"), help="where the station keeps its files")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=command.help)
        command.arguments(one)
    asked = parser.parse_args(arguments)
    return COMMANDS[asked.command].run(Setting(asked.folder, now_ms, secrets.token_bytes, sys.stdout, getpass.getpass), asked)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
