"""Nothing in the stack is billed while nobody talks to it, storage aside."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from scripts.local.intrinsics import Resolver
from scripts.local.paths import ROOT
from scripts.stack.sam import sam_environment, sam_python

FREE_WHEN_IDLE = {
    "AWS::ApiGatewayV2::Api": "billed by request",
    "AWS::ApiGatewayV2::Stage": "part of the API",
    "AWS::DynamoDB::Table": "on demand: by request, and storage",
    "AWS::IAM::Role": "free",
    "AWS::Lambda::EventInvokeConfig": "free",
    "AWS::Lambda::Function": "by request and duration",
    "AWS::Lambda::LayerVersion": "free within the account's code storage",
    "AWS::Lambda::Permission": "free",
    "AWS::Logs::LogGroup": "by what is written, and storage",
    "AWS::SNS::Subscription": "free",
    "AWS::SNS::Topic": "by message",
    "AWS::S3::Bucket": "by request, and storage",
    "AWS::S3::BucketPolicy": "free",
    "AWS::Scheduler::Schedule": "by invocation",
}
TRANSFORM = """
import json, sys
from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

class Policies:
    def load(self):
        return {"AWSLambdaBasicExecutionRole": "arn:aws:iam::aws:policy/basic"}

template = yaml_parse(open(sys.argv[1], encoding="utf-8").read())
for resource in template["Resources"].values():
    for key in {"CodeUri", "ContentUri"} & set(resource["Properties"]):
        resource["Properties"][key] = "s3://bucket/key"
json.dump(transform(template, {}, Policies()), sys.stdout)
"""


@pytest.fixture(scope="module")
def transformed() -> dict[str, Any]:
    """The template as CloudFormation gets it from SAM."""
    python = sam_python()
    if not python.exists():
        pytest.skip("the SAM CLI is not installed yet; scripts/validate does it")
    done = subprocess.run(
        [python, "-c", TRANSFORM, ROOT / "template.yaml"],
        env=sam_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def made(document: dict[str, Any], **parameters: str) -> dict[str, dict[str, Any]]:
    """Return the resources that are made with these parameters, the others at their defaults."""
    values = {
        name: str(parameters.get(name, parameter["Default"]))
        for name, parameter in document["Parameters"].items()
    }
    lists = {
        name: [value]
        for name, value in values.items()
        if document["Parameters"][name]["Type"] == "CommaDelimitedList"
    }
    resolver = Resolver(
        parameters={**values, **lists},
        conditions=document["Conditions"],
        mappings={},
        reference=lambda name: None,
        attribute=lambda name, attribute: None,
    )
    return {
        name: resource
        for name, resource in document["Resources"].items()
        if "Condition" not in resource or resolver.is_true(resource["Condition"], where=name)
    }


def test_by_default_only_resources_are_made_that_cost_nothing_idle(
    transformed: dict[str, Any],
) -> None:
    costly = {
        name: resource["Type"]
        for name, resource in made(transformed).items()
        if resource["Type"] not in FREE_WHEN_IDLE
    }
    assert not costly


def test_what_may_cost_something_is_made_only_when_asked_for(transformed: dict[str, Any]) -> None:
    everything = made(
        transformed,
        EnableAlarms="true",
        EnableDashboard="true",
        OperatorEmail="desk@example.com",
    )
    assert len(everything) == len(transformed["Resources"])
    costly = {
        resource["Type"]
        for resource in everything.values()
        if resource["Type"] not in FREE_WHEN_IDLE
    }
    assert costly == {"AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"}


def test_alarms_stay_within_the_ten_that_are_free(document: dict[str, Any]) -> None:
    types = [resource["Type"] for resource in document["Resources"].values()]
    assert types.count("AWS::CloudWatch::Alarm") <= 10
    assert types.count("AWS::CloudWatch::Dashboard") <= 3


def test_nothing_is_kept_warm_or_put_into_a_network(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for word in (
        "ProvisionedConcurrency",
        "ProvisionedThroughput",
        "SnapStart",
        "VpcConfig",
        "CacheCluster",
        "KmsKey",
        "DetailedMetricsEnabled",
        "StreamSpecification",
    ):
        assert word not in text


def test_tracing_is_off_by_default_and_brings_no_rights(transformed: dict[str, Any]) -> None:
    text = json.dumps(transformed["Resources"])
    assert "TracingConfig" not in text
    assert "XRay" not in text


def test_a_second_stack_fits_into_the_same_account(transformed: dict[str, Any]) -> None:
    for name, resource in transformed["Resources"].items():
        for key in ("Name", "LogGroupName", "TableName", "BucketName", "FunctionName", "RoleName"):
            value = resource.get("Properties", {}).get(key)
            if value is not None and "Ref" not in value:
                assert "${AWS::StackName}" in json.dumps(value), (name, key)
