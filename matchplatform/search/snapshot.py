"""The index as it was at one moment, for one thread: which entries may hold a term."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from matchplatform.search.document import Entry
from matchplatform.search.normal import pairs_or_char
from matchplatform.search.ranking import Term
from matchplatform.search.shelf import Shelf, Vocabulary
from matchplatform.search.sound import Spoken

Token = tuple[str, str]  # the field and the text


@dataclass(frozen=True, slots=True)
class Leaf:
    """A segment: Whoosh's reader of its postings, and its entries by their place in it."""

    reader: Any
    shelf: Shelf

    def entries_with(self, token: Token) -> Iterator[Entry]:
        """Yield the entries that hold a token."""
        if self.reader.doc_frequency(*token):
            for place in self.reader.postings(*token).all_ids():
                yield self.shelf[place]

    def entries(self) -> Iterator[Entry]:
        """Yield all entries."""
        if not self.reader.has_deletions():
            yield from self.shelf.entries
        else:
            yield from (self.shelf[place] for place in self.reader.all_doc_ids())


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The segments of one commit; ``generation`` and ``number`` say which."""

    generation: str
    number: int
    leaves: list[Leaf]

    def count(self) -> int:
        """Return how many documents there are."""
        return sum(leaf.reader.doc_count() for leaf in self.leaves)

    def ids(self) -> set[int]:
        """Return the ids of all documents."""
        return {leaf.shelf[place].id for leaf in self.leaves for place in leaf.reader.all_doc_ids()}

    def candidates(
        self, terms: Sequence[str], *, match_any: bool
    ) -> tuple[list[Term], list[Entry]]:
        """Return the terms weighed, and every entry that may match: the texts decide."""
        tokens = {term: self._rarest_tokens(term) for term in terms}
        spoken = {term: Spoken.of(term) for term in terms}
        voiced = {term: self._that_sound_like(said) for term, said in spoken.items() if said}
        sizes = {
            term: sum(map(self._frequency, tokens[term])) + len(voiced.get(term, ()))
            for term in terms
        }
        total = self.count()
        weighed = [Term.weigh(term, spoken[term], sizes[term], total) for term in terms]
        chosen = terms if match_any else [min(terms, key=sizes.__getitem__)]
        found = {
            entry.id: entry
            for token in dict.fromkeys(token for term in chosen for token in tokens[term])
            for leaf in self.leaves
            for entry in leaf.entries_with(token)
        }
        found |= {entry.id: entry for term in chosen for entry in voiced.get(term, ())}
        return weighed, list(found.values())

    def entries(self) -> Iterator[Entry]:
        """Yield all entries."""
        for leaf in self.leaves:
            yield from leaf.entries()

    def vocabularies(self) -> list[Vocabulary]:
        """Return the words of all names, a vocabulary for each segment."""
        return [leaf.shelf.vocabulary for leaf in self.leaves]

    def _that_sound_like(self, spoken: Spoken) -> list[Entry]:
        # There are no postings of sounds: looking through all names takes a millisecond for
        # thousands, and only what is typed in Latin letters asks for it.
        return [entry for entry in self.entries() if spoken.may_stand_in(entry.sound)]

    def _frequency(self, token: Token) -> int:
        return sum(leaf.reader.doc_frequency(*token) for leaf in self.leaves)

    def _rarest_tokens(self, term: str) -> list[Token]:
        # Whoever holds the term holds its rarest pair of characters. Reading that one list and
        # looking into the texts is much quicker than intersecting positions of all pairs.
        pairs = {pair for piece in term.split() for pair in pairs_or_char(piece)}
        rarest = min(sorted(("gram", pair) for pair in pairs), key=self._frequency)
        return [rarest, ("number", term.replace(" ", ""))]
