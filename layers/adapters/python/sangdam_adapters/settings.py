"""Where everything is: the one place that reads the environment. Settings are addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


class SettingsError(ValueError):
    """A setting that is missing or means nothing; the message names it and what would do."""


@dataclass(frozen=True, slots=True)
class Address:
    """``scheme://place/path``: memory, dynamodb, s3, file, lambda or none."""

    scheme: str
    place: str
    path: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.place}{self.path}"


@dataclass(frozen=True, slots=True)
class Settings:
    """The addresses a function was given. Reading one that was not given is a SettingsError."""

    environment: Mapping[str, str]

    @property
    def conversations(self) -> Address:
        return self._address("SANGDAM_CONVERSATIONS", ("memory", "dynamodb"))

    @property
    def feedback(self) -> Address:
        return self._address("SANGDAM_FEEDBACK", ("memory", "dynamodb"))

    @property
    def backoffice(self) -> Address:
        return self._address("SANGDAM_BACKOFFICE", ("memory", "dynamodb"))

    @property
    def releases(self) -> Address:
        return self._address("SANGDAM_RELEASES", ("memory", "s3", "file"))

    @property
    def baseline(self) -> Address:
        return self._address("SANGDAM_BASELINE", ("memory", "file"))

    @property
    def packs(self) -> Address:
        return self._address("SANGDAM_PACKS", ("file",))

    @property
    def encoder(self) -> Address:
        return self._address("SANGDAM_ENCODER", ("file", "lambda", "none"))

    @property
    def training_seconds(self) -> float:
        """How long one bot's model search may take."""
        text = self.environment.get("SANGDAM_TRAINING_SECONDS", "300")
        try:
            seconds = float(text)
        except ValueError:
            seconds = 0.0
        if not 1 <= seconds <= 86400:
            raise SettingsError(
                f"SANGDAM_TRAINING_SECONDS is {text!r}; it must be a number of seconds, 1..86400"
            )
        return seconds

    def _address(self, name: str, schemes: tuple[str, ...]) -> Address:
        forms = ", ".join(f"{scheme}://…" for scheme in schemes)
        value = self.environment.get(name)
        if not value:
            raise SettingsError(f"{name} is not set; set it to one of {forms}")
        parts = urlsplit(value)
        if parts.scheme not in schemes:
            raise SettingsError(f"{name} is {value!r}; it must be one of {forms}")
        return Address(parts.scheme, parts.netloc, parts.path)
