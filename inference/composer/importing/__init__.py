"""Toolchains of QueryLake become ours: `import_querylake(definition)` gives a toolchain and what it could not carry.

An event of QueryLake is a run whose input names the event; a session is a thread, whose state keys go on from run to
run. What a node hands to another, and whether it fires it, is known when the toolchain is imported or is kept in state
keys that end with the run. The description of a UI becomes a page. `notes` tell by path what is left out or done in
another way. Pure: nothing is read or run.
"""

from inference.composer.importing.assembly import Imported, import_querylake
from inference.composer.importing.draft import Note
from inference.composer.importing.source import is_querylake

__all__ = ["Imported", "Note", "import_querylake", "is_querylake"]
