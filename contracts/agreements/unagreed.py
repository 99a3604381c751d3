"""The terms of a case that has none yet, for papers that come before them: its name is all that is known."""

from collections.abc import Mapping
from typing import Any

from contracts.deal import AmountBasis, ContractTerms, FeeWords, Outline, PaymentLine, Row


class UnagreedTerms(ContractTerms):
    """No terms have been typed, or not all of them."""

    def outline(self) -> Outline:
        """Return that nothing is known."""
        return Outline()

    def payment_schedule(self) -> tuple[PaymentLine, ...]:
        """Return no payments."""
        return ()

    def amount_basis(self) -> AmountBasis:
        """Return no amount."""
        return AmountBasis(0, (), "")

    def words(self) -> Mapping[str, Any]:
        """Return what stands at the end of every contract."""
        return self.general_words()

    def fee_words(self) -> FeeWords:
        """Return no price."""
        return FeeWords("", "", "", "")

    def notice_rows(self) -> tuple[Row, ...]:
        """Return no rows."""
        return ()

    def approval_rows(self) -> tuple[Row, ...]:
        """Return no rows."""
        return ()
