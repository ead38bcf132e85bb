import { decodeUtf8 } from '../lib/text/decode.ts';
import { withoutEnding } from '../lib/text/ending.ts';
import type { GivenFile } from './session.ts';

/** A file that was chosen or dropped; its name is a path where it was dropped in a folder. */
export interface PlacedFile {
  readonly name: string;
  readonly file: File;
}

/** The text of a file as the command reads it; what is packed with gzip is unpacked. */
export async function textOf({ name, file }: PlacedFile): Promise<GivenFile> {
  let reason = 'the browser cannot read the file: it was moved or changed, choose it again';
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    reason = 'the file is damaged (gzip): copy it again';
    const decoded = decodeUtf8(isPacked(bytes) ? await unpacked(file) : bytes);
    if ('text' in decoded) return { name, text: decoded.text };
    return { name, text: decoded.before, problem: decoded.problem };
  } catch {
    return { name, text: '', problem: reason };
  }
}

function isPacked([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}

async function unpacked(file: File): Promise<Uint8Array> {
  const stream = file.stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Files that are in no folder. */
export function placed(files: Iterable<File>): readonly PlacedFile[] {
  return [...files].map((file) => ({ name: file.name, file }));
}

/** Every file of what was dropped, and of folders those that the command would read, in the order of their paths. */
export async function droppedFiles(dropped: DataTransfer): Promise<readonly PlacedFile[]> {
  const found = (await Promise.all([...dropped.items].map(filesOf))).flat();
  return found.filter(isWanted).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Of a folder only what says by its name that it holds a host or a guest, and is not hidden. */
function isWanted({ name }: PlacedFile): boolean {
  const own = name.slice(name.lastIndexOf('/') + 1);
  return own === name || (!own.startsWith('.') && withoutEnding(own) !== own);
}

/** What older browsers lack. */
interface Dropped extends Omit<DataTransferItem, 'getAsFileSystemHandle'> {
  readonly getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>;
}

/** The files of one thing that was dropped: it has to be asked at once, as the event ends. */
async function filesOf(item: Dropped): Promise<readonly PlacedFile[]> {
  const [file, entry] = [item.getAsFile(), item.webkitGetAsEntry()];
  if (entry === null || !isDirectory(entry)) return file === null ? [] : placed([file]);
  // Chromium gives a page from disk no files by entries.
  const handle = await item.getAsFileSystemHandle?.();
  return handle instanceof FileSystemDirectoryHandle ? filesIn(handle, entry.name) : filesBelow(entry);
}

async function filesIn(folder: FileSystemDirectoryHandle, path: string): Promise<readonly PlacedFile[]> {
  const found: PlacedFile[] = [];
  for await (const one of folder.values()) {
    const name = `${path}/${one.name}`;
    if (one instanceof FileSystemDirectoryHandle) found.push(...(await filesIn(one, name)));
    else if (one instanceof FileSystemFileHandle) found.push({ name, file: await one.getFile() });
  }
  return found;
}

async function filesBelow(entry: FileSystemEntry): Promise<readonly PlacedFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => {
      entry.file(resolve, reject);
    });
    return [{ name: entry.fullPath.slice(1), file }];
  }
  if (!isDirectory(entry)) return [];
  const reader = entry.createReader();
  const entries: FileSystemEntry[] = [];
  // A reader gives some at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) break;
    entries.push(...some);
  }
  return (await Promise.all(entries.map(filesBelow))).flat();
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** Hands a text to the user as a file. */
export function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has it by then.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}
