"""All pages of this part: signing in, here or with the council's own sign-in; accounts; the audit trail."""

from __future__ import annotations

from sanic import Blueprint
from sanic.blueprint_group import BlueprintGroup

from bot.staff.accounts.audit_views import audit_pages
from bot.staff.accounts.people_views import people_pages
from bot.staff.accounts.provider_views import provider_pages
from bot.staff.accounts.sign_in_views import sign_in_pages


def accounts_pages() -> BlueprintGroup:
    """The blueprints of this part."""
    return Blueprint.group(sign_in_pages(), provider_pages(), people_pages(), audit_pages())
