/** How to ask from outside: a shell command and a Python program for a server at `origin`. */
export function curlSnippet(origin: string): string {
  return `curl ${origin}/v1/chat/completions \\
  -H "Authorization: Bearer $PENSTOCK_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "toolchain/rag",
    "messages": [{"role": "user", "content": "What are the main points?"}]
  }'`;
}

export function pythonSnippet(origin: string): string {
  return `import os
from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key=os.environ["PENSTOCK_API_KEY"])

stream = client.chat.completions.create(
    model="toolchain/rag",
    messages=[{"role": "user", "content": "What are the main points?"}],
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="")`;
}

export function uploadSnippet(origin: string): string {
  return `curl ${origin}/api/upload_document \\
  -H "Authorization: Bearer $PENSTOCK_API_KEY" \\
  -F collection_id=COLLECTION_ID \\
  -F file=@report.pdf`;
}
