"""Every setting: type, default, bounds, meaning.

A settings file is TOML with one table per section. A setting marked ``SPEED`` changes how fast a result comes,
never the result, and stays out of fingerprints; so does one marked ``SCAN``, which shows in what the scan finds,
and one marked ``CONTENT``: it names a file whose content counts.
One marked ``SECRET`` is masked wherever settings are written down, and one marked ``PRIVATE``, which may name
persons, where privacy is on.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ConfigError

SPEED: dict[str, Any] = {"speed": True}
SCAN: dict[str, Any] = {"scan": True}
CONTENT: dict[str, Any] = {"content": True}
SECRET: dict[str, Any] = {"speed": True, "secret": True}
PRIVATE: dict[str, Any] = {"private": True}


class Section(BaseModel):
    """A group of settings; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    def telling(self) -> dict[str, Any]:
        """The settings that can change a result: all but those marked as none of them."""
        values = self.model_dump(mode="json")
        return {
            name: value
            for name, value in values.items()
            if not ({"speed", "scan", "content"} & self.marks(name))
        }

    @classmethod
    def marks(cls, name: str) -> set[str]:
        """How a setting is marked."""
        extra = cls.model_fields[name].json_schema_extra
        return {mark for mark, is_set in extra.items() if is_set} if isinstance(extra, dict) else set()

    def shown(self, *, private: bool) -> dict[str, Any]:
        """The settings as others may see them; with ``private``, of those that may name persons the number alone."""
        values = self.model_dump(mode="json")
        for name, value in values.items():
            marks = self.marks(name)
            if value and "secret" in marks:
                values[name] = "(set)"
            elif value and private and "private" in marks:
                values[name] = f"({len(value)} given)" if isinstance(value, list) else "(set)"
        return values

    def fingerprint(self) -> str:
        """The sha256 of the settings that can change a result."""
        canonical = json.dumps(self.telling(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


class RunSettings(Section):
    """How a run is carried out; nothing here changes a result."""

    workers: int = Field(
        0,
        ge=0,
        le=256,
        description="processes to map stages over; 0 = one per core (on Ray: per CPU)",
        json_schema_extra=SPEED,
    )
    batch_files: int = Field(
        16,
        ge=1,
        le=4096,
        description="files read, or transcripts extracted, per commit at most; fewer where workers would wait",
        json_schema_extra=SPEED,
    )
    batch_texts: int = Field(
        512, ge=1, le=65536, description="texts embedded per commit at most", json_schema_extra=SPEED
    )
    engine: Literal["local", "ray"] = Field(
        "local",
        description="`local` maps stages over processes of this machine; `ray` over a Ray cluster",
        json_schema_extra=SPEED,
    )
    ray_address: str = Field(
        "",
        description="HOST:PORT of the Ray cluster; empty = RAY_ADDRESS, or else a new one on this machine",
        json_schema_extra=SPEED,
    )
    gpu_share: float = Field(
        0.25,
        ge=0.0,
        le=1.0,
        description="share of a GPU for each worker that has use for one, on a Ray cluster with GPUs; 0 = none",
        json_schema_extra=SPEED,
    )
    memory_limit: str = Field(
        "2GB",
        pattern=r"^\d+(\.\d+)?\s?(MB|GB|TB)$",
        description="memory DuckDB may use before it spills to disk",
        json_schema_extra=SPEED,
    )
    wait_seconds: float = Field(
        0.0,
        ge=0.0,
        le=86_400.0,
        description="patience with another run or command that holds the state, before exit code 4",
        json_schema_extra=SPEED,
    )


class IngestSettings(Section):
    """What is read, and who is who."""

    max_bytes: int = Field(
        200_000_000,
        ge=1_000,
        description="larger files are rejected (`too_large`)",
        json_schema_extra=SCAN,
    )
    interviewer_names: tuple[str, ...] = Field(
        (),
        description="names of the team's interviewers, besides the usual role words",
        json_schema_extra=PRIVATE,
    )
    participant_names: tuple[str, ...] = Field(
        (), description="speakers that are always participants", json_schema_extra=PRIVATE
    )
    other_names: tuple[str, ...] = Field(
        (), description="speakers that are neither (announcers, notes)", json_schema_extra=PRIVATE
    )
    all_participants: bool = Field(
        False, description="count every speaker as a participant (talks among equals)"
    )
    languages: tuple[str, ...] = Field(("en",), description="languages to accept, `*` for all")
    name_pattern: str = Field(
        "",
        description="regular expression with named groups (study, date, ...) matched against file names",
        json_schema_extra=SCAN,
    )


class PrivacySettings(Section):
    """What is replaced before anything is stored."""

    mode: Literal["off", "mask", "pseudonym"] = Field(
        "off", description="replace personal names, addresses and numbers by marks or by pseudonyms"
    )
    terms: tuple[str, ...] = Field((), description="further words to replace", json_schema_extra=PRIVATE)
    keep: tuple[str, ...] = Field(
        (), description="names to leave as they are (products, companies)", json_schema_extra=PRIVATE
    )
    key_file: str = Field(
        "",
        description="where the key of the pseudonyms lies; empty = `FILE.state.key` beside the state. Never publish it",
        json_schema_extra=SPEED | PRIVATE,
    )


class ExtractSettings(Section):
    """How forces and outcomes are found."""

    profile: Literal["default", "thorough", "rules"] = Field(
        "default",
        description="`default` reads the dialogue in windows that overlap a little; `thorough` reads most of it twice; "
        "`rules` uses cue rules alone",
    )
    strictness: Literal["balanced", "sure"] = Field(
        "balanced",
        description="`balanced` takes the thresholds of the best F1; `sure` those at which seven of ten force "
        "statements were right on held-out texts: far fewer quotes",
    )
    threshold_shift: float = Field(
        0.0, ge=-0.5, le=0.5, description="added to every label's threshold: above 0 shows less, but surer"
    )
    review_band: float = Field(
        0.03, ge=0.0, le=0.5, description="scores this far below the threshold are kept with needs_review"
    )
    rules: str = Field("", description="folder of further cue-rule files; empty = the shipped ones alone")
    batch_windows: int = Field(
        8, ge=1, le=256, description="dialogue windows encoded at once", json_schema_extra=SPEED
    )


class EmbedSettings(Section):
    """How a statement becomes a vector."""

    model: str = Field(
        "minilm", description="a name in models.toml, a folder, or a hub name where there is a network"
    )


class ClusterSettings(Section):
    """How statements become themes."""

    min_participants: int = Field(
        2, ge=1, le=50, description="people who must tell of a theme before it is one"
    )
    min_statements: int = Field(6, ge=2, description="fewer statements of a label than this give no themes")
    model: str = Field(
        "auto",
        description="what statements are compared with: a name in models.toml or a folder; empty = `embed.model`; "
        "`auto` = mpnet, which the reader uses too, and `embed.model` where `extract.profile` is `rules`",
    )
    context_weight: float = Field(
        0.5,
        ge=0.0,
        le=1.0,
        description="how much the words around a quote count beside the quote; 0 = not at all",
    )
    refit: Literal["auto", "always", "never"] = Field(
        "auto",
        description="when themes are made anew: `auto` when a quarter of the statements came since, or noise grew; "
        "between refits new statements join what stands, or wait until they form a theme",
    )
    assign_noise: bool = Field(
        True,
        description="give a statement that density left out to the nearest theme that reaches it, marked `assigned`",
    )
    curation: str = Field(
        "",
        description="a themes.toml with people's titles, merges, splits, pins and retirements; empty = the one beside "
        "the published file, if any",
        json_schema_extra=CONTENT,
    )


class PublishSettings(Section):
    """What is kept of older nights, and what stops publishing."""

    keep: int = Field(
        0,
        ge=0,
        le=10_000,
        description="older published files to keep in NAME.history; 0 adds none and drops none",
        json_schema_extra=SPEED,
    )
    max_reject_share: float = Field(
        1.0,
        ge=0.0,
        le=1.0,
        description="publishing stops when a larger share of the inputs is rejected; duplicates do not count",
        json_schema_extra=SPEED,
    )
    max_statement_drop: float = Field(
        0.5,
        ge=0.0,
        le=1.0,
        description="publishing stops when statements per interview fall by more than this share of past runs'",
        json_schema_extra=SPEED,
    )
    max_pruned_share: float = Field(
        0.5,
        ge=0.0,
        le=1.0,
        description="--prune stops when it would drop a larger share of the interviews",
        json_schema_extra=SPEED,
    )


class NotifySettings(Section):
    """Who hears of a run's end; paths are relative to the published file's folder."""

    summaries: str = Field(
        "", description="folder for one JSON file per run; empty = none", json_schema_extra=SPEED
    )
    metrics: str = Field(
        "",
        description="file for Prometheus's textfile collector (*.prom); empty = none",
        json_schema_extra=SPEED,
    )
    webhook: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="URL that gets the run's summary by POST; empty = none",
        json_schema_extra=SECRET,
    )
    webhook_seconds: float = Field(
        10.0, gt=0.0, le=120.0, description="patience with the webhook, per try", json_schema_extra=SPEED
    )


class ReportSettings(Section):
    """What the report shows."""

    title: str = Field("Switch interviews", min_length=1, max_length=200, description="its heading")
    quotes_per_theme: int = Field(3, ge=1, le=20, description="quotes shown under each theme")
    themes_per_force: int = Field(5, ge=1, le=50, description="themes shown under each force")
    interviews: int = Field(
        80, ge=0, le=10_000, description="interviews with a section of their own: those with most statements"
    )
    table_rows: int = Field(500, ge=10, le=20_000, description="rows of any one table; the rest is counted")
    map_themes: int = Field(120, ge=3, le=1_000, description="themes on the map: those told by most people")
    context_chars: int = Field(
        400, ge=40, le=20_000, description="characters of a turn kept on either side of a quote"
    )


class Settings(Section):
    """All settings of a run."""

    run: RunSettings = RunSettings()
    ingest: IngestSettings = IngestSettings()
    privacy: PrivacySettings = PrivacySettings()
    extract: ExtractSettings = ExtractSettings()
    embed: EmbedSettings = EmbedSettings()
    cluster: ClusterSettings = ClusterSettings()
    report: ReportSettings = ReportSettings()
    publish: PublishSettings = PublishSettings()
    notify: NotifySettings = NotifySettings()

    def public_json(self) -> str:
        """All settings as JSON, as they may stand in files that others read: secrets masked, persons counted."""
        shown = {name: dict(section.shown(private=self.is_private)) for name, section in self}
        return json.dumps(shown, ensure_ascii=False)

    @property
    def is_private(self) -> bool:
        """Whether persons are replaced before anything is stored."""
        return self.privacy.mode != "off"

    def workers(self) -> int:
        """Processes to use: the setting, or the cores this process may run on."""
        return self.run.workers or len(os.sched_getaffinity(0))


def known_settings() -> dict[str, str]:
    """Every setting as ``section.key`` with its description."""
    return {
        f"{section}.{key}": field.description or ""
        for section, holder in Settings.model_fields.items()
        for key, field in _section_class(holder.annotation).model_fields.items()
    }


def load_settings(path: Path | None = None, assignments: Iterable[str] = ()) -> Settings:
    """The settings of a TOML file with ``section.key=value`` assignments laid over it.

    Raises:
        ConfigError: the file is unreadable or no TOML, or a setting is unknown, of the wrong type or out of
            bounds. The message names the setting and, where it is misspelt, its nearest right spelling.
    """
    values = _read_toml(path) if path else {}
    for assignment in assignments:
        section, key, value = _parse_assignment(assignment)
        values.setdefault(section, {})
        if not isinstance(values[section], dict):
            raise ConfigError(f"'{section}' must be a table of settings")
        values[section][key] = value
    return _validate(values, str(path) if path else "--set")


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read the settings file {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path} is no valid TOML: {error}", "Compare it with what `whyswitch settings` prints."
        ) from error


def _parse_assignment(assignment: str) -> tuple[str, str, Any]:
    name, equals, raw = assignment.partition("=")
    section, dot, key = name.strip().partition(".")
    if not (equals and dot and section and key):
        raise ConfigError(f"--set {assignment!r} is not of the form section.key=value")
    try:
        value = tomllib.loads(f"value = {raw.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        value = raw.strip()
    return section, key, value


def _validate(values: Mapping[str, Any], where: str) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise ConfigError(f"{where}: there is no setting '{name}'", _suggest(name)) from error
        raise ConfigError(
            f"{where}: setting '{name}' is not valid: {first['msg']} (given: {first['input']!r})",
            known_settings().get(name, ""),
        ) from error


def _suggest(name: str) -> str:
    known = known_settings()
    pool = list(known) if "." in name else list(Settings.model_fields)
    near = difflib.get_close_matches(name, pool, n=1, cutoff=0.4)
    if near:
        return f"Did you mean '{near[0]}'?"
    return "`whyswitch settings` lists them all."


def _section_class(annotation: Any) -> type[Section]:
    assert isinstance(annotation, type)
    assert issubclass(annotation, Section)
    return annotation
