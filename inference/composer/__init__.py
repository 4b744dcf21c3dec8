"""The composer: toolchain JSON → checked → a LangGraph graph → a run with events.

    composer = Composer(storage, listener)
    engine = composer.open(ctx)              # ctx: what functions are lent; `launch` is the composer itself
    uid = await composer.start(ctx, "rag", {"question": …})
    async for event in composer.follow(ctx, uid): …

Guarantees: a run is written down before it begins; whoever watches may go away and come back with the number of the
last event seen, in any process; one process carries a run at a time, and another takes it over when the first one dies;
a run that kills its process MOST_ATTEMPTS times ends as `dead`. Every fault of a toolchain is told at once, before it
is saved.
"""

from inference.composer import (
    alone,
    cases,
    deliveries,
    drafts,
    functions,
    interface,
    looking_back,
    running,
    schedules,
    travelling,
    versions,
    webhooks,
)
from inference.composer.answering import Answering, begin_answer, chat_input, find_answer, latest_answer
from inference.composer.catalogue import find_toolchain, is_chat, shipped_toolchains
from inference.composer.engine import STALE_SECONDS, Engine
from inference.composer.events import ENDED
from inference.composer.functions import composer_of
from inference.composer.launching import Composer
from inference.composer.running import report_run
from inference.composer.unrecorded import run_unrecorded
from inference.composer.upgrade import check_stored
from inference.composer.validation import check_toolchain
from inference.composer.webhooks import find_webhook, start_from_webhook

__all__ = [
    "ENDED", "STALE_SECONDS", "Answering", "Composer", "Engine", "alone", "begin_answer", "cases", "chat_input",
    "check_stored", "check_toolchain", "composer_of", "deliveries", "drafts", "find_answer", "find_toolchain",
    "find_webhook", "functions",
    "interface", "is_chat", "latest_answer", "looking_back", "report_run", "run_unrecorded", "running", "schedules",
    "shipped_toolchains", "start_from_webhook", "travelling", "versions", "webhooks",
]  # fmt: skip
