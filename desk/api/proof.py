"""Approved = signed = filed 一致性证明 of a case."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from cases.proof import Link, proof_of
from desk.api.asking import Reading
from desk.api.cases import CaseName
from desk.api.routes import ApiRoute

router = APIRouter(prefix="/cases/{case}/proof", tags=["files 附件"], route_class=ApiRoute)


class LinkShape(BaseModel):
    """One link from approval to filing 一个环节."""

    name_zh: str
    name_en: str
    answer: str = Field(description="same, differs, unknown or waiting 结论")
    hash: str
    who: str
    at: datetime | None
    notes_zh: list[str]
    notes_en: list[str]
    signers: list[str]

    @classmethod
    def of(cls, link: Link) -> "LinkShape":
        """Return the shape of a link."""
        return cls(
            name_zh=link.name[0], name_en=link.name[1], answer=link.answer, hash=link.hash, who=link.who, at=link.at,
            notes_zh=[zh for zh, _ in link.notes], notes_en=[en for _, en in link.notes],
            signers=[one.signer for one in link.signatures],
        )  # fmt: skip


class ProofShape(BaseModel):
    """The links in order 一致性证明."""

    links: list[LinkShape]


@router.get("", summary="Approved = signed = filed 一致性证明")
def proof(ask: Reading, case: CaseName) -> ProofShape:
    with ask.db.read() as session:
        found = proof_of(ask.db, session, ask.settings, ask.person.org_id, ask.case_id(session, case))
    return ProofShape(links=[LinkShape.of(link) for link in found])
