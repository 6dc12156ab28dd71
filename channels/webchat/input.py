"""Rasa's door to the web chat: an InputChannel that puts ledger, inbox, bells and ``Chat`` together at the root.

Named in credentials.yml as ``channels.webchat.input.WebChatInput``. Thin, so that the rest runs without a server.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.clock import now
from bot.live.bells import Bells
from bot.live.watcher import Watcher
from bot.settings import settings
from bot.store.engine import Database, open_database
from bot.uploads.apart import Cleaner
from bot.uploads.sweeper import Sweeper
from channels.inbox import Inbox
from channels.keeper import Keeper
from channels.mail import mail
from channels.messages import Problem
from channels.webchat import api, files, leaving, page, problems, widget
from channels.webchat.arrivals import Arrivals
from channels.webchat.chat import Chat
from channels.webchat.limits import Limits
from channels.webchat.pages import Pages
from channels.webchat.view import View
from channels.webchat.words import words

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
# A megabyte is a large batch of messages; Sanic's own limit is a hundred. Uploads have a limit of their own.
REQUEST_MAX_SIZE = 1_000_000


class RootBlueprint(Blueprint):
    """Routes that begin at "/", and what has to be done to the application that they are mounted on."""

    def __init__(self, name: str, refuse: Callable[[Request, Problem], HTTPResponse]) -> None:
        super().__init__(name)
        self.ctx.refuse = refuse

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        _remove_greeting(app)
        app.config.REQUEST_MAX_SIZE = REQUEST_MAX_SIZE
        problems.add_error_handler(app, self.ctx.refuse)
        super().register(app, options)


class WebChatInput(InputChannel):
    """The web chat as Rasa knows it."""

    @classmethod
    def name(cls) -> str:
        return "webchat"

    def url_prefix(self) -> str:
        """An absolute path, so that Rasa does not mount the chat below /webhooks/."""
        return "/"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        return build(open_database(settings().database), on_new_message, now)


def build(
    db: Database, on_new_message: OnNewMessage, clock: Callable[[], datetime], limits: Limits | None = None
) -> Blueprint:
    """The web chat over a ledger and whatever answers messages."""
    bells = Bells()
    keeper = Keeper(db, bells, clock)
    inbox = Inbox(db, on_new_message, clock, bells, lambda: words().problem("no_answer"), lambda: keeper.teams)
    watcher, sweeper = Watcher(db, bells, clock, inbox.take_up), Sweeper(db)
    chat = Chat(db, inbox, bells, watcher, clock, limits)
    arrivals, assets = Arrivals(chat, Cleaner(at_once=1)), files.make_assets()
    pages = View(assets)
    blueprint = RootBlueprint("webchat", Pages(chat, pages).refuse)
    api.add_routes(blueprint, chat, arrivals)
    page.add_routes(blueprint, chat, arrivals, pages)
    leaving.add_routes(blueprint, chat, pages, mail())
    files.add_routes(blueprint, db, assets)
    widget.add_routes(blueprint)

    @blueprint.listener("after_server_start")
    async def start(_app: Sanic, _loop: Any) -> None:
        await watcher.start()
        await keeper.start()
        await sweeper.start()
        await inbox.resume()

    @blueprint.listener("before_server_stop")
    async def close(_app: Sanic, _loop: Any) -> None:
        bells.close()
        await watcher.close()
        await keeper.close()
        await sweeper.close()
        await inbox.close()

    return blueprint


def _remove_greeting(app: Sanic) -> None:
    """Rasa's server answers "/" with its name and version. The address is the page's, and the version nobody's."""
    router = app.router
    for segments, group in list(router.static_routes.items()):
        if group.path == "" and group.routes[0].handler.__module__ == "rasa.server":
            del router.static_routes[segments]
