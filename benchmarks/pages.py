"""Time the pages under several clients: `python -m benchmarks.pages --url http://127.0.0.1:8000`.

Prints p50 and p95 in milliseconds for each page, beside a static file of the same server in the same
run, so that the noise of the machine can be told from the cost of the page.
"""

import argparse
import http.client
import json
import re
import statistics
import threading
import time
from collections import defaultdict
from urllib.parse import quote, urlencode, urlsplit

PAGES = {
    "static file": "/static/css/tokens.css",
    "front": "/",
    "list": "/projects",
    "list, filtered": "/projects?state=open&sector=education&sort=gap",
    "list, page 7": "/projects?page=7",
    "search, two words": "/projects?q=" + quote("被褥 学校"),
    "search, one character": "/projects?q=" + quote("光"),
    "project": "/projects/130722-001",
    "counties": "/counties",
}
MATCHES = {"matches": "/matches"}


class Client:
    """One browser: a connection that is kept, and its cookie."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=30)
        self.cookie = ""

    def get(self, path: str) -> tuple[int, bytes]:
        """Return status and body."""
        return self._send("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, bytes]:
        """Send a form; return status and body."""
        return self._send("POST", path, urlencode(fields))

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, bytes]:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self.cookie = value.split(";")[0]
        return response.status, text

    def sign_in(self, username: str, password: str) -> None:
        """Sign in through the form.

        Raises:
            RuntimeError: the site did not let us in.
        """
        _status, page = self.get("/sign-in")
        token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
        if token is None:
            raise RuntimeError("no token on the sign-in page")
        fields = {"username": username, "password": password, "csrf_token": token[1].decode()}
        status, _page = self.post("/sign-in", fields)
        if status != 303:
            raise RuntimeError(f"signing in answered {status}")


def run(
    url: str, clients: int, seconds: float, user: tuple[str, str] | None
) -> dict[str, list[float]]:
    """Return the milliseconds of each request by page."""
    times: dict[str, list[float]] = defaultdict(list)
    pages = PAGES | (MATCHES if user else {})
    lock = threading.Lock()

    def browse() -> None:
        client = Client(url)
        if user:
            client.sign_in(*user)
        for path in pages.values():
            client.get(path)
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            for name, path in pages.items():
                began = time.perf_counter()
                status, _body = client.get(path)
                spent = (time.perf_counter() - began) * 1000
                if status != 200:
                    raise RuntimeError(f"{path} answered {status}")
                with lock:
                    times[name].append(spent)

    threads = [threading.Thread(target=browse) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--user", help="name:password of an agent, to time the matches page too")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    name, _colon, password = (asked.user or "").partition(":")
    times = run(asked.url, asked.clients, asked.seconds, (name, password) if name else None)
    result = {
        page: {
            "n": len(spent),
            "p50": round(statistics.median(spent), 1),
            "p95": round(statistics.quantiles(spent, n=20)[18], 1),
        }
        for page, spent in times.items()
    }
    if asked.json:
        print(json.dumps(result, ensure_ascii=False, indent=1))
        return
    for page, row in result.items():
        print(f"{page:24} n={row['n']:5} p50={row['p50']:7.1f} ms  p95={row['p95']:7.1f} ms")


if __name__ == "__main__":
    main()
