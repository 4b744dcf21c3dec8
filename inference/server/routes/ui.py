"""The built UI. Paths that are no file are the application's own: they get its one page."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

_NOT_BUILT = "The UI has not been built here. `make start` builds it; /api and /v1 work without it.\n"


class SinglePage(StaticFiles):
    """Static files with a fall-back page; built assets carry a hash in their name and may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or path.startswith("assets/"):
                raise
            response = await super().get_response("index.html", scope)
        kept = path.startswith("assets/")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        return response


def make_ui(folder: Path) -> ASGIApp:
    """The UI in `folder`, or a page that says how to build it."""
    if not (folder / "index.html").exists():
        return PlainTextResponse(_NOT_BUILT, 503)
    return GZipMiddleware(SinglePage(directory=folder, html=True), minimum_size=1024)
