"""Everything the domain needs from outside, as protocols, on one page.

Each port has an adapter without AWS in ``sangdam_adapters.memory`` (or a local file) and one for
AWS; both pass the same contract tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

# Types only: what answers a customer must not wait for the code that reads packs and learns.
if TYPE_CHECKING:
    from sangdam.backoffice.writes import Key, Write
    from sangdam.bots.definition import Example, Language
    from sangdam.bots.parse import Pack
    from sangdam.dialogue.session import Session
    from sangdam.dialogue.turn import Turn
    from sangdam.learning.feedback import Feedback
    from sangdam.learning.labels import Label
    from sangdam.learning.release import Pointer, Release
    from sangdam.learning.report import Report
    from sangdam.nlu.model import IntentModel


class StorageUnavailableError(OSError):
    """Storage cannot be reached or refuses just now; the same request may work later."""


class SessionExistsError(Exception):
    """A session of that id stands already."""


class VersionConflictError(Exception):
    """The session changed since it was read, or is gone."""


class MessageRepeatedError(Exception):
    """That message id of that session already led to a turn."""


class WriteRefusedError(Exception):
    """A write of the back office found its condition broken; ``keys`` are those of such writes.

    Nothing of its transaction was stored.
    """

    def __init__(self, keys: Sequence[Key]) -> None:
        self.keys = tuple(keys)
        super().__init__("changed meanwhile: " + ", ".join(f"{one.pk}/{one.sk}" for one in keys))


class PackMissingError(LookupError):
    """No pack of that name is at hand."""


Clock = Callable[[], datetime]
"""Returns the current time, with a time zone."""

Tokens = Callable[[int], bytes]
"""Returns that many random bytes, fit for secrets."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is finished, and how much there is."""


class Vectors(Protocol):
    """A matrix of floats, one row per text; ``numpy.ndarray`` is one."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, key: Any, /) -> Any: ...


class Encoder(Protocol):
    """Turns sentences into vectors, so that sentences of like meaning lie close together."""

    @property
    def name(self) -> str:
        """Name and version; vectors of different names must never be mixed."""

    @property
    def dimensions(self) -> int: ...

    @property
    def parts(self) -> tuple[int, ...]:
        """Widths of the spaces a sentence vector is put together of, in the order of a row.

        A row may be wider: what follows the parts is what the encoder's last layers are given.
        """

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 ``[len(texts), dimensions]``.

        Every part of a row has length 1, or is zero where that part's encoder does not read the
        text's letters.
        """

    def last_layers(self) -> Mapping[str, Vectors]:
        """Return the weights of the encoder's last layers by name, to be trained further.

        Nothing, if rows are no wider than their parts.
        """


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """How to train: ``seed`` fixes every draw, ``seconds`` bounds the search (wall clock)."""

    seed: int = 0
    seconds: float = 600.0
    error_budget: float = 0.05
    titles: Mapping[str, Sequence[str]] | None = None
    """Human names of the intents, if known: each serves as one more example."""
    synonyms: Mapping[str, Sequence[str]] | None = None
    """Words, and what may stand in their place: some of them are tried in copies of sentences."""
    glance: bool = False
    """Whether serving reads a part of the sentence vector that some texts have none of only where
    it is in doubt without."""


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """What training gives: the files a release carries, and what is known of them.

    ``files`` are relative names to bytes; ``metrics`` is plain JSON (cross-validated figures only);
    ``report`` is for people and travels beside the files.
    """

    files: Mapping[str, bytes]
    metrics: Mapping[str, Any]
    report: Report | None = None


class Trainer(Protocol):
    """Learns a classifier from examples."""

    def train(
        self, examples: Sequence[Example], plan: TrainingPlan, *, progress: Progress
    ) -> TrainedModel:
        """Return a model whose exported form agrees with the trained one.

        Rows with the intent ``out_of_scope`` teach what not to answer and are optional.

        Raises
        ------
        TrainingError
            If the examples cannot be learnt from (fewer than two intents ...), or if the exported
            model disagrees with the trained one by more than the parity limit.
        """


class ReportPage(Protocol):
    """Makes of a report what a person can look at."""

    def __call__(self, report: Report, *, language: Language) -> bytes:
        """Return one HTML document that needs nothing else, in the language of the bot's team."""


class ModelOpener(Protocol):
    """Opens the classifier carried by a release."""

    def open(self, files: Mapping[str, bytes]) -> IntentModel: ...


class Registry(Protocol):
    """Where releases stand. They are immutable; ``current`` is moved by compare-and-swap."""

    def current(self, bot: str) -> Pointer | None: ...

    def bots(self) -> Sequence[str]: ...

    def releases(self, bot: str) -> Sequence[str]:
        """Return the names of all whole releases of a bot, oldest first."""

    def load(self, bot: str, release: str) -> Release:
        """Return a release, every file checked against its manifest, without its attachments.

        Raises ReleaseMissingError, or ReleaseDamagedError if a sum does not match.
        """

    def publish(self, release: Release) -> None:
        """Store a release, manifest last, so that a release without manifest is no release.

        Raises ReleaseExistsError if another release of that name stands already, and
        ReleaseDamagedError if its files or attachments are not those of the manifest.
        """

    def attachment(self, bot: str, release: str, name: str) -> bytes | None:
        """Return what is stored with a release for people to read; None if there is no such thing.

        Raises ReleaseMissingError if there is no such release, and ReleaseDamagedError if the
        attachment is not the one its manifest lists.
        """

    def move(self, bot: str, *, to: str, expected: Pointer | None) -> Pointer:
        """Move the pointer if it still is ``expected``; raises PointerMovedError otherwise."""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as stored, with the version that a commit must find unchanged."""

    session: Session
    version: int


class Conversations(Protocol):
    """Sessions and their turns. A turn is stored whole, once, or refused."""

    def open(self, session: Session, first: Turn) -> None:
        """Store a new session with its opening turn. Raises SessionExistsError."""

    def load(self, session_id: str) -> StoredSession | None:
        """Return a session by one consistent read; None if there is none or it has expired."""

    def turn_of_message(self, session_id: str, message_id: str) -> Turn | None:
        """Return the turn that a client's message id already led to."""

    def commit(
        self, session: Session, turn: Turn, *, expected_version: int, writes: Sequence[Write] = ()
    ) -> None:
        """Store session, turn, message id and the writes of actions in one transaction.

        Raises VersionConflictError if the session changed meanwhile (or was deleted),
        MessageRepeatedError if the message id is already stored, and WriteRefusedError if the
        condition of a write is broken; nothing is stored then. ``writes`` name each key once.
        """

    def turns(self, session_id: str, *, after: int, limit: int) -> Sequence[Turn]:
        """Return turns numbered above ``after``, in order, at most ``limit``."""

    def turn(self, session_id: str, number: int) -> Turn | None: ...

    def delete(self, session_id: str) -> None:
        """Forget a session, its turns and message ids. Deleting again is no error."""


class FeedbackStore(Protocol):
    """Ratings and corrections, each kept once, and the labels accepted from them."""

    def record(self, feedback: Feedback) -> bool:
        """Store a feedback; False if that session already rated that turn the same way.

        A turn has one of each source.
        """

    def pending(self, bot: str, *, limit: int) -> Sequence[Feedback]:
        """Return feedback nobody has judged yet, oldest first."""

    def settle(self, feedback: Feedback) -> None:
        """Store a feedback that was judged: its status is no longer ``pending``.

        If the customer has said something else of that turn since, or deleted the session, this
        does nothing.
        """

    def forget(self, session_id: str) -> None:
        """Delete all feedback of a session. Forgetting again is no error."""

    def accept(self, label: Label) -> bool:
        """Store a label; False if the same text is already labelled so."""

    def labels(self, bot: str) -> Sequence[Label]:
        """Return all accepted labels of a bot, oldest first."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the back office: JSON text, and the version that a write must find unchanged."""

    key: Key
    record: str
    version: int


class BackOffice(Protocol):
    """Reservations, orders, stock and requests: records and counters, without knowing what of."""

    def get(self, key: Key) -> Record | None:
        """Return a record by one consistent read."""

    def under(self, pk: str, *, prefix: str = "", limit: int = 1000) -> Sequence[Record]:
        """Return the records under ``pk`` whose ``sk`` begins with ``prefix``, in order."""

    def counts(self, pk: str, *, prefix: str = "") -> Mapping[str, int]:
        """Return the counters under ``pk`` by their ``sk``; what is missing stands at 0."""

    def apply(self, writes: Sequence[Write]) -> None:
        """Carry writes out together, or none of them: raises WriteRefusedError then."""


class Holidays(Protocol):
    """The public holidays of the country that the bots' businesses are in."""

    def name_of(self, day: date, language: Language) -> str | None:
        """Return what a day is called if it is a public holiday, substitutes included."""


class OutsideError(Exception):
    """The team's own system could not be reached, or did not answer in time."""


@dataclass(frozen=True, slots=True)
class OutsideAnswer:
    """What came back: a status as of HTTP (a Lambda function's is 200), and bytes."""

    status: int
    body: bytes


class Outside(Protocol):
    """Whatever is beyond this service: the team's own systems, and who is to be told of things."""

    def call(
        self, address: str, body: bytes, *, headers: Mapping[str, str], seconds: float
    ) -> OutsideAnswer:
        """Send a body and wait so many seconds for an answer. Raises OutsideError without one."""


class Packs(Protocol):
    """Bot packs by name: the bot, and the examples it learns from."""

    def names(self) -> Sequence[str]: ...

    def load(self, name: str) -> Pack:
        """Return a valid pack. Raises PackError with every mistake, or PackMissingError."""
