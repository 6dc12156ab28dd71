"""The case system: opening with a key, looking up, and not finding."""

from __future__ import annotations

from datetime import date

from actions.backends.cases import Case, CaseSystem
from tests.actions.backends.standin import StandIn


async def test_a_case_is_opened(standin: StandIn) -> None:
    standin.status = 201
    standin.answer = {"reference": "SBX-7K3M9P", "status": "open", "due": "8 December 2026"}
    case = await CaseSystem(standin.http()).open_case("complaint", {"about": "x"}, {"name": "A Person"}, "key-1")
    assert case == Case("SBX-7K3M9P", "open", date(2026, 12, 8))
    assert standin.requests[0].headers["idempotency-key"] == "key-1"
    assert standin.requests[0].json == {
        "kind": "complaint",
        "summary": "complaint",
        "details": {"about": "x"},
        "contact": {"name": "A Person"},
    }


async def test_an_unknown_reference_is_none(standin: StandIn) -> None:
    standin.status, standin.answer = 404, {"code": "unknown_reference", "description": "No such case."}
    assert await CaseSystem(standin.http()).by_reference("SBX-7K3M9P") is None


async def test_a_reference_cannot_leave_its_path(standin: StandIn) -> None:
    standin.answer = {"reference": "SBX-7K3M9P", "status": "open"}
    case = await CaseSystem(standin.http()).by_reference("../log?x=1")
    assert case == Case("SBX-7K3M9P", "open", None)
    assert standin.requests[0].raw_url == b"/cases/..%2Flog%3Fx%3D1"
