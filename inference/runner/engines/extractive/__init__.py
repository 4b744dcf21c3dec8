"""The `extractive` model: it answers with sentences quoted from the prompt's sources, and invents nothing.

prompt.py      messages -> the question and the numbered passages
sentences.py   a passage, wrapped by its PDF or not -> sentences
selection.py   sentences and their similarity with the question -> the ones that answer
answer.py      the model itself

A source in a prompt, its text and attributes escaped as in XML, in any system or user message:

    <source n="1" document="name.pdf" page="3">…text…</source>

The question is the text of the last user message without its sources, or its <question>…</question> if it has one.
"""
