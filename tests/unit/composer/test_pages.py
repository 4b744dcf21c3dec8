"""A toolchain's own page is checked with it: what it is bound to and what its events name must be there."""

from __future__ import annotations

from typing import Any

import pytest

from inference.composer import check_toolchain


def toolchain(*elements: dict[str, Any], **page: Any) -> dict[str, Any]:
    return {
        "id": "paged",
        "title": "Paged",
        "input": {
            "type": "object",
            "required": ["question"],
            "properties": {
                "question": {"type": "string"},
                "collection_ids": {"type": "array"},
                "loud": {"type": "boolean", "default": False},
                "top_k": {"type": "integer", "default": 3},
            },
        },
        "state": {"answer": {"type": "string"}, "count": {"type": "integer"}},
        "nodes": [
            {"id": "ask", "kind": "approval", "write": {"count": 1}},
            {"id": "nap", "kind": "wait", "seconds": 1},
            {"id": "say", "kind": "llm", "prompt": {"ref": "input.question"}, "stream": "answer"},
        ],
        "edges": [
            {"from": "start", "to": "ask"},
            {"from": "ask", "to": "nap"},
            {"from": "nap", "to": "say"},
            {"from": "say", "to": "end"},
        ],
        "output": {"answer": {"ref": "state.answer"}, "count": {"ref": "state.count"}},
        "page": {"elements": list(elements), **page},
    }


def faults(*elements: dict[str, Any], **page: Any) -> dict[str, str]:
    return {fault.path: fault.message for fault in check_toolchain(toolchain(*elements, **page))[1]}


RUN = {"do": "run", "input": {"question": {"ref": "event.text"}}}


def test_a_page_with_every_kind_of_element_has_no_fault() -> None:
    rows = {"literal": [{"month": "May", "sold": 3}]}
    shown = {"ref": "state.answer"}
    assert not faults(
        {"id": "words", "kind": "text", "value": {"template": "{{ state.count }} of {{ input.top_k }}"}},
        {"id": "line", "kind": "divider", "label": "Talk"},
        {
            "id": "side",
            "kind": "row",
            "shares": [2, 1],
            "children": [
                {"id": "chat", "kind": "chat", "on_send": [RUN]},
                {
                    "id": "tabs",
                    "kind": "tabs",
                    "tabs": [
                        {"title": "Answer", "children": [{"id": "md", "kind": "markdown", "value": shown}]},
                        {
                            "title": "Files",
                            "children": [
                                {"id": "up", "kind": "upload", "to": "session.files"},
                                {"id": "pick", "kind": "documents", "to": "input.collection_ids"},
                                {"id": "view", "kind": "viewer", "document": {"ref": "session.files.0"}},
                            ],
                        },
                    ],
                },
            ],
        },
        {"id": "rows", "kind": "table", "rows": rows, "on_select": [{"do": "notify", "message": {"ref": "event.row"}}]},
        {"id": "chart", "kind": "chart", "rows": rows, "x": "month", "y": ["sold"]},
        {"id": "picture", "kind": "image", "source": {"ref": "session.files.0"}, "when": {"ref": "session.files"}},
        {"id": "bar", "kind": "progress"},
        {
            "id": "column",
            "kind": "column",
            "surface": "panel",
            "children": [
                {"id": "form", "kind": "form", "fields": ["question", "top_k"], "on_submit": [{"do": "run"}]},
                {"id": "loud", "kind": "switch", "to": "input.loud"},
                {"id": "field", "kind": "field", "to": "input.question"},
                {"id": "many", "kind": "select", "to": "input.top_k", "options": [1, 2, 3]},
                {
                    "id": "yes",
                    "kind": "button",
                    "label": "Yes",
                    "on_press": [{"do": "answer", "node": "ask", "value": {"approved": True}}, {"do": "cancel"}],
                },
            ],
        },
        session={"files": {"type": "array", "default": []}},
    )


def test_all_faults_of_a_page_are_told_at_once() -> None:
    found = faults(
        {"id": "twice", "kind": "text", "value": {"ref": "state.nothing"}},
        {"id": "twice", "kind": "markdown", "value": {"template": "{{ nodes.say.text }}"}},
        {
            "id": "row",
            "kind": "row",
            "shares": [1],
            "children": [
                {"id": "flip", "kind": "switch", "to": "input.question"},
                {"id": "lost", "kind": "switch", "to": "session.lost"},
            ],
        },
        {
            "id": "go",
            "kind": "button",
            "on_press": [
                {"do": "run", "input": {"quest": 1, "top_k": "many"}},
                {"do": "answer", "node": "nap"},
                {"do": "answer", "node": "nobody", "value": {"ref": "event.text"}},
                {"do": "set", "to": "session.n", "value": "words"},
            ],
        },
        {"id": "form", "kind": "form", "schema": {"type": 3}, "fields": ["question"]},
        {"id": "of_input", "kind": "form", "fields": ["nothing"], "to": "session.n"},
        {"id": "talk", "kind": "chat", "question": "what"},
        {"id": "sum", "kind": "text", "value": {"expr": {"+": [1, 1]}}},
        {"id": "how", "kind": "text", "value": {"ref": "run.secret"}, "when": {"ref": "event.text"}},
        session={"n": {"type": "integer", "default": "one"}},
    )
    assert {path.removeprefix("page."): words for path, words in found.items()} == {
        "session.n.default": "this is no value of type integer",
        "elements[0].value": "'state.nothing' refers to 'nothing', which is not declared",
        "elements[1].id": "two elements are called 'twice'",
        "elements[1].value": "'nodes.say.text' begins with none of state, input, output, session, run",
        "elements[2].shares": "there are 2 children: give each a share, or none",
        "elements[2].children[0].to": "'input.question' is string; this writes boolean",
        "elements[2].children[1].to": "'session.lost' refers to 'lost', which is not declared",
        "elements[3].on_press[0].input.quest": "the toolchain's input has no 'quest'",
        "elements[3].on_press[0].input.top_k": "'top_k' is integer; this is string",
        "elements[3].on_press[1].node": (
            "'nap' is no node that waits for an answer: an `approval`, or a `wait` for an event"
        ),
        "elements[3].on_press[2].node": (
            "'nobody' is no node that waits for an answer: an `approval`, or a `wait` for an event"
        ),
        "elements[3].on_press[2].value": "'event.text' refers to 'text', which is not told",
        "elements[3].on_press[3].to": "'session.n' is integer; this writes string",
        "elements[4].schema": found["page.elements[4].schema"],
        "elements[4].fields": "these are fields of the input; a form has its own `schema`",
        "elements[5].to": "a form of the input writes the input: leave this out, or give a `schema`",
        "elements[5].fields[0]": "the input has no 'nothing'",
        "elements[6].question": "the input has no 'what': name the field with what was asked, or give `messages`",
        "elements[7].value": "a page has no expressions: let a node reckon it, and bind its state",
        "elements[8].value": "'run.secret' refers to 'secret', which is not declared",
        "elements[8].when": "'event.text' begins with none of state, input, output, session, run",
    }


def test_a_run_that_could_only_fail_is_a_fault() -> None:
    go = {"id": "go", "kind": "button", "on_press": [{"do": "run", "input": {"top_k": 2}}]}
    told = "a run needs 'question', which nothing on the page gives"
    assert faults(go) == {"page.elements[0].on_press[0].input": told}
    assert not faults(go, {"id": "field", "kind": "field", "to": "input.question"})
    assert not faults({"id": "form", "kind": "form"}, go)


@pytest.mark.parametrize(
    ("element", "path", "words"),
    [
        ({"id": "a", "kind": "hologram"}, "page.elements[0]", "hologram"),
        ({"id": "A b", "kind": "divider"}, "page.elements[0].id", "pattern"),
        ({"id": "a", "kind": "row", "children": [{"id": "b"}]}, "page.elements[0].children[0]", "kind"),
        ({"id": "a", "kind": "field", "to": "state.answer"}, "page.elements[0].to", "pattern"),
        ({"id": "a", "kind": "button", "on_press": [{"do": "run", "node": "x"}]}, "page.elements[0].on_press[0].node",
         "not known"),
        ({"id": "a", "kind": "text", "value": 1, "html": "<b>"}, "page.elements[0].html", "not known"),
    ],
)  # fmt: skip
def test_what_has_not_the_form_of_a_page_is_named_by_its_path(element: dict[str, Any], path: str, words: str) -> None:
    assert words in faults(element)[path]


def test_a_page_that_is_too_large_or_too_deep() -> None:
    deep: dict[str, Any] = {"id": "e", "kind": "divider"}
    for number in range(12):
        deep = {"id": f"c{number}", "kind": "column", "children": [deep]}
    assert any("deeper than 12" in words for words in faults(deep).values())
    many = [
        {"id": f"c{n}", "kind": "column", "children": [{"id": f"d{n}_{m}", "kind": "divider"} for m in range(199)]}
        for n in range(3)
    ]
    assert "600 elements" in faults(*many)["page.elements"]
    bottomless: dict[str, Any] = {"id": "e", "kind": "divider"}
    for _ in range(3000):
        bottomless = {"id": "c", "kind": "column", "children": [bottomless]}
    assert faults(bottomless)
