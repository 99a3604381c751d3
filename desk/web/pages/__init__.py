"""The pages of the desk, one module per subject."""

from fastapi import APIRouter

from desk.web.pages import (
    admin,
    case_page,
    cases,
    companies,
    deadlines,
    documents,
    home,
    imports,
    messages,
    my,
    numbers,
    patents,
    rulebook,
    signin,
    simulation,
    status,
    steps,
    terms,
)

ROUTERS: tuple[APIRouter, ...] = (
    status.router,
    signin.router,
    home.router,
    imports.router,
    patents.router,
    companies.router,
    cases.router,
    steps.router,
    terms.router,
    simulation.router,
    documents.router,
    case_page.router,
    deadlines.router,
    rulebook.router,
    numbers.router,
    messages.router,
    my.router,
    admin.router,
)
