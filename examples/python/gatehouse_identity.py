"""Trusting who is asking, in a subgraph written in Python.

Needs PyJWT and cryptography (Debian: python3-jwt, python3-cryptography). The steps are those of
docs/subgraphs.md; `check_vectors.py` holds this file against docs/identity-test-vectors.json.
"""

import base64
import hashlib
import hmac
import json
import time
import urllib.request

import jwt

LONGEST_LIFE = 60  # seconds
KEYS_MAX_AGE = 300  # seconds; a new key is published for longer than this before it signs
KEYS_COOLDOWN = 30  # seconds between two fetches that unknown keys may cause


class IdentityRefused(Exception):
    """The request did not come from the gateway as it is. Answer with `status`."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason
        self.status = 503 if reason == "KEYS_UNAVAILABLE" else 401


class IdentityVerifier:
    """Reads who is asking.

    gateway: the gateway's PUBLIC_URL. subgraph: this subgraph's name in its configuration.
    fetch_keys: returns the key set; by default it is fetched from the gateway.
    """

    def __init__(self, gateway, subgraph, fetch_keys=None, now=time.time, clock_tolerance=5):
        self._issuer = gateway.rstrip("/")
        self._subgraph = subgraph
        self._fetch_keys = fetch_keys or self._fetch
        self._now = now
        self._tolerance = clock_tolerance
        self._keys = {}
        self._fetched_at = None

    def verify(self, tokens, raw_body):
        """Returns the identity as a dictionary, or raises IdentityRefused.

        tokens: every value of the header Txn-Token. raw_body: the bytes, before anything parsed them.
        """
        if not tokens:
            raise IdentityRefused("TOKEN_MISSING")
        if len(tokens) > 1 or len(tokens[0]) > 8192:
            raise IdentityRefused("TOKEN_INVALID")
        claims = self._claims_of(tokens[0])
        digest = base64.urlsafe_b64encode(hashlib.sha256(raw_body).digest()).rstrip(b"=")
        if not hmac.compare_digest(digest, claims["body_sha256"].encode()):
            raise IdentityRefused("BODY_MISMATCH")
        return _identity_of(claims)

    def _claims_of(self, token):
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise IdentityRefused("TOKEN_INVALID") from None
        # One algorithm, whatever the header says; and no header that changes what a signature means.
        if header.get("alg") != "ES256" or header.get("typ") != "txntoken+jwt" or "crit" in header:
            raise IdentityRefused("TOKEN_INVALID")
        try:
            # PyJWT would ask the machine's clock, and take a list for `aud`: those are checked below.
            claims = jwt.decode(
                token,
                self._key(header.get("kid")),
                algorithms=["ES256"],
                options={
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "verify_aud": False,
                    "verify_iss": False,
                },
            )
        except jwt.PyJWTError:
            raise IdentityRefused("TOKEN_INVALID") from None
        self._check(claims)
        return claims

    def _check(self, claims):
        if claims.get("iss") != self._issuer:
            raise IdentityRefused("TOKEN_INVALID")
        if claims.get("aud") != self._subgraph:
            raise IdentityRefused("WRONG_AUDIENCE")
        for name in ("txn", "jti", "op", "body_sha256"):
            if not isinstance(claims.get(name), str):
                raise IdentityRefused("TOKEN_INVALID")
        for name in ("iat", "exp"):
            if type(claims.get(name)) not in (int, float):
                raise IdentityRefused("TOKEN_INVALID")
        now = int(self._now())
        if claims["iat"] > now + self._tolerance:
            raise IdentityRefused("TOKEN_INVALID")
        is_over = claims["exp"] <= now - self._tolerance
        if is_over or claims["iat"] < now - LONGEST_LIFE - self._tolerance:
            raise IdentityRefused("TOKEN_EXPIRED")

    def _key(self, kid):
        if not isinstance(kid, str):
            raise IdentityRefused("UNKNOWN_KEY")
        age = None if self._fetched_at is None else time.monotonic() - self._fetched_at
        if age is None or age > KEYS_MAX_AGE or (kid not in self._keys and age > KEYS_COOLDOWN):
            try:
                keys = self._fetch_keys()["keys"]
                self._keys = {key["kid"]: jwt.PyJWK(key, "ES256").key for key in keys}
            except Exception as error:
                raise IdentityRefused("KEYS_UNAVAILABLE") from error
            self._fetched_at = time.monotonic()
        if kid not in self._keys:
            raise IdentityRefused("UNKNOWN_KEY")
        return self._keys[kid]

    def _fetch(self):
        url = self._issuer + "/.well-known/identity-jwks.json"
        with urllib.request.urlopen(url, timeout=5) as answer:
            return json.load(answer)


def _identity_of(claims):
    user = claims.get("sub")
    if claims.get("anonymous") is True and user is None:
        return {"kind": "anonymous", "requestId": claims["txn"]}
    if "anonymous" in claims or not isinstance(user, str) or not user:
        raise IdentityRefused("TOKEN_INVALID")
    identity = {
        "kind": "user",
        "userId": user,
        "scopes": claims.get("scope", "").split(),
        "roles": claims.get("roles", []),
        "requestId": claims["txn"],
    }
    if "sid" in claims:
        identity["sessionId"] = claims["sid"]
    if "act" in claims:
        actor = claims["act"].get("sub") if isinstance(claims["act"], dict) else None
        if not isinstance(actor, str):
            raise IdentityRefused("TOKEN_INVALID")
        identity["actorId"] = actor
    return identity
