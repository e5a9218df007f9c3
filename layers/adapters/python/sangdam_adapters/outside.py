"""Which adapter calls which address of the outside world; each is made when first needed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from sangdam.ports import Outside, OutsideAnswer, OutsideError
from sangdam.services.outside import SECONDS


class AnyOutside:
    """Port ``Outside`` for ``https:``, ``lambda:`` and ``sns:`` addresses."""

    @cached_property
    def _http(self) -> Outside:
        from sangdam_adapters.http_outside import HttpOutside

        return HttpOutside()

    @cached_property
    def _lambda(self) -> Outside:
        from sangdam_adapters.lambda_outside import LambdaOutside, lambda_client

        return LambdaOutside(lambda_client(seconds=SECONDS))

    @cached_property
    def _sns(self) -> Outside:
        from sangdam_adapters.sns_outside import SnsOutside, sns_client

        return SnsOutside(sns_client(seconds=SECONDS))

    def call(
        self, address: str, body: bytes, *, headers: Mapping[str, str], seconds: float
    ) -> OutsideAnswer:
        scheme = address.partition(":")[0]
        if scheme in ("https", "http"):
            outside = self._http
        elif scheme == "lambda":
            outside = self._lambda
        elif scheme == "sns":
            outside = self._sns
        else:
            raise OutsideError(f"{address}: nothing here calls '{scheme}:' addresses")
        return outside.call(address, body, headers=headers, seconds=seconds)
