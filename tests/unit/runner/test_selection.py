"""What `extractive` reads in a prompt and which sentences it quotes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from inference.errors import Unavailable
from inference.runner.engines.chat import ChatMessage
from inference.runner.engines.extractive.answer import NO_ANSWER, NO_QUESTION, NO_SOURCES, Extractive
from inference.runner.engines.extractive.prompt import Passage, read_prompt
from inference.runner.engines.extractive.selection import (
    MAX_CHARACTERS,
    MAX_COMPARED,
    MAX_QUOTED,
    candidates,
    select,
    word_shares,
)
from inference.runner.engines.serving import Refusal
from inference.runner.fake_engines import word_vector

MANUAL = (
    "The pump is painted blue. The maximum operating pressure is 16 bar. "
    "The manual is printed on recycled paper. Deliveries arrive on Mondays."
)


def _source(n: int, text: str) -> str:
    return f'<source n="{n}" document="manual.pdf" page="3">{text}</source>'


def _user(text: str) -> ChatMessage:
    return ChatMessage("user", text)


async def _embed(texts: Sequence[str]) -> list[bytes]:
    return [word_vector(text) for text in texts]


async def _answer(*messages: ChatMessage) -> str:
    return await Extractive(_embed).answer(list(messages))


def test_sources_are_read_wherever_they_stand() -> None:
    prompt = read_prompt(
        [
            ChatMessage("system", f"Cite. {_source(1, 'a &lt; b &amp;amp; c')}"),
            ChatMessage("assistant", _source(9, "not mine")),
            _user(f"{_source(2, 'second')} Which?"),
        ]
    )
    assert prompt.passages == [Passage(1, "manual.pdf", "a < b &amp; c"), Passage(2, "manual.pdf", "second")]
    assert prompt.question == "Which?"


def test_a_marked_question_is_the_question() -> None:
    assert read_prompt([_user("Be brief. <question>Is a &lt; b?</question> Thanks.")]).question == "Is a < b?"


def test_the_last_user_message_asks_and_the_latest_source_of_a_number_counts() -> None:
    prompt = read_prompt([_user(f"{_source(1, 'old')} First?"), _user(f"{_source(1, 'new')} Second?")])
    assert (prompt.question, [passage.text for passage in prompt.passages]) == ("Second?", ["new"])


@pytest.mark.parametrize(
    "text",
    [
        "<source",
        '<source n="1">never closed',
        "</source> what",
        '<source n="1"',
        "<question>open",
        "</question><question>",
    ],
)
def test_broken_marks_are_text(text: str) -> None:
    prompt = read_prompt([_user(text)])
    assert prompt.passages == []
    assert prompt.question


def test_a_source_without_a_good_number_gets_its_position() -> None:
    prompt = read_prompt([_user('<source n="x">a</source><source>b</source><source n="99999999999">c</source>')])
    assert [passage.n for passage in prompt.passages] == [1, 2, 3]


def test_rare_words_count_more() -> None:
    shares = word_shares("Which pressure has the pump?", ["The pump hums.", "The pump works.", "Its pressure rises."])
    assert shares[2] > shares[0] == shares[1] > 0


async def test_the_answering_sentence_is_quoted_with_its_mark() -> None:
    answer = await _answer(_user(f"{_source(4, MANUAL)} What is the maximum operating pressure?"))
    assert answer == "The maximum operating pressure is 16 bar. [4]"


async def test_nothing_similar_is_said_to_be_nothing() -> None:
    assert await _answer(_user(f"{_source(1, MANUAL)} Who won the football championship?")) == NO_ANSWER


async def test_without_sources_it_says_what_it_is() -> None:
    assert await _answer(_user("Hello!")) == NO_SOURCES
    assert "OPENAI_BASE_URL" in NO_SOURCES


async def test_without_a_question_or_without_text_there_is_no_answer() -> None:
    assert await _answer(_user(_source(1, MANUAL))) == NO_QUESTION
    assert await _answer(_user(f"{_source(1, ' ')} What?")) == NO_ANSWER


async def test_a_chat_without_a_user_is_refused() -> None:
    with pytest.raises(Refusal, match="user"):
        await _answer(ChatMessage("system", "x"))


async def test_an_embedder_that_is_gone_is_told_with_its_status() -> None:
    async def gone(texts: Sequence[str]) -> list[bytes]:
        raise Unavailable("The embedder is away.")

    with pytest.raises(Refusal, match="away") as caught:
        await Extractive(gone).answer([_user(f"{_source(1, MANUAL)} What?")])
    assert caught.value.status == 503


async def test_the_same_sentence_of_overlapping_passages_is_quoted_once() -> None:
    twice = _source(1, MANUAL) + _source(2, MANUAL)
    assert (await _answer(_user(f"{twice} What is the maximum operating pressure?"))).count("16 bar") == 1


async def test_how_something_is_done_is_read_on() -> None:
    steps = "Start the pump with the discharge closed. Then open it slowly. Wait a minute."
    answer = await _answer(_user(f"{_source(1, steps)} How do I start the pump with the discharge closed?"))
    assert answer == "Start the pump with the discharge closed. [1] Then open it slowly. [1] Wait a minute. [1]"


async def test_an_overview_takes_from_every_source() -> None:
    sources = _source(1, "Pumps move water through pipes. Pumps hum.") + _source(
        2, "Valves stop water in pipes. Valves click."
    )
    answer = await _answer(_user(f"{sources} Summarize the documents"))
    assert "[1]" in answer
    assert "[2]" in answer


def test_quotes_are_few_and_short() -> None:
    question = "What is the pressure of the pump?"
    passages = [Passage(n, "", f"The pressure of pump {n} is {n} bar{' and more' * 30}.") for n in range(1, 20)]
    choice = candidates(question, passages)
    taken = select(question, choice, word_vector(question), [word_vector(one.sentence.text) for one in choice])
    assert 0 < len(taken) <= MAX_QUOTED
    assert sum(len(one.sentence.text) for one in taken) <= MAX_CHARACTERS


def test_a_huge_prompt_is_bounded_and_keeps_the_question_s_words() -> None:
    noise = " ".join(f"Sentence {n} tells of nothing." for n in range(20_000))
    choice = candidates("maximum pressure?", [Passage(1, "", "The maximum pressure is 16 bar."), Passage(2, "", noise)])
    assert len(choice) == MAX_COMPARED
    assert choice[0].sentence.text == "The maximum pressure is 16 bar."
