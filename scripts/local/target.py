"""Which service a command acts on: the one scripts/run has started, or a deployed stack."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from sangdam_adapters.settings import Settings
from scripts.local.paths import ROOT
from scripts.local.running import find_running


class TargetError(Exception):
    """There is nothing to act on; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """A service: the settings that lead to its stores, and the name of its retrain function."""

    settings: Settings
    retrain_function: str


def add_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that names a deployed stack."""
    parser.add_argument(
        "--stack",
        metavar="NAME",
        help="act on this deployed CloudFormation stack (default: the service of scripts/run)",
    )


def find_target(stack: str | None) -> Target:
    """Return the service to act on; clients made afterwards lead to it.

    Raises
    ------
    TargetError
        If no service runs here, or the stack cannot be read or is none of ours.
    """
    if stack is not None:
        return _deployed(stack)
    running = find_running(ROOT)
    if running is None:
        raise TargetError(
            "No service is running here. Start one with scripts/run, or name a deployed stack"
            " with --stack."
        )
    os.environ.update(running.environment)
    return Target(Settings(running.environment), "RetrainFunction")


def _deployed(stack: str) -> Target:
    try:
        stacks = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        raise TargetError(f"Stack '{stack}' cannot be read: {error}") from error
    outputs = {
        str(output["OutputKey"]): str(output["OutputValue"])
        for output in stacks[0].get("Outputs", ())
    }
    return Target(
        Settings(_addresses(stack, outputs)), _named(stack, outputs, "RetrainFunctionName")
    )


def _addresses(stack: str, outputs: Mapping[str, str]) -> dict[str, str]:
    def table(name: str) -> str:
        return f"dynamodb://{_named(stack, outputs, name)}"

    return {
        "SANGDAM_RELEASES": f"s3://{_named(stack, outputs, 'ReleasesBucketName')}/releases",
        "SANGDAM_CONVERSATIONS": table("ConversationsTableName"),
        "SANGDAM_FEEDBACK": table("FeedbackTableName"),
        "SANGDAM_BACKOFFICE": table("BackofficeTableName"),
    }


def _named(stack: str, outputs: Mapping[str, str], name: str) -> str:
    if name not in outputs:
        raise TargetError(
            f"Stack '{stack}' has no output {name}; is it a stack of this template.yaml?"
        )
    return outputs[name]
