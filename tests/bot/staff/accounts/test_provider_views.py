"""Signing in with the council's own sign-in, at a real provider on loopback, as a browser does it."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from bot.staff.accounts.limits import WINDOW
from bot.staff.accounts.provider_views import TRIES
from bot.store import accounts, administration, audit
from tests.support.provider import OwnSignIn, own_sign_in

BACK = "/sign-in/provider/back"


@pytest.fixture
def provider(set_settings: Callable[..., None]) -> Iterator[OwnSignIn]:
    """The council's own sign-in, where Sam is an agent. It stands before the office, which reads the settings."""
    person = {
        "preferred_username": "Sam.Jones@council.example",
        "given_name": "Sam",
        "roles": ["contact-centre", "all"],
    }
    with own_sign_in(**person) as running:
        running.client.redirect_uri = f"https://staff.example{BACK}"
        set_settings(**running.settings(), staff_url="https://staff.example/")
        yield running


@pytest.fixture
def office(provider: OwnSignIn, office: Any) -> Any:
    return office


async def _leave(browser: Any) -> str:
    """Go to the provider; where it sends the browser back to, on our own port."""
    sent = await browser.get("/sign-in/provider")
    assert sent.status_code == 303
    async with httpx.AsyncClient(verify=False) as there:
        answer = await there.get(sent.headers["location"])
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert back.netloc == "staff.example"
    return f"{back.path}?{back.query}"


async def _sign_in(browser: Any) -> Any:
    return await browser.get(await _leave(browser))


def _actions(office: Any) -> list[tuple[str, str]]:
    return [(row.actor, row.action) for row in reversed(audit.latest(office.db))]


async def test_the_page_has_a_link_to_it_beside_the_form(browser: Any) -> None:
    text = (await browser.get("/sign-in")).text
    assert '<a class="button" href="/sign-in/provider">Sign in with your council account</a>' in text
    assert 'name="password"' in text


async def test_whom_it_vouches_for_is_signed_in(office: Any, browser: Any, provider: OwnSignIn) -> None:
    done = await _sign_in(browser)
    assert done.status_code == 200 and "You are signed in" in done.text
    assert done.headers["refresh"] == "0; url=/"
    assert (await browser.get("/messages")).status_code == 200
    account = accounts.by_token(office.db, browser.cookies["staff"], office.now)
    assert account == accounts.Account("sam.jones", ("agent",), False, "Sam", issuer=provider.issuer)
    assert _actions(office)[-1] == ("sam.jones", audit.SIGNED_IN)
    assert "staff_provider" not in browser.cookies
    assert "Change password" not in (await browser.get("/messages")).text
    assert "not kept here" in (await browser.get("/password")).text
    assert (await browser.send_form("/messages", "/password", new="x" * 12, again="x" * 12)).status_code == 409


async def test_it_is_asked_with_pkce_state_and_nonce(browser: Any, provider: OwnSignIn) -> None:
    await _leave(browser)
    asked = provider.asked
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert "openid" in asked["scope"].split()


async def test_the_address_to_come_back_to_is_the_settings_and_not_the_hosts(
    office: Any, browser: Any, provider: OwnSignIn
) -> None:
    await browser.get("/sign-in/provider", headers={"Host": "evil.example"})
    sent = await browser.get("/sign-in/provider", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert parse_qs(urlsplit(sent.headers["location"]).query)["redirect_uri"] == [f"https://staff.example{BACK}"]


async def test_name_and_roles_follow_the_provider(office: Any, browser: Any, provider: OwnSignIn) -> None:
    await _sign_in(browser)
    before = browser.cookies["staff"]
    await browser.send_form("/messages", "/sign-out")
    provider.person |= {"given_name": "Samira", "roles": "team-leads"}
    await _sign_in(browser)
    account = accounts.by_token(office.db, browser.cookies["staff"], office.now)
    assert account and (account.username, account.name, account.roles) == ("sam.jones", "Samira", ("senior",))
    assert browser.cookies["staff"] != before


async def test_a_local_account_of_the_same_name_is_not_taken_over(office: Any, browser: Any) -> None:
    office.add_account("sam.jones", "administrator")
    await _sign_in(browser)
    account = accounts.by_token(office.db, browser.cookies["staff"], office.now)
    assert account and (account.username, account.roles) == ("sam.jones-2", ("agent",))


@pytest.mark.parametrize("roles", [None, [], ["all"], ["agent"], [["contact-centre"]], 7])
async def test_without_a_mapped_role_nobody_gets_in(office: Any, browser: Any, provider: OwnSignIn, roles: Any) -> None:
    provider.person["roles"] = roles
    refused = await _sign_in(browser)
    assert refused.status_code == 403 and "no role here" in refused.text
    assert "staff" not in browser.cookies
    assert administration.listed(office.db) == []
    assert _actions(office) == [("unknown", audit.SIGN_IN_REFUSED)]


async def test_who_is_switched_off_here_does_not_get_in(office: Any, browser: Any) -> None:
    await _sign_in(browser)
    administration.deactivate(office.db, "admin", "sam.jones", office.now)
    assert (await browser.get("/messages")).status_code == 303
    refused = await _sign_in(browser)
    assert refused.status_code == 403 and "switched off" in refused.text


def _tampered(change: Callable[[dict[str, Any]], object]) -> Callable[[OwnSignIn], None]:
    return lambda provider: setattr(provider, "tamper", change)


def _signed(algorithm: str, key: Callable[[OwnSignIn], Any]) -> Callable[[OwnSignIn], None]:
    def forge(provider: OwnSignIn) -> None:
        header = {"alg": algorithm, "kid": provider.key.kid}
        provider.sign = lambda claims: jwt.encode(header, claims, key(provider), [algorithm])

    return forge


def _signed_with_its_public_key(provider: OwnSignIn) -> None:
    """As a library that lets the token choose the algorithm would take it: made by hand, since ours makes no such."""

    def part(content: bytes) -> bytes:
        return base64.urlsafe_b64encode(content).rstrip(b"=")

    def sign(claims: dict[str, Any]) -> str:
        header = {"alg": "HS256", "kid": provider.key.kid}
        signed = b".".join(part(json.dumps(each).encode()) for each in (header, claims))
        mac = hmac.digest(provider.key.as_pem(private=False), signed, "sha256")
        return b".".join((signed, part(mac))).decode()

    provider.sign = sign


FORGERIES = {
    "wrong nonce": _tampered(lambda claims: claims.update(nonce="another")),
    "no nonce": _tampered(lambda claims: claims.pop("nonce")),
    "expired": _tampered(lambda claims: claims.update(exp=int(time.time()) - 120)),
    "no end": _tampered(lambda claims: claims.pop("exp")),
    "of the future": _tampered(lambda claims: claims.update(iat=int(time.time()) + 600)),
    "for another": _tampered(lambda claims: claims.update(aud="another")),
    "for others too, not said for whom": _tampered(lambda claims: claims.update(aud=["other"])),
    "by way of another": _tampered(lambda claims: claims.update(azp="another")),
    "from another": _tampered(lambda claims: claims.update(iss="https://evil.example")),
    "for another access token": _tampered(lambda claims: claims.update(at_hash="x")),
    "nobody": _tampered(lambda claims: claims.update(sub="")),
    "endless subject": _tampered(lambda claims: claims.update(sub="x" * 300)),
    "another key": _signed("RS256", lambda provider: RSAKey.generate_key(2048)),
    "our shared secret": _signed("HS256", lambda provider: OctKey.import_key(provider.client.secret)),
    "its public key as a secret": _signed_with_its_public_key,
    "an algorithm that is not ours": _signed("RS512", lambda provider: provider.key),
    "not signed": _signed("none", lambda provider: None),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
async def test_a_token_that_proves_nothing_is_refused(
    office: Any, browser: Any, provider: OwnSignIn, forge: Callable[[OwnSignIn], None]
) -> None:
    forge(provider)
    refused = await _sign_in(browser)
    assert refused.status_code == 400 and "could not be checked" in refused.text
    assert "staff" not in browser.cookies
    assert administration.listed(office.db) == []
    assert _actions(office) == [("unknown", audit.SIGN_IN_REFUSED)]


async def test_a_state_counts_once(office: Any, browser: Any) -> None:
    back = await _leave(browser)
    assert (await browser.get(back)).status_code == 200
    again = await browser.get(back)
    assert again.status_code == 400 and "begun in another browser" in again.text


@pytest.mark.parametrize("query", ["", "?code=x", "?state=made-up&code=x"])
async def test_a_state_that_is_not_ours_is_refused(office: Any, browser: Any, query: str) -> None:
    await _leave(browser)
    assert (await browser.get(f"{BACK}{query}")).status_code == 400
    assert "staff" not in browser.cookies


async def test_a_state_is_its_browsers_own(office: Any, browser: Any, new_browser: Callable[[], Any]) -> None:
    back, other = await _leave(browser), new_browser()
    assert (await other.get(back)).status_code == 400
    await _leave(other)
    assert (await other.get(await _leave(browser))).status_code == 400
    assert "staff" not in other.cookies


async def test_a_state_lasts_ten_minutes(office: Any, browser: Any) -> None:
    back = await _leave(browser)
    office.pass_time(minutes=10)
    assert (await browser.get(back)).status_code == 400


async def test_two_tabs_can_both_come_back(office: Any, browser: Any) -> None:
    one, other = await _leave(browser), await _leave(browser)
    assert (await browser.get(one)).status_code == 200
    assert "staff" in browser.cookies
    assert other != one


async def test_an_answer_of_another_provider_is_refused(office: Any, browser: Any) -> None:
    back = await _leave(browser)
    assert (await browser.get(f"{back}&iss=https://evil.example")).status_code == 400


async def test_a_refusal_of_the_providers_is_told(office: Any, browser: Any, provider: OwnSignIn) -> None:
    await _leave(browser)
    refused = await browser.get(f"{BACK}?error=access_denied&state={provider.asked['state']}")
    assert refused.status_code == 400 and "did not let you in" in refused.text


async def test_a_code_that_the_provider_does_not_know_is_refused(
    office: Any, browser: Any, provider: OwnSignIn
) -> None:
    back = await _leave(browser)
    provider.codes.clear()
    assert (await browser.get(back)).status_code == 400


async def test_failing_again_and_again_shuts_this_door_for_a_while_and_no_other(office: Any, browser: Any) -> None:
    for _ in range(TRIES):
        assert (await browser.get(f"{BACK}?state=x&code=x")).status_code == 400
    back = await _leave(browser)
    assert (await browser.get(back)).status_code == 429
    office.add_account("kim", "agent")
    assert (await browser.sign_in("kim")).status_code == 303
    await browser.send_form("/messages", "/sign-out")
    office.pass_time(seconds=WINDOW.total_seconds())
    assert (await _sign_in(browser)).status_code == 200


async def test_its_cookie_comes_along_from_another_site_and_opens_nothing_else(office: Any, browser: Any) -> None:
    cookie = (await browser.get("/sign-in/provider")).headers.get_list("set-cookie")[-1]
    for part in ("staff_provider=", "HttpOnly", "SameSite=Lax", "Path=/sign-in/provider", "Max-Age=600"):
        assert part in cookie
    object.__setattr__(office.app.ctx.state, "secure", True)
    assert "Secure" in (await browser.get("/sign-in/provider")).headers.get_list("set-cookie")[-1]


async def test_who_is_signed_in_already_stays_so(office: Any, agent: Any) -> None:
    assert (await agent.get("/sign-in/provider")).headers["location"] == "/"


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
async def test_either_way_of_giving_the_secret_will_do(
    office: Any, browser: Any, provider: OwnSignIn, method: str
) -> None:
    provider.client.method = method
    assert (await _sign_in(browser)).status_code == 200


BROKEN: list[dict[str, Any]] = [
    {"issuer": "https://another.example"},
    {"token_endpoint": None},
    {"jwks_uri": "http://localhost:1/"},
    {"token_endpoint": "http://localhost:1/"},
]


@pytest.mark.parametrize("described", BROKEN, ids=["name", "endpoint", "keys", "tokens"])
async def test_a_broken_provider_has_a_plain_page(
    office: Any, browser: Any, provider: OwnSignIn, described: dict[str, Any]
) -> None:
    back = await _leave(browser)
    provider.described = described
    down = await browser.get(back)
    assert down.status_code == 503 and "cannot be reached" in down.text


async def test_passwords_go_on_to_work_while_it_is_down(office: Any, browser: Any, provider: OwnSignIn) -> None:
    provider.described = {"issuer": ""}
    office.add_account("kim", "agent")
    down = await browser.get("/sign-in/provider")
    assert down.status_code == 503 and "cannot be reached" in down.text
    assert (await browser.send_form("/sign-in", "/sign-in", username="kim", password="correct horse battery")).headers[
        "location"
    ] == "/"
