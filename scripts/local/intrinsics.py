"""CloudFormation's intrinsic functions, read from YAML and resolved for this machine.

Only what a value needs is resolved: a resource that this machine does not stand in for may use any
function it likes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import yaml

REGION: Final = "ap-northeast-2"
ACCOUNT = "123456789012"
STACK = "sangdam-local"

_SUB = re.compile(r"\$\{(!?[^${}]+)\}")


class TemplateError(Exception):
    """The template cannot be served locally; the message says where and why."""


class Absent:
    """What ``AWS::NoValue`` stands for: the property is not there."""


ABSENT = Absent()

PSEUDO_PARAMETERS: Mapping[str, Any] = {
    "AWS::AccountId": ACCOUNT,
    "AWS::NoValue": ABSENT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/local",
    "AWS::StackName": STACK,
    "AWS::URLSuffix": "amazonaws.com",
}


class _Loader(yaml.SafeLoader):
    """A safe YAML loader that knows CloudFormation's short forms (``!Ref``, ``!Sub`` ...)."""


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        raise TemplateError(f"!{suffix}: a value is missing after it")
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


def read_yaml(text: str, *, name: str) -> Any:
    """Parse YAML with CloudFormation's short forms; ``name`` is named in errors."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from SafeLoader
    except yaml.YAMLError as error:
        raise TemplateError(f"{name}: not valid YAML: {error}") from error


class Resolver:
    """Resolves intrinsic functions against parameters, conditions and local resource names.

    Args:
        parameters: values of the template's parameters, defaults filled in.
        conditions: the template's ``Conditions`` section, unresolved.
        mappings: the template's ``Mappings`` section.
        reference: gives what ``Ref`` of a resource stands for; None if there is no such resource.
        attribute: gives what ``Fn::GetAtt`` of a resource stands for; None likewise.
    """

    def __init__(
        self,
        *,
        parameters: Mapping[str, Any],
        conditions: Mapping[str, Any],
        mappings: Mapping[str, Any],
        reference: Callable[[str], str | None],
        attribute: Callable[[str, str], str | None],
    ) -> None:
        self._parameters = parameters
        self._conditions = conditions
        self._mappings = mappings
        self._reference = reference
        self._attribute = attribute

    def resolve(self, value: Any, *, where: str) -> Any:
        """Return ``value`` with every function replaced by what it stands for.

        Raises TemplateError, naming ``where``, for anything unknown.
        """
        if isinstance(value, list):
            resolved = [self.resolve(item, where=f"{where}[{n}]") for n, item in enumerate(value)]
            return [item for item in resolved if item is not ABSENT]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((key, argument),) = value.items()
            if key in ("Ref", "Condition") or (isinstance(key, str) and key.startswith("Fn::")):
                return self._call(key, argument, where)
        pairs = {key: self.resolve(item, where=f"{where}.{key}") for key, item in value.items()}
        return {key: item for key, item in pairs.items() if item is not ABSENT}

    def is_true(self, condition: str, *, where: str) -> bool:
        """Return the value of a named condition of the template."""
        if condition not in self._conditions:
            raise TemplateError(f"{where}: there is no condition {condition!r}")
        return bool(self.resolve(self._conditions[condition], where=f"Conditions.{condition}"))

    def _call(self, function: str, argument: Any, where: str) -> Any:
        match function:
            case "Ref":
                return self._ref(argument, where)
            case "Condition":
                return self.is_true(argument, where=where)
            case "Fn::Sub":
                return self._sub(argument, where)
            case "Fn::GetAtt":
                resource, name = argument
                return self._get_attribute(resource, self.resolve(name, where=where), where)
            case "Fn::If":
                condition, yes, no = argument
                chosen = yes if self.is_true(condition, where=where) else no
                return self.resolve(chosen, where=where)
        values = self.resolve(argument, where=where)
        match function:
            case "Fn::Equals":
                return str(values[0]) == str(values[1])
            case "Fn::Not":
                return not values[0]
            case "Fn::And":
                return all(values)
            case "Fn::Or":
                return any(values)
            case "Fn::Join":
                return str(values[0]).join(str(item) for item in values[1])
            case "Fn::Split":
                return str(values[1]).split(values[0])
            case "Fn::Select":
                return values[1][int(values[0])]
            case "Fn::FindInMap":
                return self._find_in_map(values, where)
        raise TemplateError(f"{where}: {function} is not supported when serving locally")

    def _ref(self, name: str, where: str) -> Any:
        if name in self._parameters:
            return self._parameters[name]
        if name in PSEUDO_PARAMETERS:
            return PSEUDO_PARAMETERS[name]
        local = self._reference(name)
        if local is None:
            raise TemplateError(f"{where}: {name!r} is neither a parameter nor a resource")
        return local

    def _get_attribute(self, resource: str, name: str, where: str) -> str:
        value = self._attribute(resource, name)
        if value is None:
            raise TemplateError(f"{where}: there is no resource {resource!r} to take {name!r} from")
        return value

    def _sub(self, argument: Any, where: str) -> str:
        text, own = argument if isinstance(argument, list) else (argument, {})
        own = self.resolve(own, where=where)

        def value_of(match: re.Match[str]) -> str:
            name = match[1].strip()
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in own:
                return str(own[name])
            if "." in name:
                resource, attribute = name.split(".", 1)
                return self._get_attribute(resource, attribute, where)
            return str(self._ref(name, where))

        return _SUB.sub(value_of, text)

    def _find_in_map(self, keys: list[Any], where: str) -> Any:
        found: Any = self._mappings
        for key in keys[:3]:
            if not isinstance(found, dict) or key not in found:
                raise TemplateError(f"{where}: Mappings has no {'.'.join(map(str, keys[:3]))}")
            found = found[key]
        return found
