# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Literal
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType


class Credentials(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    username: Annotated[str, Field(max_length=64, min_length=1, pattern="^[A-Za-z0-9][A-Za-z0-9._@+-]*$")]
    password: Annotated[str, Field(max_length=256, min_length=8)]


class LoginRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    username: Annotated[str, Field(max_length=64)]
    password: Annotated[str, Field(max_length=256)]


class User(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    user_id: str
    username: str
    is_admin: bool


class LoginResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    access_token: str
    """
    A signed JWT for the Authorization header.
    """
    token_type: Literal["bearer"]
    expires_in: int
    """
    Seconds.
    """
    user: User


class SetupState(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    needs_first_account: bool
    """
    True until the first account (the administrator) exists.
    """
    open_registration: bool
    """
    True when anybody may make an account.
    """


Scope = TypeAliasType("Scope", Annotated[str, Field(max_length=64)])


class CreateApiKeyRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str, Field(max_length=120, min_length=1)]
    scopes: Annotated[list[Scope] | None, Field(max_length=32)] = None
    """
    What the key may do, such as `documents:read`; without it, all that its owner may.
    """
    expires_at: AwareDatetime | None = None


class CreateApiKeyResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    api_key: str
    """
    The key itself (`sk-…`), shown this once.
    """


class ApiKey(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    title: str
    preview: str
    """
    The first and last characters.
    """
    scopes: list[str] | None
    created_at: AwareDatetime
    expires_at: AwareDatetime | None = None
    last_used_at: AwareDatetime | None = None


class ApiKeyList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    api_keys: list[ApiKey]


class ApiKeyReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    api_key_id: str
