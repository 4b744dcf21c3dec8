"""/v1: OpenAI's wire format, and /v1/query."""
