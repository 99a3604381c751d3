"""Workflow engines of others, doing the same persisted and audited transition, beside the product's own."""
