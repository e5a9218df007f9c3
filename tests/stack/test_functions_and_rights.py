"""Every function gets the layers, settings and rights it uses, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from sangdam_adapters.settings import Settings
from scripts.local.paths import ROOT
from scripts.local.template import Template

FUNCTIONS = (
    "ChatFunction",
    "EncodeFunction",
    "FeedbackFunction",
    "RetrainFunction",
    "WebFunction",
)
ADAPTERS = ROOT / "layers" / "adapters" / "python" / "sangdam_adapters"
ACTIONS = {
    "get_item": "dynamodb:GetItem",
    "query": "dynamodb:Query",
    "put_item": "dynamodb:PutItem",
    "update_item": "dynamodb:UpdateItem",
    "delete_item": "dynamodb:DeleteItem",
    "batch_write_item": "dynamodb:BatchWriteItem",
    "scan": "dynamodb:Scan",
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "transact_write_items": None,  # needs the rights of what is in it
}


def properties(document: dict[str, Any], function: str) -> dict[str, Any]:
    found: dict[str, Any] = document["Resources"][function]["Properties"]
    return found


def statements(document: dict[str, Any], function: str) -> list[dict[str, Any]]:
    """Return the statements of a function's policies, those under a condition among them."""
    policies = properties(document, function).get("Policies", [])
    chosen = [policy["Fn::If"][1] if "Fn::If" in policy else policy for policy in policies]
    return [statement for policy in chosen for statement in policy["Statement"]]


def rights(document: dict[str, Any], function: str) -> dict[str, set[str]]:
    """Return what a function may do, by the resource it may do it to."""
    found: dict[str, set[str]] = {}
    for statement in statements(document, function):
        actions = statement["Action"]
        actions = [actions] if isinstance(actions, str) else actions
        for resource in mentioned(statement["Resource"]):
            found.setdefault(resource, set()).update(actions)
    return found


def mentioned(value: Any) -> set[str]:
    """Return the logical ids of the resources that a value speaks of."""
    text = json.dumps(value)
    pattern = r'"Ref": "(\w+)"|"Fn::GetAtt": \["(\w+)"|\$\{(\w+)(?:\.\w+)?\}'
    return {next(filter(None, found)) for found in re.findall(pattern, text)}


def settings_read(function: str) -> set[str]:
    """Return the settings that a function's app.py reads."""
    folder = function.removesuffix("Function").lower()
    code = (ROOT / "functions" / folder / "app.py").read_text("utf-8")
    names = re.findall(r"settings\.(\w+)|Settings\(os\.environ\)\.(\w+)", code)
    direct = re.findall(r'os\.environ(?:\.get\(|\[)"(SANGDAM_\w+)"', code)
    return {"SANGDAM_" + "".join(found).upper() for found in names} | set(direct)


def calls(adapter: str) -> Iterator[str]:
    """Yield the actions that an adapter of DynamoDB takes."""
    code = (ADAPTERS / adapter).read_text("utf-8")
    found = re.findall(
        r'self\._db\.(?!get_paginator)(\w+)\(|get_paginator\("(\w+)"\)'
        r'|"(Put|Update|Delete|ConditionCheck)":',
        code,
    )
    assert found, adapter
    for names in found:
        action = ACTIONS["".join(names)]
        if action is not None:
            yield action


def test_the_functions_are_the_ones_there_are_folders_for(document: dict[str, Any]) -> None:
    folders = sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))
    uris = [
        (name, resource["Properties"]["CodeUri"])
        for name, resource in document["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    ]
    assert sorted(uri for _, uri in uris) == [f"functions/{folder}" for folder in folders]
    assert sorted(name for name, _ in uris) == sorted(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_given_the_settings_it_reads_and_no_others(
    template: Template, function: str
) -> None:
    given = {
        name for name in template.function(function).environment if name.startswith("SANGDAM_")
    }
    optional = {"SANGDAM_TRAINING_SECONDS"}
    assert given - optional == settings_read(function) - optional


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_address_given_to_a_function_can_be_read(template: Template, function: str) -> None:
    environment = template.function(function).environment
    settings = Settings(environment)
    for name in environment:
        field = name.removeprefix("SANGDAM_").lower()
        if name.startswith("SANGDAM_") and hasattr(Settings, field):
            assert getattr(settings, field) or name == "SANGDAM_OUTSIDE_SECRET"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_touch_exactly_the_resources_it_has_addresses_of(
    document: dict[str, Any], function: str
) -> None:
    variables = properties(document, function)["Environment"]["Variables"]
    addresses = {name: value for name, value in variables.items() if name.startswith("SANGDAM_")}
    ours = mentioned(addresses) & set(document["Resources"])
    # Functions of the team's own are no resources of this stack, and their addresses are in packs.
    assert set(rights(document, function)) - {"OutsideFunctions"} == ours


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_right_holds_for_everything(document: dict[str, Any], function: str) -> None:
    for statement in statements(document, function):
        assert statement["Effect"] == "Allow"
        assert "*" not in json.dumps(statement["Action"])
        for text in re.findall(r'"([^"]*\*[^"]*)"', json.dumps(statement["Resource"])):
            assert text == "${ReleasesBucket.Arn}/releases/*"


def test_web_and_encode_have_no_rights_at_all(document: dict[str, Any]) -> None:
    assert not statements(document, "WebFunction")
    assert not statements(document, "EncodeFunction")


def test_chat_may_do_to_conversations_what_the_adapter_does(document: dict[str, Any]) -> None:
    granted = rights(document, "ChatFunction")["ConversationsTable"]
    assert granted == set(calls("dynamodb_conversations.py"))


def test_chat_may_do_to_the_back_office_what_its_adapters_do(document: dict[str, Any]) -> None:
    granted = rights(document, "ChatFunction")["BackofficeTable"]
    assert granted == {*calls("dynamodb_backoffice.py"), *calls("dynamodb_writes.py")}


def test_feedback_and_retrain_may_do_between_them_what_the_adapter_does(
    document: dict[str, Any],
) -> None:
    granted = {
        right
        for function in ("ChatFunction", "FeedbackFunction", "RetrainFunction")
        for right in rights(document, function)["FeedbackTable"]
    }
    assert granted == set(calls("dynamodb_feedback.py"))


def test_only_chat_may_delete_feedback_for_only_there_sessions_are(
    document: dict[str, Any],
) -> None:
    for function in ("FeedbackFunction", "RetrainFunction"):
        assert "dynamodb:DeleteItem" not in rights(document, function)["FeedbackTable"]
    assert "dynamodb:DeleteItem" in rights(document, "ChatFunction")["FeedbackTable"]


def test_only_chat_may_tell_people_and_nothing_else_of_sns(document: dict[str, Any]) -> None:
    for function in FUNCTIONS:
        allowed = {
            (resource, action)
            for resource, actions in rights(document, function).items()
            for action in actions
            if action.startswith("sns:")
        }
        expected = {("OperatorTopic", "sns:Publish")} if function == "ChatFunction" else set()
        assert allowed == expected


def test_chat_may_call_the_functions_that_were_named_and_none_if_none_were(
    document: dict[str, Any],
) -> None:
    policies = properties(document, "ChatFunction")["Policies"]
    (conditional,) = [policy["Fn::If"] for policy in policies if "Fn::If" in policy]
    condition, named, none = conditional
    assert condition == "HasOutsideFunctions"
    assert document["Conditions"][condition] == {
        "Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", {"Ref": "OutsideFunctions"}]}, ""]}]
    }
    (statement,) = named["Statement"]
    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Resource"] == {"Ref": "OutsideFunctions"}
    assert none == {"Ref": "AWS::NoValue"}


def test_the_secret_is_shown_by_no_console_of_cloudformation(document: dict[str, Any]) -> None:
    assert document["Parameters"]["OutsideSecret"]["NoEcho"] is True
    users = [
        name
        for name, resource in document["Resources"].items()
        if "OutsideSecret" in mentioned(resource)
    ]
    assert users == ["ChatFunction"]
    assert "OutsideSecret" not in mentioned(document["Outputs"])


def test_nobody_is_mailed_unless_an_address_is_given(document: dict[str, Any]) -> None:
    resources = document["Resources"]
    topic = resources["OperatorTopic"]["Properties"]
    assert topic["KmsMasterKeyId"] == "alias/aws/sns"  # a key of one's own costs every month
    assert "Subscription" not in topic
    assert resources["OperatorSubscription"]["Condition"] == "HasOperatorEmail"
    assert document["Parameters"]["OperatorEmail"]["Default"] == ""


def test_only_retrain_may_change_releases(document: dict[str, Any]) -> None:
    writers = [
        function
        for function in FUNCTIONS
        if "s3:PutObject" in rights(document, function).get("ReleasesBucket", ())
    ]
    assert writers == ["RetrainFunction"]


def test_whoever_reads_the_bucket_may_list_it_without_conditions(document: dict[str, Any]) -> None:
    # Otherwise S3 answers 403 for an object that is not there, and a new stack never starts.
    for function in ("ChatFunction", "RetrainFunction"):
        [listing] = [
            statement
            for statement in statements(document, function)
            if statement["Action"] == "s3:ListBucket"
        ]
        assert "Condition" not in listing


def test_feedback_only_reads_conversations(document: dict[str, Any]) -> None:
    assert rights(document, "FeedbackFunction")["ConversationsTable"] == {"dynamodb:GetItem"}


def test_of_our_own_functions_only_encode_is_invoked_and_only_by_retrain(
    document: dict[str, Any],
) -> None:
    invoked = {
        resource
        for function in FUNCTIONS
        for resource, actions in rights(document, function).items()
        if "lambda:InvokeFunction" in actions
    }
    assert invoked == {"EncodeFunction", "OutsideFunctions"}
    assert "EncodeFunction" in rights(document, "RetrainFunction")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_has_the_layers_of_what_it_imports_and_at_most_five(
    document: dict[str, Any], function: str
) -> None:
    layers = [layer["Ref"] for layer in properties(document, function).get("Layers", ())]
    assert len(layers) == len(set(layers)) <= 5
    folder = function.removesuffix("Function").lower()
    code = (ROOT / "functions" / folder / "app.py").read_text("utf-8")
    addresses = json.dumps(properties(document, function)["Environment"]["Variables"])
    wanted = {
        "CoreLayer": "import sangdam" in code or "from sangdam" in code,
        "AdaptersLayer": "sangdam_adapters" in code,
        "TrainingLayer": "sangdam_training" in code,
        "TrainerLayer": "sangdam_training" in code,
        "RuntimeLayer": "sangdam_adapters" in code and "sangdam_training" not in code,
        "EncoderLayer": "file:///opt/encoder" in addresses,
        "ContentLayer": "file:///opt/content/" in addresses,
    }
    assert set(layers) == {layer for layer, is_wanted in wanted.items() if is_wanted}


def test_every_layer_is_built_by_a_makefile_that_has_its_target(document: dict[str, Any]) -> None:
    layers = {
        name: resource
        for name, resource in document["Resources"].items()
        if resource["Type"] == "AWS::Serverless::LayerVersion"
    }
    for name, layer in layers.items():
        assert layer["Metadata"]["BuildMethod"] == "makefile"
        makefile = ROOT / layer["Properties"]["ContentUri"] / "Makefile"
        assert f"build-{name}:" in makefile.read_text("utf-8").splitlines()
        assert layer["Properties"]["CompatibleRuntimes"] == ["python3.13"]
        assert layer["Properties"]["CompatibleArchitectures"] == ["x86_64"]


def test_functions_bring_no_requirements_of_their_own() -> None:
    # With one, sam would ask for the runtime's own Python on the machine that builds.
    assert not list((ROOT / "functions").rglob("requirements*.txt"))


def test_the_night_runs_once_at_half_past_three_in_seoul(document: dict[str, Any]) -> None:
    function = properties(document, "RetrainFunction")
    [night] = function["Events"].values()
    parameters = document["Parameters"]
    assert night["Type"] == "ScheduleV2"
    assert night["Properties"]["ScheduleExpression"] == {"Ref": "RetrainSchedule"}
    assert parameters["RetrainSchedule"]["Default"] == "cron(30 3 * * ? *)"
    assert night["Properties"]["ScheduleExpressionTimezone"] == {"Ref": "RetrainTimeZone"}
    assert parameters["RetrainTimeZone"]["Default"] == "Asia/Seoul"
    assert function["EventInvokeConfig"]["MaximumRetryAttempts"] == 0
    # Schedules are named within the account, not within the stack.
    assert "${AWS::StackName}" in night["Properties"]["Name"]["Fn::Sub"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_logs_of_a_function_are_kept_only_so_long(document: dict[str, Any], function: str) -> None:
    group = properties(document, function)["LoggingConfig"]["LogGroup"]["Ref"]
    assert document["Resources"][group]["Type"] == "AWS::Logs::LogGroup"
    retention = document["Resources"][group]["Properties"]["RetentionInDays"]
    assert retention == {"Ref": "LogRetentionDays"}
