"""The portal of enterprises: pages of its own under /enterprise, with accounts that no page of the desk knows.

Every route here takes its visitor from the portal's own cookie, which browsers send to these pages alone.
"""

from fastapi import APIRouter

from desk.web.portal import demands, entering, messages, patents

ROUTERS: tuple[APIRouter, ...] = (entering.router, demands.router, messages.router, patents.router)
