# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType
from . import runs, versions


class CheckBase(BaseModel):
    """
    What every check has.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    of: Any
    """
    A value of the toolchain language that is looked at: `{"ref": "output.answer"}`. Its roots are output, nodes, state, input, run and error.
    """
    negate: bool = False
    """
    It must not hold.
    """


class EqualsCheck(CheckBase):
    """
    It is this value.
    """

    kind: Literal["equals"]
    value: Any
    """
    A value of the toolchain language, with the same roots.
    """


class ContainsCheck(CheckBase):
    """
    A text that has this within it, a list with such an element, an object with such a field or such fields.
    """

    kind: Literal["contains"]
    value: Any
    """
    A value of the toolchain language. An element that is an object has at least these fields.
    """
    ignore_case: bool = False


class SchemaCheck(CheckBase):
    """
    It fits a JSON Schema.
    """

    kind: Literal["schema"]
    form: dict[str, Any]
    """
    The JSON Schema.
    """


class SimilarCheck(CheckBase):
    """
    A text that means much the same, by the cosine of the built-in embedder's vectors.
    """

    kind: Literal["similar"]
    value: Any
    """
    A value of the toolchain language: the text to compare with.
    """
    least: Annotated[float, Field(ge=-1.0, le=1.0)] = 0.7
    """
    The least cosine.
    """


class JudgedCheck(CheckBase):
    """
    A chat model says yes to a question about it.
    """

    kind: Literal["judged"]
    question: Annotated[str, Field(max_length=4000, min_length=1)]
    model: Annotated[str | None, Field(max_length=400)] = None
    """
    Null: the platform's default, which must be one that can judge.
    """


class RunCasesRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: Annotated[str, Field(max_length=80)]
    version: Annotated[int | None, Field(ge=1, le=2147483647)] = None
    """
    Null means the latest.
    """
    draft: dict[str, Any] | None = None
    """
    A toolchain with this id that is tested as it stands, and not saved.
    """
    names: Annotated[list[str] | None, Field(max_length=200)] = None
    """
    Only these cases. Null: all.
    """
    wait: bool = False
    """
    Answer when all have ended.
    """


class CaseRunReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    case_run_id: str


class CaseReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    case_run_id: str
    number: Annotated[int, Field(ge=0, le=199)]
    """
    Its place among the toolchain's tests, from 0.
    """


CaseStatus = TypeAliasType("CaseStatus", Literal["queued", "running", "passed", "failed"])


class CaseTableRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: Annotated[str, Field(max_length=80)]
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    """
    So many of the newest versions.
    """


class CaseCell(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    name: str
    status: CaseStatus
    case_run_id: str
    run_id: str | None


class CaseTableRow(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    version: int
    published: bool
    created_at: AwareDatetime | None
    """
    Null for a shipped toolchain.
    """
    cases: list[str]
    """
    The names of the cases that this version has.
    """
    results: list[CaseCell]
    """
    The last result of each case that has ended.
    """


class CaseTable(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    rows: list[CaseTableRow]
    """
    Newest version first.
    """


Check = TypeAliasType(
    "Check",
    Annotated[EqualsCheck | ContainsCheck | SchemaCheck | SimilarCheck | JudgedCheck, Field(discriminator="kind")],
)


class CheckResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    kind: str
    passed: bool
    message: str
    """
    What was found, in words.
    """
    expected: Any = None
    """
    What was to be there, cut where it is long.
    """
    actual: Any = None
    """
    What is there, cut where it is long.
    """
    score: float | None = None
    """
    The cosine of a `similar`.
    """
    differences: Annotated[list[versions.Difference], Field(validate_default=True)] = []
    """
    Of an `equals`: where `before` was to be there and `after` is.
    """


class CaseResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    number: int
    name: str
    status: CaseStatus
    run_id: str | None
    """
    The run that it began.
    """
    duration_ms: float | None
    error: runs.RunError | None
    """
    Why it failed, where no check says so.
    """
    checks: list[CheckResult]


class CaseRun(BaseModel):
    """
    Cases of a toolchain on their way, or through.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    case_run_id: str
    toolchain_id: str
    version: int
    """
    0 for a draft that was not saved.
    """
    run_id: str
    """
    The run of `test_toolchain` that does them.
    """
    status: runs.RunStatus
    """
    Of that run: while it goes on, so do the cases.
    """
    created_at: AwareDatetime
    results: list[CaseResult]
    """
    In the order of the toolchain's tests.
    """


class Case(BaseModel):
    """
    An input, and what must hold of the run that it begins.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(max_length=200, min_length=1)]
    input: dict[str, Any] = {}
    pinned: dict[str, Any] = {}
    """
    Results by node. Such a node, also one within others, is not done; it gives what stands here.
    """
    timeout_seconds: Annotated[float, Field(gt=0.0, le=3600.0)] = 300
    """
    The longest that the run may take.
    """
    checks: Annotated[list[Check], Field(max_length=50, validate_default=True)] = []
    """
    What must hold. Without one the run must complete.
    """
