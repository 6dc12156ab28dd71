"""``python -m bot.staff``: bring the database up to date, make the first account, serve the pages."""

from __future__ import annotations

import sys

from bot.clock import now
from bot.secrets import secret
from bot.settings import settings
from bot.staff.app import create_app
from bot.staff.state import State
from bot.store import accounts
from bot.store.engine import open_database


def main() -> None:
    chosen = settings()
    db = open_database(chosen.database)
    app = create_app(State(db=db, now=now, key=secret(), secure=chosen.secure_cookies))
    password = accounts.create_first_administrator(db, now())
    if password:
        # The supervisor shows lines that begin so on the terminal, and keeps them out of the log.
        sys.stdout.write(
            f"NOTICE: Staff: sign in at http://{chosen.host}:{chosen.staff_port}/"
            f" as {accounts.FIRST_USERNAME} with the one-time password {password}\n"
        )
        sys.stdout.flush()
    app.run(chosen.host, chosen.staff_port, access_log=False, motd=False)


if __name__ == "__main__":
    main()
