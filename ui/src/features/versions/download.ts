import { saveBlob } from "@/lib/blobs";
import { exportedText } from "@/lib/versions/exported";
import type { Toolchain } from "@/models";

/** Gives a toolchain to the browser as a file. */
export function download(toolchain: Toolchain): void {
  saveBlob(new Blob([exportedText(toolchain)], { type: "application/json" }), `${toolchain.id}.json`);
}
