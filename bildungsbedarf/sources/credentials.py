"""Who we are to the survey server: from the environment or the system's keyring, never from a file."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from bildungsbedarf.errors import ConfigError

URL, USER, PASSWORD = "LIMESURVEY_URL", "LIMESURVEY_USER", "LIMESURVEY_PASSWORD"
SERVICE = "bildungsbedarf"


@dataclass(frozen=True)
class Credentials:
    """Address of RemoteControl, user and password; the password is in no text made of it."""

    url: str
    user: str
    password: str = field(repr=False)


def find_credentials(url: str = "", user: str = "") -> Credentials:
    """What study.toml names, else the environment; the password from the environment, else the keyring.

    Raises
    ------
    ConfigError
        Something is not given, or the address is not safe to send a password to.
    """
    url, user = url or os.environ.get(URL, ""), user or os.environ.get(USER, "")
    if not url:
        raise ConfigError("no survey server is named", expected="[server] url in study.toml", remedy=f"or set {URL}")
    check_url(url)
    if not user:
        raise ConfigError("no user of the survey server is named", remedy=f"[server] user in study.toml, or set {USER}")
    password = os.environ.get(PASSWORD, "") or _from_keyring(url, user)
    if not password:
        raise ConfigError(
            "no password for the survey server",
            where=f"user {user}",
            remedy=f"set {PASSWORD}, or: keyring set {SERVICE} {user}@{urlsplit(url).hostname}",
        )
    return Credentials(url, user, password)


def check_url(url: str) -> None:
    """Refuse addresses without TLS (but this machine's own) and with a password in them.

    Raises
    ------
    ConfigError
        What is wrong; never shows a password.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        secret = parts.password or parts.username
    except ValueError:
        raise ConfigError("address of the survey server cannot be read") from None
    if secret:
        raise ConfigError("address of the survey server contains a user or password", remedy="take them out of it")
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigError(
            "address of the survey server is no web address",
            value=url,
            expected="https://…/index.php/admin/remotecontrol",
        )
    if parts.scheme == "http" and not _is_here(host):
        raise ConfigError("a password is not sent without TLS", value=url, expected="https://")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _from_keyring(url: str, user: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password(SERVICE, f"{user}@{urlsplit(url).hostname}") or ""
    except KeyringError:
        return ""
