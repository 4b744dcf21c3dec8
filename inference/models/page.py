# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal, Union
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType


class SessionKey(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    type: Literal["string", "integer", "number", "boolean", "object", "array", "any"]
    default: Any | None = None
    """
    What it holds at first.
    """


PageValue = TypeAliasType("PageValue", Any)
"""
Any JSON is a literal, save an object with exactly one of these keys: `{"ref": "state.answer"}` (roots: state, input, output, session, run; in actions also event), `{"template": "{{ state.count }} found"}` and `{"literal": <anything>}`.
"""


Target = TypeAliasType("Target", Annotated[str, Field(pattern="^(input|session)\\.[^.\\s]{1,100}$")])
"""
What a component writes: `input.<name>`, what the next run is given, or `session.<name>`.
"""


ElementId = TypeAliasType("ElementId", Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,59}$")])
"""
Its name on the page; no two elements have the same.
"""


class ElementBase(BaseModel):
    """
    What every element has.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: ElementId
    when: PageValue | None = None
    """
    Shown only while this is something: neither null, false, 0 nor empty. Left out: always.
    """


class ComponentBase(ElementBase):
    """
    What every component has.
    """

    label: Annotated[str, Field(max_length=200)] = ""
    """
    What it is called on the page.
    """


Share = TypeAliasType("Share", Annotated[float, Field(gt=0.0, le=100.0)])


class DividerElement(ComponentBase):
    """
    A line between what is above and below.
    """

    kind: Literal["divider"]


class TextElement(ElementBase):
    """
    Words as they are.
    """

    kind: Literal["text"]
    value: PageValue
    size: Literal["small", "normal", "large", "title"] = "normal"


class MarkdownElement(ElementBase):
    """
    Words with Markdown; HTML in them is not shown, pictures are not fetched.
    """

    kind: Literal["markdown"]
    value: PageValue


class ViewerElement(ComponentBase):
    """
    Shows a document, page by page.
    """

    kind: Literal["viewer"]
    document: PageValue
    """
    Its id.
    """
    page: PageValue | None = None
    """
    From 1.
    """


class PageColumn(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    field: Annotated[str, Field(max_length=200, min_length=1)]
    """
    A path in the row, `metadata.author`.
    """
    title: Annotated[str, Field(max_length=200)] = ""


class ImageElement(ComponentBase):
    """
    A picture: a document that is one, or a `data:` address. Others are not fetched.
    """

    kind: Literal["image"]
    source: PageValue


FieldModel = TypeAliasType("FieldModel", Annotated[str, Field(max_length=100)])


class ProgressElement(ComponentBase):
    """
    A bar, from 0 to 1. Null while a run goes on is a bar without an end.
    """

    kind: Literal["progress"]
    value: PageValue | None = None
    """
    Left out: how far the run is.
    """


YItem = TypeAliasType("YItem", Annotated[str, Field(max_length=200, min_length=1)])


class ChartElement(ComponentBase):
    kind: Literal["chart"]
    rows: PageValue
    """
    A list of objects.
    """
    shape: Literal["bars", "line"] = "bars"
    x: Annotated[str, Field(max_length=200)] = ""
    """
    The field under each place; left empty: its number.
    """
    y: Annotated[list[YItem], Field(max_length=6, min_length=1)]
    """
    The fields whose numbers are drawn.
    """


class RunAction(BaseModel):
    """
    Runs the toolchain on the page's thread, with what the page's components wrote into `input` and with `input` over it.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    do: Literal["run"]
    input: dict[str, PageValue] = {}


class AnswerAction(BaseModel):
    """
    Gives a node what it waits for, so that the run goes on there. Nothing happens while it does not wait.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    do: Literal["answer"]
    node: Annotated[str, Field(max_length=60)]
    """
    An `approval`, or a `wait` for an event.
    """
    value: PageValue | None = None


class SetAction(BaseModel):
    """
    Writes a value.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    do: Literal["set"]
    to: Target
    value: PageValue


class CancelAction(BaseModel):
    """
    Ends the run that goes on.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    do: Literal["cancel"]


class RestartAction(BaseModel):
    """
    Leaves the thread and begins a new one, with all values as they were at first.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    do: Literal["restart"]


class NotifyAction(BaseModel):
    """
    Tells the person something.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    do: Literal["notify"]
    message: PageValue


PageAction = TypeAliasType(
    "PageAction",
    Annotated[
        RunAction | AnswerAction | SetAction | CancelAction | RestartAction | NotifyAction, Field(discriminator="do")
    ],
)


class ChatElement(ComponentBase):
    """
    A conversation with a place to write. Without `messages` it shows the questions and answers of the page's runs, and gives them to the next run as `history` if its input has that.
    """

    kind: Literal["chat"]
    messages: PageValue | None = None
    """
    A list of `{role, content}`, with `sources` if there are any.
    """
    question: Annotated[str, Field(max_length=100)] = "question"
    """
    The field of the input that holds what was asked, where `messages` is left out.
    """
    placeholder: Annotated[str, Field(max_length=200)] = ""
    on_send: Annotated[list[PageAction], Field(max_length=20, validate_default=True)] = []
    """
    `event.text`. Empty: there is no place to write.
    """


class UploadElement(ComponentBase):
    """
    Takes files into a collection and writes the ids of the documents.
    """

    kind: Literal["upload"]
    multiple: bool = True
    collection: PageValue | None = None
    """
    The id of a collection; left out: one that the page makes for its toolchain.
    """
    to: Target | None = None
    """
    A list of document ids; one id where it is a text.
    """
    on_upload: Annotated[list[PageAction], Field(max_length=20, validate_default=True)] = []
    """
    When all files can be searched. `event.document_ids`, `event.collection_id`, `event.file_names`.
    """


class DocumentsElement(ComponentBase):
    """
    Picks collections or documents.
    """

    kind: Literal["documents"]
    pick: Literal["collections", "documents"] = "collections"
    collection: PageValue | None = None
    """
    Of which collection, where documents are picked; left out: the person says.
    """
    to: Target
    """
    A list of ids; one id where it is a text.
    """
    on_change: Annotated[list[PageAction], Field(max_length=20, validate_default=True)] = []
    """
    `event.value`
    """


class TableElement(ComponentBase):
    """
    Rows of values.
    """

    kind: Literal["table"]
    rows: PageValue
    """
    A list of objects or of lists.
    """
    columns: Annotated[list[PageColumn], Field(max_length=40, validate_default=True)] = []
    """
    Left empty: the fields of the rows.
    """
    on_select: Annotated[list[PageAction], Field(max_length=20, validate_default=True)] = []
    """
    `event.row`, `event.index`
    """


class FormElement(ComponentBase):
    """
    Fields that a JSON Schema describes, and a button.
    """

    kind: Literal["form"]
    schema_: Annotated[dict[str, Any] | None, Field(alias="schema")] = None
    """
    Null: the toolchain's input, which it fills in.
    """
    fields: Annotated[list[FieldModel], Field(max_length=100)] = []
    """
    Which fields of the input; left empty: all.
    """
    button: Annotated[str, Field(max_length=100, min_length=1)] = "Send"
    to: Target | None = None
    """
    Where what it gives is written; with a schema of its own.
    """
    on_submit: Annotated[list[PageAction], Field(max_length=20, validate_default=True)] = []
    """
    `event.value`
    """


class FieldElement(ComponentBase):
    """
    A text or a number to write, as its target is.
    """

    kind: Literal["field"]
    to: Target
    lines: Annotated[int, Field(ge=1, le=40)] = 1
    placeholder: Annotated[str, Field(max_length=200)] = ""
    on_change: Annotated[list[PageAction], Field(max_length=20, validate_default=True)] = []
    """
    When it is left, or Enter is pressed. `event.value`
    """


class SwitchElement(ComponentBase):
    kind: Literal["switch"]
    to: Target
    on_change: Annotated[list[PageAction], Field(max_length=20, validate_default=True)] = []
    """
    `event.value`
    """


class SelectElement(ComponentBase):
    kind: Literal["select"]
    to: Target
    """
    A list of values where it is a list, else one.
    """
    options: PageValue
    """
    A list of values, or of `{label, value}`.
    """
    on_change: Annotated[list[PageAction], Field(max_length=20, validate_default=True)] = []
    """
    `event.value`
    """


class ButtonElement(ComponentBase):
    kind: Literal["button"]
    style: Literal["primary", "quiet"] = "primary"
    on_press: Annotated[list[PageAction], Field(max_length=20)]


class PageDefinition(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str, Field(max_length=200)] = ""
    """
    Left empty: the toolchain's.
    """
    width: Literal["narrow", "normal", "wide"] = "normal"
    session: Annotated[dict[str, SessionKey], Field(validate_default=True)] = {}
    """
    Values of the page's own, which live as long as the page is open.
    """
    elements: Annotated[list[PageElement], Field(max_length=200)]
    """
    What stands on it, from top to bottom.
    """


PageElement = TypeAliasType(
    "PageElement",
    Annotated[
        Union[
            "RowElement",
            "ColumnElement",
            "TabsElement",
            DividerElement,
            ChatElement,
            TextElement,
            MarkdownElement,
            UploadElement,
            DocumentsElement,
            ViewerElement,
            TableElement,
            ImageElement,
            FormElement,
            FieldElement,
            SwitchElement,
            SelectElement,
            ButtonElement,
            ProgressElement,
            ChartElement,
        ],
        Field(discriminator="kind"),
    ],
)


class RowElement(ElementBase):
    """
    Elements side by side; on a phone one above the other.
    """

    kind: Literal["row"]
    children: Annotated[list[PageElement], Field(max_length=12)]
    shares: Annotated[list[Share], Field(max_length=12)] = []
    """
    How much of the width each takes; left empty: equal parts.
    """
    align: Literal["start", "center", "end", "stretch"] = "stretch"


class ColumnElement(ComponentBase):
    """
    Elements one above the other.
    """

    kind: Literal["column"]
    children: Annotated[list[PageElement], Field(max_length=200)]
    surface: Literal["none", "panel"] = "none"


class TabsElement(ElementBase):
    """
    Elements behind each other, one tab at a time.
    """

    kind: Literal["tabs"]
    tabs: Annotated[list[PageTab], Field(max_length=12, min_length=1)]


class PageTab(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str, Field(max_length=100, min_length=1)]
    children: Annotated[list[PageElement], Field(max_length=200)]


PageDefinition.model_rebuild()
TabsElement.model_rebuild()
