/** A file that somebody gave, and where it lay in the folder that it came with: a later one from there is its newer content. */
export interface Picked {
  file: File;
  source: string | null;
}

/** A file from a dialog; one of a whole folder knows its path. */
export function pickedFile(file: File): Picked {
  return { file, source: file.webkitRelativePath || null };
}

/** True for what a system puts into folders for itself, such as .DS_Store. */
export function isHidden(path: string): boolean {
  return path.split("/").some((part) => part.startsWith("."));
}

/** The files of a drop, those in folders too. Must be called before the event's handler returns: then the browser empties it. */
export async function droppedFiles(transfer: DataTransfer): Promise<Picked[]> {
  const entries = [...transfer.items].map((item) => (item.kind === "file" ? item.webkitGetAsEntry() : null));
  const direct = [...transfer.files];
  if (entries.every((entry) => entry === null)) return direct.map(pickedFile);
  const found = await Promise.all(entries.flatMap((entry) => (entry ? [filesUnder(entry)] : [])));
  return found.flat();
}

async function filesUnder(entry: FileSystemEntry): Promise<Picked[]> {
  if (isHidden(entry.name)) return [];
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    const path = entry.fullPath.replace(/^\//, "");
    return [{ file, source: path.includes("/") ? path : null }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: Picked[] = [];
  // A reader gives at most a hundred entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return files;
    for (const child of some) files.push(...(await filesUnder(child)));
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
