"""The text index: texts in, ids and scores out. It knows neither Flask nor the database."""

from matchplatform.search.completion import Name, grade_names
from matchplatform.search.document import SearchDoc
from matchplatform.search.errors import IndexUnavailable
from matchplatform.search.highlight import highlight
from matchplatform.search.index import SearchIndex
from matchplatform.search.normal import normalise
from matchplatform.search.query import parse_query
from matchplatform.search.ranking import Hit

__all__ = [
    "Hit",
    "IndexUnavailable",
    "Name",
    "SearchDoc",
    "SearchIndex",
    "grade_names",
    "highlight",
    "normalise",
    "parse_query",
]
