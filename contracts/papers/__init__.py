"""Papers beside the contract: consents, notices, minutes, forms; what is missing; checklists of official acts."""
