"""What the environment says, read once per process."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import tempfile
from functools import cached_property
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Environment variables of the product. `PENSTOCK_HOME` holds all state; the rest has working defaults."""

    model_config = SettingsConfigDict(env_prefix="PENSTOCK_", extra="ignore")

    home: Path = Path("~/.penstock")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    open_registration: bool = False
    max_upload_bytes: int = Field(default=200 * 1024 * 1024, description="Largest file that upload_document takes.")
    max_body_bytes: int = Field(default=16 * 1024 * 1024, description="Largest JSON body.")
    http_allow: str = Field(
        default="", description="Hosts and CIDRs, separated by commas, that http nodes may ask in one's own network."
    )
    default_model: str = Field(default="extractive", description="The chat model where none is asked for.")
    models: Path | None = Field(
        default=None, description="The file of added models; models.yaml in the home if not given."
    )
    vllm: Path | None = Field(default=None, description="vLLM's environment, or its command; never imported.")
    llama_server: Path | None = Field(default=None, description="llama.cpp's program; xllamacpp's where not given.")
    torch: Path | None = Field(
        default=None, description="An environment with penstock[transformers]; one's own where not given."
    )
    memory_mb: float | None = Field(
        default=None, gt=0, description="The most memory of this machine that models have together, in MiB."
    )
    worker_concurrency: int = Field(default=64, ge=1, description="Runs that one worker carries at once.")
    runs_per_user: int = Field(default=200, ge=1, description="Runs of one user that are carried at once.")
    checkpoint_days: float = Field(default=30, ge=0, description="How long the steps of ended runs are kept.")
    runner_url: str = Field(default="", description="Where the runner listens; set by `penstock start`.")
    runner_token: str = Field(default="", description="What the runner asks its callers for.")
    upstream_connect_seconds: float = Field(default=10, gt=0, description="Longest wait for a provider's connection.")
    upstream_first_byte_seconds: float = Field(default=600, gt=0, description="Longest wait for an answer to begin.")
    upstream_idle_seconds: float = Field(default=120, gt=0, description="Longest silence within an answer.")
    encryption_key: str = Field(
        default="", repr=False, description="Seals people's secrets; made and kept in the home when not given."
    )
    secret: str = Field(default="", description="Signs log-in tokens; made and kept in the home when not given.")

    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    redis_url: str = Field(default="", validation_alias="REDIS_URL", repr=False)
    object_store_url: str = Field(default="", validation_alias="OBJECT_STORE_URL")
    openai_base_url: str = Field(default="", validation_alias="OPENAI_BASE_URL")
    openai_api_key: str = Field(default="", validation_alias="OPENAI_API_KEY", repr=False)
    # Names that Hugging Face's own tools read too.
    hf_endpoint: str = Field(default="https://huggingface.co", validation_alias="HF_ENDPOINT")
    hf_token: str = Field(default="", validation_alias="HF_TOKEN", repr=False)
    hf_offline: bool = Field(default=False, validation_alias="HF_HUB_OFFLINE")

    @cached_property
    def home_dir(self) -> Path:
        """The home, made if it is not there, readable by its owner only."""
        path = self.home.expanduser().resolve()
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    @cached_property
    def signing_secret(self) -> str:
        """The secret that signs log-in tokens: `PENSTOCK_SECRET`, or one made at the first start."""
        return self.secret or kept_secret(self.home_dir / "secret")

    @cached_property
    def sealing_key(self) -> str:
        """What people's secrets are sealed with: `PENSTOCK_ENCRYPTION_KEY`, or a key made when it is first needed."""
        return self.encryption_key or kept_secret(self.home_dir / "encryption.key")


def kept_secret(path: Path) -> str:
    """Reads the secret at `path`; the first caller makes it (mode 0600), whoever else tries at the same time."""
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
        Path(name).unlink()
    return path.read_text()


def shipped(name: str) -> Path:
    """A folder that comes with the product (`toolchains`, `ui`): in a checkout, or under the installation's share/."""
    checkout = ROOT / ("ui/dist" if name == "ui" else name)
    return checkout if checkout.is_dir() else Path(sys.prefix) / "share" / "penstock" / name
