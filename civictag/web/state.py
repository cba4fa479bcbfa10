"""What the parts of one application share; it hangs on the application, so that tests can have many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from starlette.requests import Request

from civictag.web.engine import Engine
from civictag.web.metrics import Metrics
from civictag.web.settings import Settings


@dataclass(slots=True)
class State:
    """Settings, the model in memory, the counters."""

    settings: Settings
    engine: Engine
    metrics: Metrics


def state_of(request: Request) -> State:
    """The state of the application that the request came to."""
    return cast(State, request.app.state.civictag)
