"""Which settings each function runs with on this machine, and which may share a process.

In AWS every function has its own environment and its layers under ``/opt``. Here the folders of
those layers stand in the repository, and functions whose settings agree share one process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.local.intrinsics import REGION, TemplateError
from scripts.local.template import FunctionSpec, Template

LAYER_FOLDERS: Mapping[str, str] = {
    "/opt/content/bots": "layers/content/bots",
    "/opt/content/releases": ".cache/releases",
    "/opt/encoder": ".cache/encoder",
}

# Says only under which name a function logs and counts: harmless to share.
_COSMETIC = frozenset({"POWERTOOLS_SERVICE_NAME"})
# What the machine's owner may have set for real AWS must not reach into a local run.
REMOVED = (
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_PROFILE",
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_SNS",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where each function runs: together under one ``environment``, or alone under its own."""

    together: tuple[FunctionSpec, ...]
    environment: Mapping[str, str]
    alone: tuple[FunctionSpec, ...]


def local_settings(function: FunctionSpec, *, root: Path) -> dict[str, str]:
    """Return a function's environment variables with its layers' folders found under ``root``.

    Raises TemplateError for a folder under /opt that no local folder stands for.
    """
    return {
        name: _local_value(value, where=f"{function.logical_id}: {name}", root=root)
        for name, value in function.environment.items()
    }


def _local_value(value: str, *, where: str, root: Path) -> str:
    for folder, local in LAYER_FOLDERS.items():
        for start in (f"file://{folder}", folder):
            rest = value.removeprefix(start)
            if rest != value and (not rest or rest.startswith("/")):
                return start.removesuffix(folder) + (root / local).as_posix() + rest
    if "/opt/" in value:
        raise TemplateError(
            f"template.yaml: {where}: {value!r} has no local folder; "
            "name it in scripts/local/environment.py"
        )
    return value


def place(template: Template, *, root: Path) -> Placement:
    """Decide which functions share this process: those with routes come first."""
    routed = {route.function for route in template.routes}
    ordered = sorted(template.functions, key=lambda f: f.logical_id not in routed)
    together: list[FunctionSpec] = []
    alone: list[FunctionSpec] = []
    shared: dict[str, str] = {}
    for function in ordered:
        settings = local_settings(function, root=root)
        agrees = all(shared.get(k, v) == v for k, v in settings.items() if k not in _COSMETIC)
        if function.is_scheduled or not agrees:
            if function.logical_id in routed:
                raise TemplateError(
                    f"template.yaml: {function.logical_id} answers requests, but its settings "
                    "contradict those of another function that does"
                )
            alone.append(function)
        else:
            together.append(function)
            shared = {**settings, **shared}
    return Placement(tuple(together), shared, tuple(alone))


def aws_environment(*, endpoint: str, gateway: str) -> dict[str, str]:
    """Return the variables that lead AWS clients to this machine and nowhere else."""
    return {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_LAMBDA": gateway,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }
