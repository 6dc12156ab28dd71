"""The council's own sign-in, spoken to by OpenID Connect: the authorization code flow with PKCE, state and nonce.

Nothing that comes by way of the browser is believed: who somebody is stands in the ID token, which is fetched from
the provider itself and must be signed with one of its keys, for us, for this sign-in, and not have run out. What the
provider says of itself is read anew for each sign-in, so that its keys may change at any time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import httpx
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from bot.settings import Settings
from bot.staff.accounts.pending import Started
from bot.store.provider_accounts import Person

ALGORITHMS = ("RS256", "PS256", "ES256")  # signed with a key of the provider's own, never with what we share with it
SCOPE = "openid profile"
BACK = "/sign-in/provider/back"
SECONDS = 5.0  # that one request to the provider may take
_LEEWAY = 60  # seconds that the provider's clock may differ from ours
_LONGEST_NAME, _LONGEST_USERNAME, _LONGEST_SUBJECT = 40, 60, 256


class Down(Exception):
    """The provider does not answer, or not as a provider does."""


class Untrue(Exception):
    """What was handed over proves nothing; the text says why, for the log."""


@dataclass(frozen=True)
class Provider:
    """The provider of the settings, and how we are known to it."""

    issuer: str
    client_id: str
    client_secret: str
    roles_claim: str
    roles_of_groups: tuple[tuple[str, str], ...]
    redirect_uri: str

    async def address(self, state: str, started: Started) -> str:
        """Where a browser is sent to sign in."""
        client = OAuth2Client(
            None, self.client_id, redirect_uri=self.redirect_uri, scope=SCOPE, code_challenge_method="S256"
        )
        async with _client() as http:
            endpoint = (await self._describe(http))["authorization_endpoint"]
        address, _ = client.create_authorization_url(
            endpoint, state=state, code_verifier=started.verifier, nonce=started.nonce
        )
        return str(address)

    async def identify(self, code: str, started: Started) -> Person:
        """Who has signed in there, for the code that their browser brought back."""
        async with _client() as http:
            described = await self._describe(http)
            answer = await self._exchange(http, described, code, started)
            keys = await _json(http, described["jwks_uri"])
        return self._person(self._verify(answer, keys, started.nonce))

    async def _describe(self, http: httpx.AsyncClient) -> dict[str, Any]:
        """What the provider says of itself."""
        described = await _json(http, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if described.get("issuer") != self.issuer:
            raise Down("it calls itself something else than OIDC_ISSUER")
        for needed in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(described.get(needed), str):
                raise Down(f"it does not say its {needed}")
        return described

    async def _exchange(
        self, http: httpx.AsyncClient, described: Mapping[str, Any], code: str, started: Started
    ) -> dict[str, Any]:
        """The tokens for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": started.verifier,
        }
        basic = httpx.Auth()  # adds nothing
        if not self.client_secret:
            form["client_id"] = self.client_id
        elif "client_secret_post" in described.get("token_endpoint_auth_methods_supported", ()):
            form |= {"client_id": self.client_id, "client_secret": self.client_secret}
        else:  # what every provider must take, though not all of them decode it as they should
            basic = httpx.BasicAuth(quote_plus(self.client_id), quote_plus(self.client_secret))
        try:
            answer = await http.post(described["token_endpoint"], data=form, auth=basic)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Down(type(error).__name__) from None
        if 400 <= answer.status_code < 500:
            raise Untrue(f"the code was refused with {answer.status_code}")
        return _read(answer)

    def _verify(self, answer: Mapping[str, Any], keys: Any, nonce: str) -> Mapping[str, Any]:
        """The claims of the ID token, once everything about it is proved.

        Its times are held against the machine's clock, whatever time the assistant pretends: the provider knows no
        other.
        """
        options = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
        }
        params = {"nonce": nonce, "client_id": self.client_id, "access_token": answer.get("access_token")}
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            token = jwt.decode(str(answer.get("id_token", "")), KeySet.import_key_set(keys), registry=registry)
            claims = CodeIDToken(token.claims, token.header, options, params)
            claims.validate(leeway=_LEEWAY)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Untrue(f"the ID token is not valid: {type(error).__name__} {error}") from None
        return claims

    def _person(self, claims: Mapping[str, Any]) -> Person:
        subject = claims["sub"]
        if not subject or len(subject) > _LONGEST_SUBJECT:
            raise Untrue("the ID token has no usable subject")
        username = _username(claims)
        name = _text(claims.get("given_name")) or _text(claims.get("name")) or username.capitalize()
        groups = _groups(claims, self.roles_claim)
        roles = dict.fromkeys(role for group, role in self.roles_of_groups if group in groups)
        return Person(self.issuer, subject, username, name[:_LONGEST_NAME], tuple(roles))


def from_settings(settings: Settings) -> Provider | None:
    """The provider that the settings name; None when they name none."""
    if not settings.oidc_issuer:
        return None
    return Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        roles_claim=settings.oidc_roles_claim,
        roles_of_groups=settings.roles_of_groups,
        redirect_uri=settings.staff + BACK,
    )


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=SECONDS, headers={"Accept": "application/json"})


async def _json(http: httpx.AsyncClient, url: str) -> dict[str, Any]:
    try:
        return _read(await http.get(url))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Down(type(error).__name__) from None


def _read(answer: httpx.Response) -> dict[str, Any]:
    """A JSON object; anything else is no provider's answer."""
    if answer.status_code != 200:
        raise Down(f"it answered {answer.status_code}")
    try:
        value = answer.json()
    except ValueError:
        raise Down("its answer is not JSON") from None
    if not isinstance(value, dict):
        raise Down("its answer is not a JSON object")
    return value


def _groups(claims: Mapping[str, Any], name: str) -> set[str]:
    """The roles or groups in a claim, which may stand inside another (``realm_access.roles``)."""
    value: Any = claims.get(name)
    if value is None:
        value = claims
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, str):
        return {value}
    return {each for each in value if isinstance(each, str)} if isinstance(value, Iterable) else set()


def _username(claims: Mapping[str, Any]) -> str:
    """What somebody is called here: as there, without the part that all of the council have in common."""
    wanted = _text(claims.get("preferred_username")) or _text(claims.get("email")) or "colleague"
    return re.sub(r"[^a-z0-9._-]", "", wanted.partition("@")[0].lower())[:_LONGEST_USERNAME] or "colleague"


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) and value.isprintable() else ""
