"""One label through several nights, in memory: what the state keeps between them, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline import cluster
from pipeline.cluster.curate import Curation
from pipeline.config import ClusterSettings
from pipeline.records import Clustering, ClusterInput, ThemeMember

WIDTH = 32


@dataclass(frozen=True, slots=True)
class Told:
    """A statement of a test's own."""

    key: str
    person: str
    text: str
    vector: np.ndarray


class Nights:
    """The statements of a label and what every night made of them."""

    def __init__(self, resources: cluster.Resources) -> None:
        self.resources = resources
        self.told: dict[str, Told] = {}
        self.members: dict[str, ThemeMember] = {}
        self.noise: dict[str, str] = {}
        self.last: Clustering | None = None
        self._runs = 0

    def night(
        self,
        told: Iterable[Told] = (),
        *,
        mode: Literal["refit", "grow"] = "grow",
        curation: Mapping[str, object] | None = None,
        **settings: object,
    ) -> Clustering:
        """Take statements in and place them, under some entries of a curation file and some settings."""
        self._runs += 1
        self.told |= {one.key: one for one in told}
        resources = cluster.Resources(
            ClusterSettings(**settings),  # type: ignore[arg-type]
            Curation.model_validate(curation or {}),
            self.resources.nlp,
        )
        entry = self._entry(mode if self.last else "refit", resources.settings.min_participants)
        [found] = cluster.run([entry], resources)
        self._keep(entry, found)
        return found

    def lose(self, keys: Iterable[str]) -> None:
        """Statements that are there no more."""
        for key in keys:
            del self.told[key]

    def themes(self) -> dict[str, set[str]]:
        """theme_id -> its statements, as the machine placed them."""
        found: dict[str, set[str]] = {}
        for key, member in self.members.items():
            found.setdefault(member.theme_id, set()).add(key)
        return found

    def _entry(self, mode: Literal["refit", "grow"], least: int) -> ClusterInput:
        members: dict[str, list[str]] = {}
        missing: dict[str, int] = {}
        parts: dict[str, list[str]] = {}
        for key, member in sorted(self.members.items()):
            if key not in self.told:
                missing[member.theme_id] = missing.get(member.theme_id, 0) + 1
                continue
            members.setdefault(member.theme_id, []).append(key)
            if member.sub_theme_id:
                parts.setdefault(member.sub_theme_id, []).append(key)
        support = {key: len({self.told[one].person for one in kept}) for key, kept in members.items()}
        weak = {one for key, kept in members.items() if support[key] < least for one in kept}
        told = [
            one for key, one in self.told.items() if mode == "refit" or key not in self.members or key in weak
        ]
        return ClusterInput(
            "push",
            f"run-{self._runs}",
            tuple(one.key for one in told),
            tuple(one.person for one in told),
            tuple(one.text for one in told),
            np.array([one.vector for one in told], dtype=np.float32).reshape(len(told), WIDTH),
            mode=mode,
            themes=self.last.themes if self.last else (),
            centres=self.last.centres if self.last else (),
            sub_themes=self.last.sub_themes if self.last else (),
            fit=self.last.fit if self.last else None,
            members={key: tuple(kept) for key, kept in members.items()},
            missing=missing,
            parts={key: tuple(kept) for key, kept in parts.items()},
            support=support,
            waiting={key: reason for key, reason in self.noise.items() if key in self.told},
        )

    def _keep(self, entry: ClusterInput, found: Clustering) -> None:
        if entry.mode == "refit":
            self.members, self.noise = {}, {}
        for key in entry.statement_ids:
            self.members.pop(key, None)
            self.noise.pop(key, None)
        self.members |= {one.statement_id: one for one in found.members}
        self.noise |= {one.statement_id: one.reason for one in found.noise}
        self.members = {key: one for key, one in self.members.items() if key in self.told}
        self.last = found
