"""The council's teams, as the desk knows them: what an account can be put into."""

from __future__ import annotations

from bot.council import council


def known_teams() -> tuple[tuple[str, str], ...]:
    """The id and the title of each team."""
    return tuple((team.id, team.title) for team in council().teams)
