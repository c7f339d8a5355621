"""Rank open projects for an organisation, and take every score apart. Texts in, reasons out."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from matchplatform.matching import weights
from matchplatform.matching.matches import (
    Alike,
    Caution,
    CautionKind,
    Fit,
    Match,
    Part,
    PartName,
    Profile,
    ProjectText,
    WordShare,
)
from matchplatform.matching.weights import TENTH, Nearness
from matchplatform.matching.words import words_of

Vector = NDArray[np.float64]
ZERO = Decimal(0)


@dataclass(frozen=True)
class Readings:
    """Profiles read in the terms of one model, by organisation id. ``matrix``: profiles x terms."""

    profiles: Mapping[int, Profile]
    matrix: Any
    fit: Any


class Recommender:
    """A TF-IDF model of the open projects. Once fitted it is only read, from any thread."""

    def __init__(self, projects: Sequence[ProjectText]) -> None:
        self._projects = sorted(projects, key=lambda project: project.number)
        self._row_of = {project.id: row for row, project in enumerate(self._projects)}
        self._vectorizer: Any = TfidfVectorizer(analyzer=_as_it_is, sublinear_tf=True, norm="l2")
        documents = [_document(project) for project in self._projects]
        self._is_fitted = any(documents)
        if self._is_fitted:
            # matrix: projects x terms, rows of length one, so that a product is a cosine.
            self._matrix: Any = self._vectorizer.fit_transform(documents)
            self._terms: Any = self._vectorizer.get_feature_names_out()

    @property
    def project_ids(self) -> frozenset[int]:
        """Return the ids of all projects in the model."""
        return frozenset(self._row_of)

    def with_money(self, money: Mapping[int, tuple[Decimal | None, Decimal | None]]) -> Self:
        """Return the same model without a fit, with gaps and smallest claims by project id."""
        other = copy(self)
        other._projects = [
            replace(project, value_gap=money[project.id][0], smallest_claim=money[project.id][1])
            for project in self._projects
        ]
        return other

    def shares_fit_with(self, other: "Recommender") -> bool:
        """Tell whether two models come from the same fit."""
        return self._vectorizer is other._vectorizer

    def recommend(
        self, profile: Profile, limit: int, exclude: frozenset[int] = frozenset()
    ) -> list[Match]:
        """Return the best projects for an organisation: by score, then by number."""
        products = self._products(self._vector_of(words_of(profile.text)))
        ranked = []
        for row, project in enumerate(self._projects):
            if project.id in exclude:
                continue
            points = _points(self._of_row(products, row), profile, project)
            ranked.append((-sum(points, ZERO), project.number, row, points))
        return [
            self._match(self._of_row(products, row), row, profile, points)
            for _minus_score, _number, row, points in sorted(ranked)[:limit]
        ]

    def read_profiles(self, profiles: Mapping[int, Profile]) -> Readings:
        """Read the texts of many organisations at once, for ``rank_profiles``."""
        documents = [words_of(profile.text) for profile in profiles.values()]
        read = self._is_fitted and bool(documents)
        matrix = self._vectorizer.transform(documents).tocsr() if read else None
        return Readings(dict(profiles), matrix, self._vectorizer)

    def understands(self, readings: Readings) -> bool:
        """Tell whether profiles were read in the terms of this model's fit."""
        return readings.fit is self._vectorizer

    def rank_profiles(self, project_id: int, readings: Readings, limit: int) -> list[Fit]:
        """Return the best organisations for a project: by score, then by organisation id.

        Every score and part is the one that ``recommend`` gives the project for the organisation.

        Raises:
            KeyError: the model does not have the project.
        """
        row = self._row_of[project_id]
        project = self._projects[row]
        products = self._row_products(readings, row)
        ranked = []
        for place, (key, profile) in enumerate(readings.profiles.items()):
            points = _points(products[place], profile, project)
            ranked.append((-sum(points, ZERO), key, place, points))
        return [
            Fit(key, self._match(products[place], row, readings.profiles[key], points))
            for _minus_score, key, place, points in sorted(ranked)[:limit]
        ]

    def _row_products(self, readings: Readings, row: int) -> Vector:
        """Return what each term of a project adds to each profile's cosine: profiles x terms."""
        if readings.matrix is None:
            return np.zeros((len(readings.profiles), 0))
        mine = slice(self._matrix.indptr[row], self._matrix.indptr[row + 1])
        theirs = readings.matrix[:, self._matrix.indices[mine]].toarray()
        return np.ascontiguousarray(self._matrix.data[mine] * theirs)

    def _match(
        self, mine: Vector, row: int, profile: Profile, points: tuple[Decimal, ...]
    ) -> Match:
        """Take a score apart; ``mine`` are the products of the project's row alone."""
        project, (words, sector, place) = self._projects[row], points
        named, rest = self._take_apart(mine, row, words)
        parts = (
            Part(PartName.WORDS, words, weights.WORDS, words=named, rest=rest),
            Part(PartName.SECTOR, sector, weights.SECTOR),
            Part(PartName.PLACE, place, weights.PLACE, nearness=nearness_of(profile, project)),
        )
        return Match(project.id, sum(points, ZERO), parts, _cautions(profile, project))

    def similar(self, project_id: int, limit: int) -> list[Alike]:
        """Return the projects most like one of the model's own.

        Raises:
            KeyError: the model does not have it.
        """
        return self.similar_to(self._projects[self._row_of[project_id]], limit)

    def similar_to(self, project: ProjectText, limit: int) -> list[Alike]:
        """Return the projects most like any project, with what they have in common."""
        products = self._products(self._vector_of(_document(project)))
        found = []
        for row, other in enumerate(self._projects):
            cosine = float(self._of_row(products, row).sum())
            if other.id == project.id or cosine < weights.ALIKE_LEAST_COSINE:
                continue
            same_county = other.region_code == project.region_code
            same_sector = other.sector == project.sector
            likeness = round(
                cosine + weights.ALIKE_COUNTY * same_county + weights.ALIKE_SECTOR * same_sector, 6
            )
            found.append((-likeness, other.number, row, same_county, same_sector))
        return [
            Alike(
                self._projects[row].id,
                -minus_likeness,
                same_county,
                same_sector,
                tuple(
                    word
                    for word, _ in self._shared(self._of_row(products, row), row)[
                        : weights.WORDS_NAMED
                    ]
                ),
            )
            for minus_likeness, _number, row, same_county, same_sector in sorted(found)[:limit]
        ]

    def _vector_of(self, words: list[str]) -> Vector:
        """Return the weights of a text by term, of length one, or all zero."""
        if not self._is_fitted:
            return np.zeros(0)
        return np.asarray(self._vectorizer.transform([words]).toarray()[0], dtype=np.float64)

    def _products(self, vector: Vector) -> Vector:
        """Return, for every stored weight of the matrix, what it adds to its row's cosine."""
        if not self._is_fitted:
            return vector
        products: Vector = self._matrix.data * vector[self._matrix.indices]
        return products

    def _of_row(self, products: Vector, row: int) -> Vector:
        if not self._is_fitted:
            return products
        return products[self._matrix.indptr[row] : self._matrix.indptr[row + 1]]

    def _shared(self, mine: Vector, row: int) -> list[tuple[str, float]]:
        """List the words that both have, strongest first; ``mine`` are the row's products.

        A word inside a longer shared word is counted with the longer one.
        """
        if not self._is_fitted:
            return []
        columns = self._matrix.indices[self._matrix.indptr[row] :][: len(mine)]
        found = {str(self._terms[columns[at]]): float(mine[at]) for at in np.flatnonzero(mine)}
        sums: dict[str, float] = {}
        for word in sorted(found, key=lambda word: (-len(word), word)):
            whole = next((longer for longer in sums if word in longer), word)
            sums[whole] = sums.get(whole, 0.0) + found[word]
        return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))

    def _take_apart(
        self, mine: Vector, row: int, points: Decimal
    ) -> tuple[tuple[WordShare, ...], Decimal]:
        """Share the points of the words part among the strongest words; return what is over."""
        shared = self._shared(mine, row)
        total = sum(value for _, value in shared)
        named = []
        for word, value in shared[: weights.WORDS_NAMED]:
            # Rounded down, the named words never sum to more than there is.
            share = (points * Decimal(value / total)).quantize(TENTH, ROUND_DOWN)
            if share:
                named.append(WordShare(word, share))
        return tuple(named), points - sum((share.points for share in named), Decimal(0))


def nearness_of(profile: Profile, project: ProjectText) -> Nearness:
    """Tell how near a project lies to where an organisation lives and has worked."""
    city = project.city_code[:4]
    if project.region_code == profile.home_region:
        return Nearness.OWN_COUNTY
    if city == profile.home_region[:4]:
        return Nearness.OWN_CITY
    if project.region_code in profile.worked_regions:
        return Nearness.WORKED_COUNTY
    if any(county.startswith(city) for county in profile.worked_regions):
        return Nearness.WORKED_CITY
    return Nearness.ANYWHERE


def _as_it_is(words: list[str]) -> list[str]:
    return words


def _document(project: ProjectText) -> list[str]:
    said_once = words_of(project.text) + words_of(" ".join(project.items))
    return words_of(project.title) * weights.TITLE_TIMES + said_once


def _points(mine: Vector, profile: Profile, project: ProjectText) -> tuple[Decimal, ...]:
    """Return the points of words, sector and place; ``mine`` are the products of the row."""
    return (
        _words_points(float(mine.sum())),
        _sector_points(profile, project),
        weights.PLACE_POINTS[nearness_of(profile, project)],
    )


def _words_points(cosine: float) -> Decimal:
    full = min(cosine / weights.FULL_COSINE, 1.0)
    return (weights.WORDS * Decimal(full)).quantize(TENTH, ROUND_HALF_UP)


def _sector_points(profile: Profile, project: ProjectText) -> Decimal:
    return weights.SECTOR if project.sector in profile.sectors else Decimal(0)


def _cautions(profile: Profile, project: ProjectText) -> tuple[Caution, ...]:
    found = []
    left, gap, least = profile.budget_left, project.value_gap, project.smallest_claim
    least = gap if least is None else least
    if left is not None and least is not None and least > left:
        found.append(Caution(CautionKind.OVER_BUDGET, least, left))
    elif left is not None and gap is not None and gap > left:
        found.append(Caution(CautionKind.GAP_OVER_BUDGET, gap, left))
    if profile.sectors and project.sector not in profile.sectors:
        found.append(Caution(CautionKind.OTHER_SECTOR))
    # To an organisation that has worked nowhere yet this would be said of every project.
    if profile.worked_regions and nearness_of(profile, project) is Nearness.ANYWHERE:
        found.append(Caution(CautionKind.NEVER_THERE))
    return tuple(found)
