"""Models pulled from a hub to this machine, in the runner's process.

    Puller.start()    asks the hub what there is, checks names, checksums and room, and queues the download
    Puller.pulls()    how far each is; asked again and again, this is the progress
    Puller.cancel()   ends one and removes what it had
    pull_routes()     the same over the runner's control plane

What a hub and a model's publisher say is a stranger's word. Taken are files of weights, JSON and tokenizers, never
pickles or code; each name is checked before it becomes a path, each length before it is read, each file against the
checksum that the hub tells. Only the configured hub is asked, and whatever https addresses on the internet it redirects
to; the token goes to the hub alone. A model appears in its folder when all of it is there. A download that broke off
goes on where it was when it is asked for again.
"""

from __future__ import annotations

from inference.runner.pulling.hub import Hub
from inference.runner.pulling.puller import Puller
from inference.runner.pulling.routes import pull_routes

__all__ = ["Hub", "Puller", "pull_routes"]
