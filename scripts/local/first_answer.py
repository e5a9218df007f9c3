"""A fresh process answers its first message, as a cold Lambda does, and prints its memory in KB."""

import json
import sys
from typing import Any

from functions.chat import app
from scripts.local.bench_memory import peak_memory


def call(route: str, path: dict[str, str], token: str, body: dict[str, str]) -> dict[str, Any]:
    """Send one request to the chat function."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    event = {
        "routeKey": route,
        "headers": headers,
        "pathParameters": path,
        "requestContext": {"requestId": "bench"},
        "body": json.dumps(body),
    }
    answer = app.handler(event, None)
    if answer["statusCode"] >= 300:
        raise SystemExit(f"{route}: {answer['body']}")
    document: dict[str, Any] = json.loads(answer["body"])
    return document


def main(bot: str, text: str) -> None:
    """Open a session and answer one message."""
    opened = call("POST /v1/sessions", {}, "-", {"bot": bot})
    path = {"id": opened["session_id"]}
    message = {"message_id": "first", "text": text}
    call("POST /v1/sessions/{id}/turns", path, opened["token"], message)
    print(peak_memory())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
