"""Files of credentials that the fake knows, as people would download them from Google."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tests.fake_google.keys import key_pair
from tests.fake_google.scopes import full
from tests.fake_google.tokens import LIFE, Access, Account, Grant

if TYPE_CHECKING:
    from tests.fake_google.clock import Clock
    from tests.fake_google.switches import Switches
    from tests.fake_google.tokens import Tokens

CLIENT_ID = "123-iopcal.apps.googleusercontent.com"
CLIENT_SECRET = "GOCSPX-not-a-secret"
EMAIL = "iopcal@riverbend.iam.gserviceaccount.com"


class Credentials:
    """The part of the fake that gives out credentials."""

    tokens: Tokens
    switches: Switches
    clock: Clock

    @property
    def root(self) -> str:
        raise NotImplementedError

    def new_id(self) -> str:
        raise NotImplementedError

    def client_file(self, token_uri: str | None = None, auth_uri: str | None = None) -> dict[str, Any]:
        """Returns the content of an OAuth client file of a desktop app."""
        self.tokens.clients[CLIENT_ID] = CLIENT_SECRET
        return {
            "installed": {
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "project_id": "riverbend",
                "auth_uri": auth_uri or f"{self.root}auth",
                "token_uri": token_uri or f"{self.root}token",
                "redirect_uris": ["http://localhost"],
            }
        }

    def user_token(
        self, user: str = "", scopes: Iterable[str] = ("calendar.events",), token_uri: str | None = None
    ) -> dict[str, Any]:
        """Returns the content of an authorized-user file; scopes without their common beginning."""
        self.tokens.clients[CLIENT_ID] = CLIENT_SECRET
        refresh = f"1//{self.new_id()}"
        names = tuple(scopes)
        grant = Grant(refresh, user or self.switches.user, names, CLIENT_ID, CLIENT_SECRET)
        self.tokens.grants[refresh] = grant
        return {
            "type": "authorized_user",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "refresh_token": refresh,
            "token_uri": token_uri or f"{self.root}token",
            "scopes": full(names).split(),
            "universe_domain": "googleapis.com",
        }

    def service_account(
        self, email: str = EMAIL, subjects: Iterable[str] = (), token_uri: str | None = None
    ) -> dict[str, Any]:
        """Returns the content of a key file; `subjects` are the people it may act for."""
        private, public = key_pair()
        self.tokens.accounts[email] = Account(email, public, tuple(subjects))
        return {
            "type": "service_account",
            "project_id": "riverbend",
            "private_key_id": "0123456789abcdef",
            "private_key": private,
            "client_email": email,
            "client_id": "1",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": token_uri or f"{self.root}token",
            "universe_domain": "googleapis.com",
        }

    def bearer(self, user: str = "", scopes: Iterable[str] = ("calendar",), service: bool = False) -> str:
        """Returns an access token without any sign-in."""
        token = f"ya29.{self.new_id()}"
        now = self.clock.advanced + self.clock.elapsed()
        self.tokens.access[token] = Access(
            token, token, user or self.switches.user, tuple(scopes), now + LIFE, service
        )
        return token

    def revoke(self, credential: str | dict[str, Any]) -> None:
        """Ends a refresh token or a service account, given as text or as its file."""
        if isinstance(credential, dict):
            credential = str(credential.get("refresh_token") or credential["client_email"])
        self.tokens.revoke(credential)

    def secrets(self) -> set[str]:
        """Returns every token, key and client secret that must not be printed."""
        secrets = {*self.tokens.grants, *self.tokens.access, *self.tokens.clients.values()}
        return secrets | ({key_pair()[0]} if self.tokens.accounts else set())
