"""template.yaml is the one list of routes, settings, tables and buckets."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import ClientError

from scripts.local.environment import local_settings, place
from scripts.local.intrinsics import TemplateError
from scripts.local.service import store_server
from scripts.local.stack import create_stores, create_topics
from scripts.local.template import Cors, load_template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

SMALL = Path(__file__).parent / "data" / "template.yaml"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Stores:
    """Clients of an empty store."""

    dynamodb: DynamoDBClient
    s3: S3Client


@pytest.fixture
def stores() -> Iterator[Stores]:
    session = Session("local", "local", region_name="ap-northeast-2")
    with store_server() as endpoint:
        config = Config(max_pool_connections=40, retries={"total_max_attempts": 1}, proxies={})
        yield Stores(
            session.client("dynamodb", endpoint_url=endpoint, config=config),
            session.client("s3", endpoint_url=endpoint, config=config),
        )


def edited(folder: Path, before: str, after: str) -> Path:
    """Return the small template with one place changed."""
    text = SMALL.read_text("utf-8")
    assert before in text
    path = folder / "template.yaml"
    path.write_text(text.replace(before, after), "utf-8")
    return path


def test_routes_come_from_the_events_of_functions() -> None:
    template = load_template(SMALL)
    assert [(route.key, route.function) for route in template.routes] == [
        ("POST /rooms/{id}/words", "Talk"),
        ("GET /rooms/{id}", "Talk"),
        ("GET /rooms/mine", "Talk"),
        ("ANY /files/{path+}", "Talk"),
    ]


def test_settings_of_functions_are_resolved() -> None:
    assert load_template(SMALL).function("Talk").environment == {
        "STAGE": "dev",
        "NOTES": "dynamodb://sangdam-local-Notes",
        "PLACE": "sangdam-local-files/b",
        "BASELINE": "file:///opt/content/releases",
        "ENCODER": "file:///opt/encoder",
        "ARN": "arn:aws:lambda:ap-northeast-2:123456789012:function:Work",
        "LITERAL": "${Keep} ap-northeast-2",
    }


def test_a_function_takes_what_it_does_not_say_from_the_globals() -> None:
    template = load_template(SMALL)
    talk, work = template.function("Talk"), template.function("Work")
    assert (talk.timeout, talk.memory) == (7, 512)
    assert (work.timeout, work.memory) == (900, 256)
    assert (talk.module, talk.attribute) == ("functions.talk.app", "handler")


def test_a_parameter_given_replaces_its_default() -> None:
    template = load_template(SMALL, parameters={"Stage": "prod", "Origins": ""})
    assert template.function("Talk").environment["ONLY_PROD"] == "yes"
    assert template.function("OnlyInProd").memory == 256
    assert template.cors.origins == ()


def test_a_resource_whose_condition_is_false_is_not_there() -> None:
    names = [function.logical_id for function in load_template(SMALL).functions]
    assert names == ["Talk", "Work"]


def test_cors_is_read_whole() -> None:
    assert load_template(SMALL).cors == Cors(
        origins=("https://shop.example", "https://www.shop.example"),
        methods=("GET", "POST"),
        headers=("authorization", "content-type"),
        exposed=("retry-after",),
        max_age=600,
    )


def test_an_unknown_parameter_is_named_with_those_there_are() -> None:
    with pytest.raises(TemplateError, match=r"no parameter 'Stgae'; there are: Origins, Secret"):
        load_template(SMALL, parameters={"Stgae": "prod"})


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("${Notes}", "${Nots}", r"Talk.Environment.NOTES: 'Nots' is neither a parameter"),
        ("!Ref Stage\n", "!Ref Secret\n", r"'Secret' is neither a parameter nor a resource"),
        (
            "!GetAtt Work.Arn",
            "!GetAtt Wrk.Arn",
            r"Talk.Environment.ARN: there is no resource 'Wrk'",
        ),
        (
            "!If [IsProd, 1769",
            "!If [IsPrd, 1769",
            r"Talk.MemorySize: there is no condition 'IsPrd'",
        ),
        ("!Select [1, [a, b]]", "!Cidr [a, b]", r"Fn::Cidr is not supported when serving locally"),
        ("Parameters:", "Parameters: [", r"template.yaml: not valid YAML"),
        ("Resources:", "Resource:", r"template.yaml: has no Resources"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    with pytest.raises(TemplateError, match=message):
        load_template(edited(tmp_path, before, after))


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"nowhere.yaml: cannot be read"):
        load_template(tmp_path / "nowhere.yaml")


def test_tables_and_buckets_are_made_from_their_own_properties(stores: Stores) -> None:
    create_stores(load_template(SMALL), dynamodb=stores.dynamodb, s3=stores.s3)
    name, bucket = "sangdam-local-Notes", "sangdam-local-files"
    table: Any = stores.dynamodb.describe_table(TableName=name)["Table"]
    assert table["KeySchema"] == [{"AttributeName": "pk", "KeyType": "HASH"}]
    assert table["GlobalSecondaryIndexes"][0]["IndexName"] == "by_time"
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"
    assert table["SSEDescription"]["Status"] == "ENABLED"
    lifetime = stores.dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert lifetime == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    assert stores.s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    rules = stores.s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert rules[0]["Expiration"] == {"Days": 3}
    assert rules[0]["Filter"] == {"Prefix": "old/"}


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("BillingMode:", "BilingMode:", r"Notes: property 'BilingMode' is not known here"),
        ("VersioningConfiguration:", "Versioning:", r"Files: property 'Versioning' is not known"),
        ("AttributeName: expires_at", "AttributeNam: expires_at", r"Notes: .*AttributeNam"),
        ("KeyType: HASH }\n      Gl", "KeyTyp: HASH }\n      Gl", r"Notes: .*KeyTyp"),
    ],
)
def test_a_property_that_is_unknown_is_refused(
    tmp_path: Path, stores: Stores, before: str, after: str, message: str
) -> None:
    template = load_template(edited(tmp_path, before, after))
    with pytest.raises(TemplateError, match=message):
        create_stores(template, dynamodb=stores.dynamodb, s3=stores.s3)


def test_layers_under_opt_are_found_in_the_repository() -> None:
    template, root = load_template(SMALL), Path("/somewhere/my shop")
    talk = local_settings(template.function("Talk"), root=root)
    work = local_settings(template.function("Work"), root=root)
    assert talk["BASELINE"] == "file:///somewhere/my shop/.cache/releases"
    assert talk["ENCODER"] == "file:///somewhere/my shop/.cache/encoder"
    assert work["BOTS"] == "file:///somewhere/my shop/layers/content/bots"
    assert work["ENCODER"] == "lambda://Talk"


def test_a_layer_folder_nothing_stands_for_is_refused(tmp_path: Path) -> None:
    template = load_template(edited(tmp_path, "/opt/encoder", "/opt/encoders"))
    with pytest.raises(TemplateError, match=r"Talk: ENCODER: 'file:///opt/encoders' has no local"):
        place(template, root=tmp_path)


def test_scheduled_work_gets_a_process_of_its_own(tmp_path: Path) -> None:
    placement = place(load_template(SMALL), root=tmp_path)
    assert [function.logical_id for function in placement.together] == ["Talk"]
    assert [function.logical_id for function in placement.alone] == ["Work"]
    assert placement.environment["ENCODER"].startswith("file://")


def test_functions_that_answer_requests_must_agree(tmp_path: Path) -> None:
    schedule = "{ Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 day) } }"
    request = "{ Type: HttpApi, Properties: { Method: GET, Path: /work } }"
    template = load_template(edited(tmp_path, schedule, request))
    with pytest.raises(TemplateError, match=r"Work answers requests, but its settings contradict"):
        place(template, root=tmp_path)


def test_the_template_that_is_deployed_can_be_served(stores: Stores) -> None:
    template = load_template(ROOT / "template.yaml")
    create_stores(template, dynamodb=stores.dynamodb, s3=stores.s3)
    placement = place(template, root=ROOT)
    assert len(stores.dynamodb.list_tables()["TableNames"]) == len(template.tables) == 3
    assert {function.name for function in placement.alone} == {"RetrainFunction"}
    for function in template.functions:
        assert (ROOT / function.folder / "app.py").is_file()


def test_of_transactions_that_exclude_each_other_one_wins(stores: Stores) -> None:
    create_stores(load_template(SMALL), dynamodb=stores.dynamodb, s3=stores.s3)

    def take(place_number: int, customer: int) -> bool:
        key = {"pk": {"S": f"place-{place_number}"}, "by": {"S": str(customer)}}
        put: Any = {
            "TableName": "sangdam-local-Notes",
            "Item": key,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        try:
            stores.dynamodb.transact_write_items(TransactItems=[{"Put": put}])
        except stores.dynamodb.exceptions.TransactionCanceledException:
            return False
        return True

    with ThreadPoolExecutor(32) as pool:
        for number in range(3):
            tries = [pool.submit(take, number, customer) for customer in range(32)]
            assert sum(one.result() for one in tries) == 1


def test_of_conditional_writes_of_one_object_one_wins(stores: Stores) -> None:
    create_stores(load_template(SMALL), dynamodb=stores.dynamodb, s3=stores.s3)
    first = stores.s3.put_object(Bucket="sangdam-local-files", Key="current", Body=b"0")

    def move(body: int) -> bool:
        try:
            stores.s3.put_object(
                Bucket="sangdam-local-files",
                Key="current",
                Body=str(body).encode(),
                IfMatch=first["ETag"],
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "PreconditionFailed":
                raise
            return False
        return True

    with ThreadPoolExecutor(32) as pool:
        assert sum(pool.map(move, range(1, 33))) == 1


def test_topics_are_made_under_the_names_that_settings_give() -> None:
    template = load_template(ROOT / "template.yaml")
    session = Session("local", "local", region_name="ap-northeast-2")
    with store_server() as endpoint:
        sns = session.client("sns", endpoint_url=endpoint)
        create_topics(template, sns=sns)
        (topic,) = sns.list_topics()["Topics"]
        address = template.function("ChatFunction").environment["SANGDAM_NOTIFY"]
        assert address == f"sns://{topic['TopicArn']}"
        known = sns.get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"]
        assert known["KmsMasterKeyId"] == "alias/aws/sns"


def test_a_property_of_a_topic_that_is_not_known_is_refused() -> None:
    template = load_template(ROOT / "template.yaml")
    (topic,) = template.topics
    spoilt = replace(topic, properties={**topic.properties, "Displayname": "x"})
    session = Session("local", "local", region_name="ap-northeast-2")
    with pytest.raises(TemplateError, match="OperatorTopic: property 'Displayname'"):
        create_topics(replace(template, topics=(spoilt,)), sns=session.client("sns"))
