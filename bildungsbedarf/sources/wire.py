"""The connection under the LimeSurvey client: time-outs, retries of what may pass, and plain words for what won't."""

from __future__ import annotations

import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from bildungsbedarf.errors import ServerError

CONNECT_SECONDS, READ_SECONDS = 10.0, 120.0
WHOLE_SECONDS = 900.0
RETRIES, BACKOFF = 3, 0.5
_LARGEST = 1 << 30
_CHUNK = 1 << 16
_PASSING = (429, 502, 503, 504)
_MEANINGS = {
    400: "the server does not understand us: RemoteControl may be switched off",
    401: "the server asks for another login in front of LimeSurvey",
    403: "the server refuses us before LimeSurvey is asked",
    404: "there is no RemoteControl at this address",
    429: "the server wants fewer requests",
    500: "the server failed, or does not know this request",
    503: "the server is under maintenance",
}


class Wire(requests.Session):
    """A session that follows no redirect, so that a password is never carried to another address."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = True
        retry = Retry(
            total=RETRIES,
            backoff_factor=BACKOFF,
            backoff_max=10.0,
            status_forcelist=_PASSING,
            allowed_methods=None,
            raise_on_status=False,
            respect_retry_after_header=False,
        )
        for scheme in ("https://", "http://"):
            self.mount(scheme, HTTPAdapter(max_retries=retry))

    def request(  # type: ignore[override]
        self, method: str, url: str, *args: Any, **options: Any
    ) -> requests.Response:
        """One request.

        Raises
        ------
        ServerError
            Unreachable, too slow, another certificate, a redirect, a page instead of an answer, an answer
            that breaks off.
        """
        options |= {"timeout": (CONNECT_SECONDS, READ_SECONDS), "allow_redirects": False, "stream": True}
        try:
            response = super().request(method, url, *args, **options)
            _whole(response)
        except requests.exceptions.SSLError:
            raise ServerError(
                "certificate of the survey server cannot be verified",
                remedy="ask the office network's administrator; a company's own authority: REQUESTS_CA_BUNDLE=FILE",
            ) from None
        except requests.exceptions.ProxyError:
            raise ServerError("the proxy does not let us through", remedy="check HTTPS_PROXY") from None
        except requests.exceptions.Timeout:
            raise ServerError("survey server does not answer in time", remedy="try again later") from None
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            raise ServerError("answer of the survey server broke off", remedy="try again") from None
        except (requests.exceptions.ConnectionError, requests.exceptions.RetryError):
            raise ServerError(
                "survey server cannot be reached", remedy="check the address and the network connection"
            ) from None
        except requests.exceptions.RequestException as error:
            raise ServerError(f"survey server cannot be asked: {type(error).__name__}") from None
        _refuse_other_answers(response)
        return response


def _whole(response: requests.Response) -> None:
    """Read the body within its limits of time and size."""
    start, parts, size = time.monotonic(), [], 0
    for part in response.iter_content(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > _LARGEST:
            raise ServerError("answer of the survey server is too large", expected=f"at most {_LARGEST:,} bytes")
        if time.monotonic() - start > WHOLE_SECONDS:
            raise requests.exceptions.Timeout
    expected = response.headers.get("Content-Length", "")
    if expected.isdigit() and not response.headers.get("Content-Encoding") and size < int(expected):
        raise requests.exceptions.ChunkedEncodingError
    response._content = b"".join(parts)


def _refuse_other_answers(response: requests.Response) -> None:
    status = response.status_code
    if 300 <= status < 400:
        raise ServerError(
            "the server sends us to another address",
            value=response.headers.get("Location", "")[:80],
            remedy="use the address itself; a login page of the network's proxy must be answered in a browser first",
        )
    if status != 200:
        raise ServerError(
            _MEANINGS.get(status, "survey server answers with an error"),
            value=f"HTTP {status}",
            remedy="try again later" if status in _PASSING else "check the address; ask the server's administrator",
        )
    kind, start = response.headers.get("Content-Type", ""), response.content[:200].lstrip().lower()
    if "html" in kind or start.startswith((b"<!doctype", b"<html")):
        raise ServerError(
            "a web page came instead of an answer",
            value=kind or "HTML",
            expected="RemoteControl's JSON",
            remedy="RemoteControl is off (Global settings, Interfaces: JSON-RPC), or a login page is between",
        )
