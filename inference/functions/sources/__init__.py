"""Where documents come from besides uploads: URLs, web sites, object stores, folders.

Each document knows its `source`; what a source gives once more is a newer content of the same document, and nothing is
done for a content that has not changed.
"""

from inference.functions.sources import matching, objects, sites, urls

__all__ = ["matching", "objects", "sites", "urls"]
