import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What pdf.js reads at run time for CJK encodings, fonts that a file does not embed, and JPEG 2000: served by us, never a CDN. */
function pdfAssets(): Plugin {
  const folders = ["cmaps", "standard_fonts", "wasm"];
  return {
    name: "pdf-assets",
    apply: "build",
    writeBundle(options) {
      for (const folder of folders) {
        cpSync(here(`node_modules/pdfjs-dist/${folder}`), `${options.dir ?? "dist"}/pdf/${folder}`, {
          recursive: true,
        });
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), pdfAssets()],
  resolve: { alias: { "@": here("src") } },
  build: {
    target: "es2022",
    // A data: font would break the content security policy, so nothing is inlined.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
  worker: { format: "es" },
  server: {
    proxy: Object.fromEntries(["/api", "/v1", "/readyz"].map((path) => [path, "http://127.0.0.1:8000"])),
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
