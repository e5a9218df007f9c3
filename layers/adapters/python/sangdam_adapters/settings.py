"""Where everything is: the one place that reads the environment. Settings are addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingsError(ValueError):
    """A setting that is missing or means nothing; the message names it and what would do."""


@dataclass(frozen=True, slots=True)
class Address:
    """``scheme://place/path``: memory, dynamodb, s3, file, lambda, sns or none."""

    scheme: str
    place: str
    path: str

    @classmethod
    def of_folder(cls, folder: Path) -> Address:
        """Return the address of a folder on this machine."""
        return cls("file", "", str(folder))

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
    def notify(self) -> Address:
        """The topic that tells people who waits for them."""
        return self._address("SANGDAM_NOTIFY", ("sns", "none"))

    @property
    def outside_secret(self) -> str:
        """What requests to the team's own systems are signed with; empty if there are none."""
        return self.environment.get("SANGDAM_OUTSIDE_SECRET", "")

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
        forms = ", ".join(_FORMS[scheme] for scheme in schemes)
        value = self.environment.get(name)
        if not value:
            raise SettingsError(f"{name} is not set; set it to one of {forms}")
        scheme, _, rest = value.partition("://")
        place, slash, path = rest.partition("/")
        # A folder's path is taken as it stands: it may hold # or ?, which would end a URL's.
        address = Address(scheme, place, slash + path)
        if scheme not in schemes or not _is_whole(address):
            raise SettingsError(f"{name} is {value!r}; it must be one of {forms}")
        return address


_FORMS = {
    "memory": "memory://NAME",
    "dynamodb": "dynamodb://TABLE",
    "s3": "s3://BUCKET/PREFIX",
    "file": "file:///FOLDER",
    "lambda": "lambda://FUNCTION",
    "sns": "sns://TOPIC_ARN",
    "none": "none://",
}


def _is_whole(address: Address) -> bool:
    match address.scheme:
        case "file":
            return not address.place and len(address.path) > 1
        case "dynamodb" | "lambda" | "sns":
            return bool(address.place) and not address.path
        case "s3":
            return bool(address.place)
        case _:
            return True
