"""Pages of a list: bounds, neighbors and addresses that keep the filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

FARTHEST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one page stands in a list of `total` rows."""

    page: int
    size: int
    total: int
    path: str
    filters: Mapping[str, str]

    @property
    def count(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The number of the first row on this page."""
        return (self.page - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The number of the last row on this page."""
        return min(self.page * self.size, self.total)

    @property
    def near(self) -> range:
        """The page numbers to offer around this one."""
        low = max(1, min(self.page - 2, self.count - 4))
        return range(low, min(self.count, low + 4) + 1)

    @property
    def beyond(self) -> bool:
        """Say whether the page lies behind the end of the list."""
        return self.page > self.count

    def address(self, page: int) -> str:
        """Return the address of a page with the same filters."""
        kept = {name: value for name, value in self.filters.items() if value}
        query = urlencode({**kept, "page": min(max(page, 1), self.count)})
        return f"{self.path}?{query}"


def page_number(text: str) -> int:
    """Return a page number from the address; anything else is the first page."""
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        return 1
    return min(max(int(text), 1), FARTHEST_PAGE)
