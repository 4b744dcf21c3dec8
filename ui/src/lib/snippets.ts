/** How to ask from outside, for a server at `origin`: shell commands and programs. Pure. */

const QUESTION = "What are the main points?";
const RAG = "toolchain/rag";

/** What a toolchain is called as a model; without a version it is the one that runs take. */
export function modelName(id: string, version: number | null): string {
  return version === null ? `toolchain/${id}` : `toolchain/${id}@${version}`;
}

export function curlSnippet(origin: string, model = RAG): string {
  return `curl ${origin}/v1/chat/completions \\
  -H "Authorization: Bearer $PENSTOCK_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "${model}",
    "messages": [{"role": "user", "content": "${QUESTION}"}]
  }'`;
}

export function pythonSnippet(origin: string, model = RAG): string {
  return `import os
from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key=os.environ["PENSTOCK_API_KEY"])

stream = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "${QUESTION}"}],
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="")`;
}

export function typescriptSnippet(origin: string, model = RAG): string {
  return `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${origin}/v1", apiKey: process.env.PENSTOCK_API_KEY });

const stream = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "${QUESTION}" }],
  stream: true,
});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? "");
}`;
}

export function uploadSnippet(origin: string): string {
  return `curl ${origin}/api/upload_document \\
  -H "Authorization: Bearer $PENSTOCK_API_KEY" \\
  -F collection_id=COLLECTION_ID \\
  -F file=@report.pdf`;
}

/** A call of a webhook. @param path behind the server's address */
export function webhookSnippet(origin: string, path: string): string {
  return `curl ${origin}${path} \\
  -H "Authorization: Bearer $WEBHOOK_SECRET" \\
  -H "Content-Type: application/json" \\
  -d '{}'`;
}

/** What the server made with the address by which it knows itself, with the one by which it was reached. */
export function reachedAt(origin: string, text: string): string {
  return text.replace(/http:\/\/127\.0\.0\.1:\d+/, () => origin);
}
