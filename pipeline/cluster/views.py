"""Groups that many views of a small label agree on: consensus where density sees no clear groups.

People tell a theme in other words each time, and a single way of looking cuts such statements anywhere. So a label is
looked at in many ways (more or fewer neighbours, dimensions, groups), the share of views that put two statements
together is how near they are (evidence accumulation, Fred and Jain 2005), and statements that stand alike to all others
are grouped by average linkage. Nothing is drawn by chance.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from pipeline.cluster import density
from pipeline.cluster.density import NOISE, Groups, sizes, walk
from pipeline.cluster.space import Matrix, Numbers, unit

MOST = 2_000
"""Rows up to which views are compared; it takes memory for their square."""
CLEAR = 0.3
"""How much nearer rows are to their own group than to the next (cosine) where density has found clear groups."""
NEIGHBOURS = (0.7, 1.0, 1.4)
DIMENSIONS = (0.7, 1.0, 2.0)
GROUPS = (0.7, 1.0, 1.25, 1.5, 1.8)
"""What the views take, as parts of the rule's neighbours, its dimensions, and the number of themes that is expected."""
KEPT = 2 / 3
"""Groups that are cut at last, as a part of the number of themes that is expected: views agree on coarse ones."""


def groups(rows: Matrix) -> Groups:
    """The groups of a label's ``rows`` (of unit length, the mean taken away), numbered by their first row.

    Those of density where they are clear or the label is large, else those that views agree on. Groups smaller than the
    rule's smallest are noise. Deterministic: the same rows in the same order give the same groups on one machine.
    """
    found = density.groups(rows)
    smallest = sizes(len(rows)).smallest_group
    if not 2 * smallest <= len(rows) <= MOST or margin(rows, found) >= CLEAR:
        return found
    number = max(2, round(KEPT * math.sqrt(len(rows) / 2)))
    alike = unit(together(rows))
    apart = squareform(np.clip(1.0 - alike @ alike.T, 0.0, None), checks=False)
    cut = fcluster(linkage(apart, "average"), number, "maxclust")
    large = np.bincount(cut)[cut] >= smallest
    return Groups(density.renumbered(np.where(large, cut, NOISE)))


def margin(rows: Matrix, found: Groups) -> float:
    """How much nearer rows are to the centre of the others of their group than to the next centre, on the mean.

    Rows of no group count as zero, and so does everything where there is one group or none.
    """
    members = found.rows()
    if len(members) < 2:
        return 0.0
    totals = np.array([rows[group].sum(axis=0) for group in members])
    near = rows @ unit(totals).T
    nearer = 0.0
    for number, group in enumerate(members):
        own = np.einsum("ij,ij->i", rows[group], unit(totals[number] - rows[group]))
        nearer += float((own - np.delete(near[group], number, axis=1).max(axis=1)).sum())
    return nearer / len(rows)


def together(rows: Matrix) -> Matrix:
    """The share of views in which each pair of rows is in one group."""
    shares, views = np.zeros((len(rows), len(rows))), 0
    for view in _views(rows):
        shares += view[:, None] == view[None, :]
        views += 1
    return np.asarray(shares / views)


def _views(rows: Matrix) -> list[Numbers]:
    """The group numbers of each view: Ward's groups of the leading eigenvectors of a neighbourhood graph."""
    rule, expected = sizes(len(rows)), math.sqrt(len(rows) / 2)
    dimensions = [max(2, round(expected / 2 * finer)) for finer in DIMENSIONS]
    found = []
    for wider in NEIGHBOURS:
        graph = walk(rows, min(max(4, round(rule.neighbours * wider)), len(rows) - 1), max(dimensions))
        for count in dimensions:
            tree = linkage(graph.places(count), "ward")
            found += [fcluster(tree, max(2, round(expected * share)), "maxclust") for share in GROUPS]
    return found
