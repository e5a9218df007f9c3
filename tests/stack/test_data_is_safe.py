"""What customers entrusted to the stack outlives mistakes with the stack."""

from __future__ import annotations

from typing import Any

import pytest

TABLES = ("ConversationsTable", "FeedbackTable", "BackofficeTable")


def properties(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["Resources"][name]["Properties"]
    return found


@pytest.mark.parametrize("name", [*TABLES, "ReleasesBucket", "ReleasesBucketPolicy"])
def test_deleting_the_stack_deletes_no_data(document: dict[str, Any], name: str) -> None:
    assert document["Resources"][name]["DeletionPolicy"] == "Retain"
    assert document["Resources"][name]["UpdateReplacePolicy"] == "Retain"


def test_everything_that_holds_data_is_checked_here(document: dict[str, Any]) -> None:
    stores = {
        name
        for name, resource in document["Resources"].items()
        if resource["Type"] in ("AWS::DynamoDB::Table", "AWS::S3::Bucket")
    }
    assert stores == {*TABLES, "ReleasesBucket"}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_encrypted_recoverable_and_paid_by_use(
    document: dict[str, Any], name: str
) -> None:
    table = properties(document, name)
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]


def test_conversations_are_forgotten_in_time_and_nothing_else_is(document: dict[str, Any]) -> None:
    forgetting = {
        name: properties(document, name).get("TimeToLiveSpecification") for name in TABLES
    }
    assert forgetting == {
        "ConversationsTable": {"AttributeName": "expires_at", "Enabled": True},
        "FeedbackTable": None,
        "BackofficeTable": None,
    }


def test_feedback_is_found_by_its_status(document: dict[str, Any]) -> None:
    [index] = properties(document, "FeedbackTable")["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "by_status"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["gsi_pk", "gsi_sk"]
    assert index["Projection"] == {"ProjectionType": "ALL"}


def test_the_bucket_is_private_encrypted_and_versioned(document: dict[str, Any]) -> None:
    bucket = properties(document, "ReleasesBucket")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    rules = bucket["LifecycleConfiguration"]["Rules"]
    assert any("AbortIncompleteMultipartUpload" in rule for rule in rules)
    assert any("NoncurrentVersionExpiration" in rule for rule in rules)
    # A release must never disappear by itself: a session may still be answered by it.
    assert not any("ExpirationInDays" in rule for rule in rules)


def test_the_bucket_speaks_only_tls(document: dict[str, Any]) -> None:
    policy = properties(document, "ReleasesBucketPolicy")
    assert policy["Bucket"] == {"Ref": "ReleasesBucket"}
    [statement] = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == (
        "Deny",
        "*",
        "s3:*",
    )
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_access_logs_hold_nothing_of_the_customer(document: dict[str, Any]) -> None:
    written = properties(document, "HttpApi")["AccessLogSettings"]["Format"]
    for word in ("sourceIp", "userAgent", "authorizer", "$context.path", "header"):
        assert word not in written
