"""Makes the template's tables, buckets and topics, from their own Properties, in a store that
speaks AWS.

CloudFormation's properties map one to one to API calls. A property that has no call here is refused
rather than skipped, so that a misspelt one is noticed before anything is deployed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ParamValidationError

from scripts.local.intrinsics import REGION, TemplateError
from scripts.local.template import Store, Template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient

# Given to CreateTable as they are.
_TABLE_CREATION = frozenset(
    {
        "AttributeDefinitions",
        "BillingMode",
        "DeletionProtectionEnabled",
        "GlobalSecondaryIndexes",
        "KeySchema",
        "LocalSecondaryIndexes",
        "OnDemandThroughput",
        "ProvisionedThroughput",
        "TableClass",
        "Tags",
    }
)
_TABLE_AFTERWARDS = frozenset(
    {
        "PointInTimeRecoverySpecification",
        "SSESpecification",
        "StreamSpecification",
        "TableName",
        "TimeToLiveSpecification",
    }
)
_BUCKET = frozenset(
    {
        "BucketEncryption",
        "BucketName",
        "LifecycleConfiguration",
        "OwnershipControls",
        "PublicAccessBlockConfiguration",
        "Tags",
        "VersioningConfiguration",
    }
)
_TOPIC = frozenset({"DisplayName", "KmsMasterKeyId"})


def create_topics(template: Template, *, sns: SNSClient) -> None:
    """Create every topic of the template.

    Raises TemplateError if a resource has a property that is unknown or is refused.
    """
    for topic in template.topics:
        _check(topic, _TOPIC)
        with _naming(topic):
            attributes = {name: str(value) for name, value in topic.properties.items()}
            sns.create_topic(Name=topic.name.rpartition(":")[2], Attributes=attributes)


def create_stores(template: Template, *, dynamodb: DynamoDBClient, s3: S3Client) -> None:
    """Create every table and bucket of the template.

    Raises TemplateError if a resource has a property that is unknown or is refused.
    """
    for table in template.tables:
        _check(table, _TABLE_CREATION | _TABLE_AFTERWARDS)
    for bucket in template.buckets:
        _check(bucket, _BUCKET)
    for table in template.tables:
        with _naming(table):
            _create_table(dynamodb, table)
    for bucket in template.buckets:
        with _naming(bucket):
            _create_bucket(s3, bucket)


def _check(store: Store, known: frozenset[str]) -> None:
    if unknown := sorted(set(store.properties) - known):
        raise TemplateError(
            f"template.yaml: {store.logical_id}: property {unknown[0]!r} is not known here; "
            "if AWS knows it, teach scripts/local/stack.py what it means"
        )


@contextmanager
def _naming(store: Store) -> Iterator[None]:
    try:
        yield
    except (ClientError, ParamValidationError) as error:
        told = " ".join(str(error).split())
        raise TemplateError(f"template.yaml: {store.logical_id}: {told}") from error


def _create_table(client: DynamoDBClient, table: Store) -> None:
    properties = table.properties
    creation: dict[str, Any] = {
        name: value for name, value in properties.items() if name in _TABLE_CREATION
    }
    if "SSESpecification" in properties:
        creation["SSESpecification"] = _renamed(
            properties["SSESpecification"], {"SSEEnabled": "Enabled"}
        )
    if "StreamSpecification" in properties:
        creation["StreamSpecification"] = {
            "StreamEnabled": True,
            **properties["StreamSpecification"],
        }
    client.create_table(TableName=table.name, **creation)
    if "TimeToLiveSpecification" in properties:
        client.update_time_to_live(
            TableName=table.name,
            TimeToLiveSpecification=properties["TimeToLiveSpecification"],
        )
    if "PointInTimeRecoverySpecification" in properties:
        client.update_continuous_backups(
            TableName=table.name,
            PointInTimeRecoverySpecification=properties["PointInTimeRecoverySpecification"],
        )


def _create_bucket(client: S3Client, bucket: Store) -> None:
    name, properties = bucket.name, bucket.properties
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    if "BucketEncryption" in properties:
        rules = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        client.put_bucket_encryption(
            Bucket=name,
            ServerSideEncryptionConfiguration={
                "Rules": [
                    _renamed(
                        rule,
                        {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"},
                    )
                    for rule in rules
                ]
            },
        )
    if "VersioningConfiguration" in properties:
        client.put_bucket_versioning(
            Bucket=name, VersioningConfiguration=properties["VersioningConfiguration"]
        )
    if "PublicAccessBlockConfiguration" in properties:
        client.put_public_access_block(
            Bucket=name,
            PublicAccessBlockConfiguration=properties["PublicAccessBlockConfiguration"],
        )
    if "OwnershipControls" in properties:
        client.put_bucket_ownership_controls(
            Bucket=name, OwnershipControls=properties["OwnershipControls"]
        )
    if "LifecycleConfiguration" in properties:
        rules = properties["LifecycleConfiguration"]["Rules"]
        client.put_bucket_lifecycle_configuration(
            Bucket=name, LifecycleConfiguration={"Rules": [_lifecycle_rule(r) for r in rules]}
        )
    if "Tags" in properties:
        client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": properties["Tags"]})


def _lifecycle_rule(rule: Mapping[str, Any]) -> Any:
    """Turn CloudFormation's spelling of a lifecycle rule into the API's."""
    expiring = ("ExpirationInDays", "ExpiredObjectDeleteMarker", "Prefix")
    kept = {name: value for name, value in rule.items() if name not in expiring}
    answer = _renamed(kept, {"Id": "ID"})
    expiration = {
        "Days": rule.get("ExpirationInDays"),
        "ExpiredObjectDeleteMarker": rule.get("ExpiredObjectDeleteMarker"),
    }
    if given := {name: value for name, value in expiration.items() if value is not None}:
        answer["Expiration"] = given
    answer["Filter"] = {"Prefix": rule.get("Prefix", "")}
    return answer


def _renamed(value: Mapping[str, Any], names: Mapping[str, str]) -> Any:
    return {names.get(name, name): item for name, item in value.items()}
