"""An OpenID Connect provider on loopback: Authlib's own server side, which checks client, redirect, code and PKCE.

It lets everybody in as ``person``, at once or, with ``has_page``, after a page of its own. ``tamper`` changes the
claims of the next ID tokens, ``sign`` signs them otherwise: what an attacker would send, or a provider that is broken.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Error, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, OpenIDCode
from flask import Flask, Response, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import BaseWSGIServer, make_server

CLIENT, SECRET = "assistant", "s3cret-of.the_provider~"


@dataclass
class Client(ClientMixin):
    """The staff's pages, as the provider has registered them."""

    redirect_uri: str = ""
    secret: str = SECRET
    method: str = "client_secret_basic"

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == self.secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == self.method

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    """A code that was given to a browser and not used yet."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str | None
    code_challenge_method: str | None

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int | None:
        return None

    def get_acr(self) -> str | None:
        return None

    def get_amr(self) -> list[str] | None:
        return None


@lru_cache(maxsize=1)
def _key() -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"use": "sig"}, auto_kid=True)


@dataclass
class OwnSignIn:
    """The provider while it runs. ``asked`` is what the last browser was sent here with."""

    issuer: str
    person: dict[str, Any]
    client: Client = field(default_factory=Client)
    key: RSAKey = field(default_factory=_key)
    tamper: Callable[[dict[str, Any]], object] = lambda claims: None
    sign: Callable[[dict[str, Any]], str] | None = None
    has_page: bool = False
    described: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)

    def settings(self) -> dict[str, str]:
        """The settings of whom it is the sign-in of."""
        return {
            "oidc_issuer": self.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": self.client.secret,
            "oidc_roles": "contact-centre=agent team-leads=senior web=administrator",
        }


@contextmanager
def own_sign_in(**person: Any) -> Iterator[OwnSignIn]:
    """A provider for the block. It is called localhost, which browsers take for another site than 127.0.0.1."""
    app = Flask("provider")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    provider = OwnSignIn(f"http://localhost:{server.port}", {"sub": "1234", **person})
    _add_routes(app, provider)
    with _serving(server):
        yield provider


@contextmanager
def _serving(server: BaseWSGIServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _add_routes(app: Flask, provider: OwnSignIn) -> None:
    authorization = AuthorizationServer(app, lambda name: provider.client if name == CLIENT else None, lambda *_: None)
    authorization.register_grant(_grant(provider), [_tokens(provider), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def describe() -> dict[str, Any]:
        return {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/jwks",
            "token_endpoint_auth_methods_supported": [provider.client.method],
        } | provider.described

    @app.get("/jwks")
    def keys() -> dict[str, Any]:
        return {"keys": [provider.key.as_dict(private=False)]}

    @app.get("/authorize")
    def authorize() -> Response:
        provider.asked = request.args.to_dict()
        try:
            grant = authorization.get_consent_grant(end_user=provider)
        except OAuth2Error as error:
            return Response(str(error), 400)
        sent = authorization.create_authorization_response(grant_user=provider, grant=grant)
        if not provider.has_page:
            return sent
        return Response(f'<a href="{escape(sent.headers["location"])}">Yes, it is me</a>', mimetype="text/html")

    @app.post("/token")
    def token() -> Response:
        return authorization.create_token_response()


def _grant(provider: OwnSignIn) -> type[grants.AuthorizationCodeGrant]:
    class Grant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]

        def save_authorization_code(self, code: str, asked: Any) -> None:
            given = asked.payload.data
            provider.codes[code] = Code(
                code,
                given["redirect_uri"],
                given["scope"],
                given.get("nonce"),
                given.get("code_challenge"),
                given.get("code_challenge_method"),
            )

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del provider.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> OwnSignIn:
            return provider

    return Grant


def _tokens(provider: OwnSignIn) -> OpenIDCode:
    class Tokens(OpenIDCode):
        def exists_nonce(self, nonce: str, asked: Any) -> bool:
            return False

        def get_client_claims(self, client: Client) -> dict[str, Any]:
            return {"iss": provider.issuer}

        def resolve_client_private_key(self, client: Client) -> RSAKey:
            return provider.key

        def get_encode_header(self, client: Client) -> dict[str, Any]:
            return {"alg": "RS256", "kid": provider.key.kid}

        def generate_user_info(self, user: Any, scope: str) -> dict[str, Any]:
            return provider.person

        def encode_id_token(self, token: dict[str, Any], asked: Any) -> str:
            genuine = str(super().encode_id_token(token, asked))
            claims = jwt.decode(genuine, provider.key, ["RS256"]).claims
            provider.tamper(claims)
            if provider.sign:
                return provider.sign(claims)
            return jwt.encode(self.get_encode_header(provider.client), claims, provider.key, ["RS256"])

    return Tokens(require_nonce=True)
