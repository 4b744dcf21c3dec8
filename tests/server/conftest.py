"""What the tests from outside share: people, collections, a library to search, and the clients that people have."""

from __future__ import annotations

import itertools
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import anthropic
import openai
import pytest

from tests.documents import docx, html
from tests.manual import NAME, operating_manual
from tests.platform import Platform, running_platform
from tests.server.provider import KEY, Provider, running_provider
from tests.server.scripted import Scripted
from tests.server.scripted import scripted as running_scripted
from tests.server.scripted_upstream import KEY as SCRIPTED_KEY
from tests.server.triggers import WORDY, WRAPPED

_numbers = itertools.count()


@dataclass(frozen=True)
class Library:
    """A collection whose documents are complete, by name."""

    collection: str
    documents: dict[str, dict[str, Any]]


@pytest.fixture
def collection(platform: Platform) -> str:
    """An empty collection of the administrator's."""
    return platform.result("create_document_collection", {"name": f"collection {next(_numbers)}"})["id"]


@pytest.fixture
def someone(platform: Platform) -> str:
    """The token of a user whom nobody else uses."""
    return platform.new_user(f"user{next(_numbers)}")


@pytest.fixture
def user(platform: Platform, someone: str) -> str:
    """The token of a user who has the toolchains of `triggers` and nothing else."""
    for definition in (WORDY, WRAPPED):
        platform.result("save_toolchain", {"toolchain": definition}, token=someone)
    return someone


@pytest.fixture(scope="session")
def stranger(platform: Platform) -> str:
    """The token of a user who owns nothing."""
    return platform.new_user("stranger")


@pytest.fixture(scope="session")
def library(platform: Platform) -> Library:
    """A document of every kind, about different things."""
    collection = platform.result("create_document_collection", {"name": "library"})["id"]
    files = {
        NAME: operating_manual(),
        "orchard.docx": docx(["Apples are picked in September.", None, "Cider is pressed from windfalls in October."]),
        "valves.html": html(),
        "bees.md": b"# Bees\n\nA honeybee colony keeps its brood nest at 35 degrees.\n\n## Winter\n\nThey eat honey.\n",
        "tram.txt": "The number 7 tram leaves Zürich harbour at dawn. It carries fishermen and their nets.".encode(),
    }
    uploads = {name: platform.upload(collection, name, data) for name, data in files.items()}
    documents = {name: platform.wait_for(r.json()["result"]["document_id"]) for name, r in uploads.items()}
    assert {name: d["error"] for name, d in documents.items()} == dict.fromkeys(files)
    return Library(collection, documents)


@pytest.fixture(scope="session")
def client(platform: Platform) -> Generator[openai.OpenAI]:
    """OpenAI's client as its users set it up; it does not try again by itself, so that errors are seen."""
    with openai.OpenAI(base_url=f"{platform.url}/v1", api_key=platform.key, max_retries=0, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="session")
def provider() -> Generator[Provider]:
    """A provider that `upstream` is connected to."""
    with running_provider() as running:
        yield running


@pytest.fixture(scope="session")
def upstream(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """A second platform, with a provider behind it; its processes may be killed."""
    home = tmp_path_factory.mktemp("upstream")
    with running_platform(home, OPENAI_BASE_URL=provider.url, OPENAI_API_KEY=KEY) as running:
        running.begin()
        running.key = running.result("create_api_key", {"title": "tests"})["api_key"]
        yield running


@pytest.fixture(scope="session")
def scripted() -> Generator[Scripted]:
    """The upstream that `models` asks."""
    with running_scripted() as running:
        yield running


@pytest.fixture(scope="session")
def models(scripted: Scripted, tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """A platform whose gateway is tested: it waits for upstreams for a second or two, and its log tells everything."""
    home = tmp_path_factory.mktemp("models")
    environment = {
        "OPENAI_BASE_URL": scripted.url, "OPENAI_API_KEY": SCRIPTED_KEY, "PENSTOCK_UPSTREAM_FIRST_BYTE_SECONDS": "2",
        "PENSTOCK_UPSTREAM_IDLE_SECONDS": "1", "PENSTOCK_LOG": "DEBUG",
    }  # fmt: skip
    with running_platform(home, **environment) as running:
        running.begin()
        running.key = running.result("create_api_key", {"title": "tests"})["api_key"]
        yield running


@pytest.fixture(scope="session")
def oai(models: Platform) -> Generator[openai.OpenAI]:
    """OpenAI's client of `models`."""
    with openai.OpenAI(base_url=f"{models.url}/v1", api_key=models.key, max_retries=0, timeout=30) as opened:
        yield opened


@pytest.fixture(scope="session")
def claude(models: Platform) -> Generator[anthropic.Anthropic]:
    """Anthropic's client of `models`."""
    with anthropic.Anthropic(base_url=models.url, api_key=models.key, max_retries=0, timeout=30) as opened:
        yield opened
