"""HTTP: /v1, /api, server-sent events and the built UI; who you are and what you may. Begins at `app.py`."""

from inference.server.app import create_app

__all__ = ["create_app"]
