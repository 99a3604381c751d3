"""What is to be paid when, and the amount that approval looks at, of any deal."""

from contracts.deal import AmountBasis, DealTerms, PaymentLine

__all__ = ["AmountBasis", "PaymentLine", "amount_basis", "amount_basis_fen", "payment_schedule"]


def payment_schedule(terms: DealTerms) -> tuple[PaymentLine, ...]:
    """Return every payment of the contract, by due date; on one day in the order of the contract."""
    return terms.payment_schedule()


def amount_basis(terms: DealTerms) -> AmountBasis:
    """Return the contract amount for approval thresholds."""
    return terms.amount_basis()


def amount_basis_fen(terms: DealTerms) -> int:
    """Return the amount of `amount_basis` in fen."""
    return amount_basis(terms).amount_fen
