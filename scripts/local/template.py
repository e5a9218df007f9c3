"""template.yaml as this machine serves it: routes, functions, tables, buckets, topics.

There is no second list of routes, tables or settings anywhere: what AWS deploys is what is read
here. Resources that a machine has no use for (alarms, roles, layers ...) are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.local.intrinsics import ACCOUNT, REGION, STACK, Resolver, TemplateError, read_yaml

FUNCTION = "AWS::Serverless::Function"
TABLE = "AWS::DynamoDB::Table"
BUCKET = "AWS::S3::Bucket"
TOPIC = "AWS::SNS::Topic"

_DEFAULT_TIMEOUT = 3
_DEFAULT_MEMORY = 128
_NAME_PROPERTIES = {FUNCTION: "FunctionName", TABLE: "TableName", BUCKET: "BucketName"}


@dataclass(frozen=True, slots=True)
class Route:
    """A request that a function answers: ``method`` or ANY, ``path`` or ``$default``."""

    method: str
    path: str
    function: str

    @property
    def key(self) -> str:
        """The route key as API Gateway writes it: ``POST /v1/sessions``."""
        return "$default" if self.path == "$default" else f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """A Lambda function of the template.

    ``folder`` is its CodeUri, ``environment`` what its settings say (addresses as in AWS), and
    ``is_scheduled`` tells that a schedule starts it.
    """

    logical_id: str
    name: str
    folder: Path
    handler: str
    timeout: int
    memory: int
    environment: Mapping[str, str]
    is_scheduled: bool

    @property
    def module(self) -> str:
        """The handler's module, as seen from the repository's root: ``functions.chat.app``."""
        return ".".join((*self.folder.parts, self.handler.rpartition(".")[0]))

    @property
    def attribute(self) -> str:
        """The handler's name within its module."""
        return self.handler.rpartition(".")[2]

    @property
    def arn(self) -> str:
        """The function's address in AWS."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.name}"


@dataclass(frozen=True, slots=True)
class Store:
    """A table, bucket or topic: its logical id, local name and own Properties, resolved.

    The local name of a topic is its ARN.
    """

    logical_id: str
    name: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cors:
    """What the HTTP API answers to other origins; empty means no CORS at all."""

    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    max_age: int | None = None
    has_credentials: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A template, resolved with the defaults of its parameters."""

    functions: tuple[FunctionSpec, ...]
    routes: tuple[Route, ...]
    tables: tuple[Store, ...]
    buckets: tuple[Store, ...]
    topics: tuple[Store, ...] = ()
    cors: Cors = field(default_factory=Cors)

    def function(self, logical_id: str) -> FunctionSpec:
        """Return the function of that logical id."""
        for function in self.functions:
            if function.logical_id == logical_id:
                return function
        raise TemplateError(f"there is no function {logical_id!r} in the template")


def load_template(path: Path, *, parameters: Mapping[str, str] | None = None) -> Template:
    """Read a SAM template.

    Args:
        path: the template's file.
        parameters: values for the template's parameters instead of their defaults.

    Raises
    ------
    TemplateError
        If the file cannot be read, or something that is served locally cannot be resolved.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TemplateError(f"{path}: cannot be read: {error.strerror}") from error
    document = read_yaml(text, name=path.name)
    if not isinstance(document, dict) or not isinstance(document.get("Resources"), dict):
        raise TemplateError(f"{path.name}: has no Resources")
    return _Reading(document, name=path.name, parameters=parameters or {}).template()


class _Reading:
    """One reading of a document: the resolver, and what it needs to know of the resources."""

    def __init__(self, document: dict[str, Any], *, name: str, parameters: Mapping[str, str]):
        self._name = name
        self._resources: dict[str, dict[str, Any]] = document["Resources"]
        self._globals: dict[str, Any] = document.get("Globals") or {}
        self._resolver = Resolver(
            parameters=self._parameters(document.get("Parameters") or {}, parameters),
            conditions=document.get("Conditions") or {},
            mappings=document.get("Mappings") or {},
            reference=self._reference,
            attribute=self._attribute,
        )

    def template(self) -> Template:
        functions = tuple(self._function(i, r) for i, r in self._of_type(FUNCTION))
        return Template(
            functions=functions,
            routes=tuple(route for f in functions for route in self._routes(f.logical_id)),
            tables=tuple(self._store(i, r) for i, r in self._of_type(TABLE)),
            buckets=tuple(self._store(i, r) for i, r in self._of_type(BUCKET)),
            topics=tuple(self._store(i, r) for i, r in self._of_type(TOPIC)),
            cors=self._cors(),
        )

    def _parameters(
        self, declared: Mapping[str, Any], given: Mapping[str, str]
    ) -> dict[str, str | list[str]]:
        if unknown := sorted(set(given) - set(declared)):
            known = ", ".join(sorted(declared)) or "none"
            raise TemplateError(f"{self._name}: no parameter {unknown[0]!r}; there are: {known}")
        values: dict[str, str | list[str]] = {}
        for name, declaration in declared.items():
            if name not in given and "Default" not in declaration:
                continue  # an error only where it is used
            value = str(given.get(name, declaration.get("Default")))
            is_list = str(declaration.get("Type", "")).startswith(("CommaDelimitedList", "List<"))
            values[name] = [v.strip() for v in value.split(",") if v.strip()] if is_list else value
        return values

    def _of_type(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        found = []
        for logical_id, resource in self._resources.items():
            if resource.get("Type") != kind:
                continue
            condition = resource.get("Condition")
            where = f"{self._name}: {logical_id}"
            if condition is None or self._resolver.is_true(condition, where=where):
                found.append((logical_id, resource))
        return found

    def _resolved(self, logical_id: str, path: str, value: Any) -> Any:
        return self._resolver.resolve(value, where=f"{self._name}: {logical_id}.{path}")

    def _reference(self, logical_id: str) -> str | None:
        resource = self._resources.get(logical_id)
        if resource is None:
            return "http-api" if logical_id == "ServerlessHttpApi" else None
        given = (resource.get("Properties") or {}).get(
            _NAME_PROPERTIES.get(str(resource.get("Type")), "")
        )
        if given is not None:
            return str(self._resolved(logical_id, "name", given))
        match resource.get("Type"):
            case "AWS::Serverless::Function":
                return logical_id
            case "AWS::S3::Bucket":
                return f"{STACK}-{logical_id}".lower()
            case "AWS::SNS::Topic":
                return f"arn:aws:sns:{REGION}:{ACCOUNT}:{STACK}-{logical_id}"
        return f"{STACK}-{logical_id}"

    def _attribute(self, logical_id: str, name: str) -> str | None:
        local = self._reference(logical_id)
        if local is None:
            return None
        kind = self._resources.get(logical_id, {}).get("Type")
        match kind, name:
            case "AWS::Serverless::Function", "Arn":
                return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{local}"
            case "AWS::DynamoDB::Table", "Arn":
                return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{local}"
            case "AWS::S3::Bucket", "Arn":
                return f"arn:aws:s3:::{local}"
        return f"{local}.{name}"

    def _function(self, logical_id: str, resource: dict[str, Any]) -> FunctionSpec:
        shared = self._globals.get("Function") or {}
        own = resource.get("Properties") or {}
        variables = {
            **((shared.get("Environment") or {}).get("Variables") or {}),
            **((own.get("Environment") or {}).get("Variables") or {}),
        }

        def setting(name: str, default: Any) -> Any:
            return self._resolved(logical_id, name, own.get(name, shared.get(name, default)))

        events = own.get("Events") or {}
        environment = self._resolved(logical_id, "Environment", variables)
        return FunctionSpec(
            logical_id=logical_id,
            name=self._reference(logical_id) or logical_id,
            folder=Path(setting("CodeUri", "")),
            handler=str(setting("Handler", "")),
            timeout=int(setting("Timeout", _DEFAULT_TIMEOUT)),
            memory=int(setting("MemorySize", _DEFAULT_MEMORY)),
            environment={name: str(value) for name, value in environment.items()},
            is_scheduled=any(e.get("Type") in ("Schedule", "ScheduleV2") for e in events.values()),
        )

    def _routes(self, logical_id: str) -> list[Route]:
        events = (self._resources[logical_id].get("Properties") or {}).get("Events") or {}
        routes = []
        for name, event in events.items():
            if event.get("Type") != "HttpApi":
                continue
            properties = event.get("Properties") or {}
            path = self._resolved(logical_id, f"Events.{name}.Path", properties.get("Path"))
            method = self._resolved(logical_id, f"Events.{name}.Method", properties.get("Method"))
            routes.append(
                Route(
                    method=str(method or "ANY").upper(),
                    path=str(path or "$default"),
                    function=logical_id,
                )
            )
        return routes

    def _store(self, logical_id: str, resource: dict[str, Any]) -> Store:
        properties = self._resolved(logical_id, "Properties", resource.get("Properties") or {})
        return Store(
            logical_id=logical_id,
            name=self._reference(logical_id) or logical_id,
            properties=properties,
        )

    def _cors(self) -> Cors:
        shared = (self._globals.get("HttpApi") or {}).get("CorsConfiguration")
        apis = self._of_type("AWS::Serverless::HttpApi")
        own = [(r.get("Properties") or {}).get("CorsConfiguration") for _, r in apis]
        raw = next((c for c in own if c is not None), shared)
        settings = self._resolved("HttpApi", "CorsConfiguration", raw)
        if settings is True or str(settings).lower() == "true":
            return Cors(origins=("*",))
        if not isinstance(settings, dict):
            return Cors()
        return Cors(
            origins=_texts(settings.get("AllowOrigins")),
            methods=_texts(settings.get("AllowMethods")),
            headers=_texts(settings.get("AllowHeaders")),
            exposed=_texts(settings.get("ExposeHeaders")),
            max_age=int(settings["MaxAge"]) if "MaxAge" in settings else None,
            has_credentials=str(settings.get("AllowCredentials", False)).lower() == "true",
        )


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)
