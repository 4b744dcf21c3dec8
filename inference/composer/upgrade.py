"""What an upgrade looks at: toolchains that were saved under an earlier release."""

from __future__ import annotations

import logging
from typing import Any

from inference.composer.validation import check_toolchain
from inference.models.common import Fault

_log = logging.getLogger(__name__)


def check_stored(definition: dict[str, Any]) -> list[Fault]:
    """What this release finds wrong with a stored toolchain. Never raises: one that cannot be read is no reason for
    an upgrade to fail."""
    try:
        return check_toolchain(definition)[1]
    except Exception as error:
        _log.exception("a stored toolchain could not be checked")
        return [Fault(path="$", message=f"it cannot be checked ({type(error).__name__}): save it anew")]
