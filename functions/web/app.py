"""Serve the chat page, the files it needs and the embeddable widget."""

import functools
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parent / "static"
SERVED = {
    "/": ("index.html", "text/html", "no-cache"),
    "/widget.js": ("widget.js", "text/javascript", "public, max-age=3600"),
    "/assets/chat.js": ("chat.js", "text/javascript", "no-cache"),
    "/assets/chat.css": ("chat.css", "text/css", "no-cache"),
    "/assets/icon.svg": ("icon.svg", "image/svg+xml", "no-cache"),
}
# SANGDAM_FRAME_ANCESTORS says who may frame the page, as the widget does: origins, or * for all.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; frame-ancestors "
)


@functools.cache
def static_files() -> tuple[str, dict[str, str]]:
    """Read the static files once: the version they share, and the text of each served path."""
    texts = {name: (STATIC / name).read_text("utf-8") for name, _, _ in SERVED.values()}
    # One module instead of many, since each request may be a Lambda of its own; chat.js begins.
    parts = sorted(STATIC.glob("*.js"), key=lambda path: (path.name == "chat.js", path.name))
    script = "".join(path.read_text("utf-8") for path in parts if path.name != "widget.js")
    texts["chat.js"] = re.sub(r"(?m)^(import .*\n|export )", "", script)
    version = hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:12]
    # The page names its files by version, so a browser never mixes two deployments.
    texts["index.html"] = re.sub(r'"(assets/[^"]+)"', rf'"\1?v={version}"', texts["index.html"])
    return version, {path: texts[name] for path, (name, _, _) in SERVED.items()}


def handler(event: dict[str, Any], _context: object = None) -> dict[str, Any]:
    """Answer one API Gateway HTTP API request (payload format 2.0)."""
    method, path = event["requestContext"]["http"]["method"], event["rawPath"]
    headers = {
        "content-security-policy": POLICY + (os.environ.get("SANGDAM_FRAME_ANCESTORS") or "*"),
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }
    if path not in SERVED or method not in ("GET", "HEAD"):
        headers |= {"content-type": "application/problem+json", "cache-control": "no-store"}
        detail = f"Nothing answers {method} {path}; the chat page is at /."
        problem = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": detail}
        return {"statusCode": 404, "headers": headers, "body": json.dumps(problem)}
    (version, texts), (_, kind, age) = static_files(), SERVED[path]
    tag = f'"{hashlib.sha256(texts[path].encode()).hexdigest()[:32]}"'
    headers |= {"content-type": f"{kind}; charset=utf-8", "etag": tag, "cache-control": age}
    if (event.get("queryStringParameters") or {}).get("v") == version:
        headers["cache-control"] = "public, max-age=31536000, immutable"
    is_known = tag in event.get("headers", {}).get("if-none-match", "")
    body = "" if is_known or method == "HEAD" else texts[path]
    return {"statusCode": 304 if is_known else 200, "headers": headers, "body": body}
