"""The contract of the port ``Orders``, kept by every adapter."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from sangdam.backoffice.orders import Order
from sangdam.ports import Orders, StorageUnavailableError
from sangdam_adapters.dynamodb_orders import DynamoOrders
from tests.adapters import samples
from tests.adapters.aws import Aws
from tests.adapters.samples import an_order
from tests.adapters.wire import answered, cut_off, watched


def test_an_order_is_found_by_its_number(orders: Orders) -> None:
    orders.put(an_order())
    orders.put(an_order("20261118-0002", status="paid"))
    assert orders.find("20261118-0001") == an_order()
    assert orders.find("20261118-0002") == an_order("20261118-0002", status="paid")


def test_an_order_put_again_is_replaced(orders: Orders) -> None:
    orders.put(an_order())
    orders.put(an_order(status="delivered"))
    assert orders.find("20261118-0001") == an_order(status="delivered")


@pytest.mark.parametrize(
    "number", ["20261118-0002", "", " ", "order", "20261118-0001 ", "가" * 3000, "0" * 3000, "\0"]
)
def test_no_order_is_found_by_another_number(orders: Orders, number: str) -> None:
    """However odd: a pressed button carries whatever a client wrote into it."""
    orders.put(an_order())
    assert orders.find(number) is None


@settings(max_examples=40)
@given(order=samples.orders)
def test_any_order_is_read_back_as_it_was_stored(orders: Orders, order: Order) -> None:
    orders.put(order)
    assert orders.find(order.order_number) == order


def test_a_key_that_dynamodb_would_refuse_is_never_asked_for(aws: Aws) -> None:
    store = DynamoOrders(aws.dynamodb, table=aws.backoffice)
    with watched(aws.dynamodb) as calls:
        assert store.find("가" * 700) is None
        assert store.find("가" * 600) is None
    assert [name for name, _ in calls] == ["GetItem"]


def test_a_table_out_of_reach_is_told(aws: Aws) -> None:
    store = DynamoOrders(aws.dynamodb, table=aws.backoffice)
    with (
        answered(aws.dynamodb, "GetItem", cut_off()),
        pytest.raises(StorageUnavailableError, match=aws.backoffice),
    ):
        store.find("20261118-0001")
