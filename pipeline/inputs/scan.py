"""Every file under the inputs, with its hash and what its surroundings say of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from pipeline.errors import ConfigError, NoInputError, RejectedInput
from pipeline.inputs.entries import Entry, Listing, Place, Unreadable, is_below, is_url, location_of
from pipeline.inputs.local import local_place
from pipeline.inputs.open import fetch
from pipeline.inputs.packed import may_be_archive, members
from pipeline.inputs.sidecars import VERSION, Sidecars

Status = Literal["present", "missing", "refused", "archive"]


@dataclass(frozen=True, slots=True)
class Source:
    """One input file as the state knows it."""

    source: str
    sha256: str | None
    size: int
    mtime_ns: int
    stamp: str
    context: str
    """JSON of what its surroundings say of it."""
    packed_in: str | None
    """The archive that holds it, by its name as a source; an archive's own row has status ``archive``."""
    status: Status
    reason: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """Where names start, and what is left out or refused."""

    base: Path
    max_bytes: int
    name_pattern: str = ""
    leave_out: frozenset[str] = frozenset()
    """Absolute paths of the run's own files."""


@dataclass(frozen=True)
class Scan:
    """What was found, and where it was looked for."""

    sources: tuple[Source, ...]
    places: tuple[Place, ...]
    unreadable: tuple[Unreadable, ...]
    base: Path = field(default_factory=Path)

    def covers(self, source: Source) -> bool:
        """Whether a source of an earlier run should have been found by this scan."""
        location = location_of(source.packed_in or source.source, self.base)
        return any(place.covers(location) for place in self.places)

    def lacks(self, source: Source) -> bool:
        """Whether a source of an earlier run is gone: not found where this scan looked, or elsewhere no file."""
        if self.covers(source):
            return source.source not in self.names
        location = location_of(source.packed_in or source.source, self.base)
        return not is_url(location) and not Path(location).exists()

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all sources that were found."""
        return frozenset(source.source for source in self.sources)

    def could_look(self, source: Source) -> bool:
        """Whether the folders above a source could be listed."""
        location = location_of(source.packed_in or source.source, self.base)
        return not any(is_below(location, folder.location) for folder in self.unreadable)


def scan(inputs: Sequence[str], known: Mapping[str, Source], options: ScanOptions) -> Scan:
    """Find, hash and describe every file under ``inputs`` (files, folders, globs or URLs).

    ``known`` spares hashing what did not change. A file that cannot be read, or is larger than
    ``max_bytes``, has status ``refused``.

    Raises:
        NoInputError: an input does not exist, or there is no file under any of them.
        UsageError: an input's URL is of an unknown kind.
    """
    places = tuple(_place(given, options) for given in inputs)
    scanner = _Scanner(known, options)
    for place in places:
        for listing in place.listings():
            scanner.take(listing)
    if not scanner.found:
        raise NoInputError(
            f"no files under {', '.join(inputs)}{_why(scanner.unreadable)}",
            "Give a file, a folder or a glob that holds transcripts.",
        )
    found = tuple(scanner.found[source] for source in sorted(scanner.found))
    return Scan(found, places, tuple(scanner.unreadable), options.base)


def _place(given: str, options: ScanOptions) -> Place:
    if is_url(given):
        from pipeline.inputs.remote import remote_place

        return remote_place(given)
    return local_place(given, options.base, options.leave_out)


def _why(unreadable: Sequence[Unreadable]) -> str:
    return f" ({unreadable[0].location}: {unreadable[0].detail})" if unreadable else ""


class _Scanner:
    """Turns listings into sources."""

    def __init__(self, known: Mapping[str, Source], options: ScanOptions) -> None:
        self.found: dict[str, Source] = {}
        self.unreadable: list[Unreadable] = []
        self._known = known
        self._options = options
        self._pattern = _compiled(options.name_pattern)

    @cached_property
    def _packed(self) -> dict[str, list[Source]]:
        """Archive -> its known members."""
        packed: dict[str, list[Source]] = {}
        for source in self._known.values():
            if source.packed_in:
                packed.setdefault(source.packed_in, []).append(source)
        return packed

    def take(self, listing: Listing | Unreadable) -> None:
        """Add the files of one folder."""
        if isinstance(listing, Unreadable):
            self.unreadable.append(listing)
            return
        sidecars = Sidecars(listing, self._pattern)
        for entry in listing.entries:
            if entry.source not in self.found and not sidecars.is_sidecar(entry):
                for source in self._sources(entry, sidecars):
                    self.found[source.source] = source

    def _sources(self, entry: Entry, sidecars: Sidecars) -> Iterator[Source]:
        """The file, or the archive's row and its members."""
        if entry.problem:
            yield _refused(entry, *entry.problem)
            return
        if entry.size > self._options.max_bytes:
            yield _refused(
                entry, "too_large", f"{entry.size} bytes; ingest.max_bytes allows {self._options.max_bytes}"
            )
            return
        known = self._known.get(entry.source)
        marked = replace(entry, stamp=self._archive_stamp(entry))
        if known and known.status == "archive" and known.stamp and known.stamp == marked.stamp:
            yield known
            for one in self._packed.get(entry.source, ()):
                if one.stamp == marked.stamp:
                    yield replace(one, status="present" if one.sha256 else "refused")
            return
        try:
            if known and known.sha256 and entry.stamp and known.stamp == entry.stamp:
                yield _present(entry, known.sha256, sidecars, known.packed_in)
            elif isinstance(content := _content(marked, self._options.max_bytes), str):
                yield _present(entry, content, sidecars)
            else:
                yield from self._unpacked(entry, marked, content, sidecars)
        except RejectedInput as refused:
            yield _refused(entry, refused.reason, refused.detail)
        except OSError as error:
            yield _refused(entry, "unreadable", error.strerror or type(error).__name__)

    def _unpacked(
        self, entry: Entry, marked: Entry, inside: Sequence[Listing], around: Sidecars
    ) -> Iterator[Source]:
        found = [one for listing in inside for one in listing.entries]
        if len(found) == 1 and found[0].source == entry.source:
            yield _present(entry, found[0].sha256, around, entry.source)
            return
        if not found:
            yield _refused(entry, "empty", "the archive holds no files")
            return
        yield Source(entry.source, None, entry.size, entry.mtime_ns, marked.stamp, "{}", None, "archive")
        for listing in inside:
            sidecars = Sidecars(listing, self._pattern)
            for one in listing.entries:
                if not sidecars.is_sidecar(one):
                    yield self._member(one, sidecars, entry.source)

    def _member(self, one: Entry, sidecars: Sidecars, archive: str) -> Source:
        if one.size > self._options.max_bytes:
            detail = f"{one.size} bytes; ingest.max_bytes allows {self._options.max_bytes}"
            return replace(_refused(one, "too_large", detail), packed_in=archive)
        return _present(one, one.sha256, sidecars, archive)

    def _archive_stamp(self, entry: Entry) -> str:
        """An archive's members carry what its listing and these settings made of them."""
        settings = f"{self._options.name_pattern}\x1f{self._options.max_bytes}\x1f{VERSION}"
        return f"{entry.stamp}+{hashlib.sha256(settings.encode()).hexdigest()[:8]}" if entry.stamp else ""


def _compiled(name_pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(name_pattern) if name_pattern else None
    except re.error as error:
        raise ConfigError(
            f"setting 'ingest.name_pattern' is no regular expression: {error}",
            r"For instance: (?P<study>[a-z]+)-(?P<date>\d{4}-\d{2}-\d{2})",
        ) from error


def _present(entry: Entry, sha256: str | None, sidecars: Sidecars, packed_in: str | None = None) -> Source:
    context = json.dumps(sidecars.context(entry), sort_keys=True, ensure_ascii=False)
    return Source(
        entry.source, sha256, entry.size, entry.mtime_ns, entry.stamp, context, packed_in, "present"
    )


def _refused(entry: Entry, reason: str, detail: str) -> Source:
    return Source(
        entry.source, None, entry.size, entry.mtime_ns, entry.stamp, "{}", None, "refused", reason, detail
    )


def _content(entry: Entry, max_bytes: int) -> str | tuple[Listing, ...]:
    """The sha256 of a file, or what is inside it."""
    if not is_url(entry.location):
        with open(entry.location, "rb") as handle:
            if not may_be_archive(handle.read(2)):
                handle.seek(0)
                return hashlib.file_digest(handle, "sha256").hexdigest()
    data = fetch(entry.location, max_bytes)
    inside = members(entry, data) if may_be_archive(data) else None
    return hashlib.sha256(data).hexdigest() if inside is None else inside
