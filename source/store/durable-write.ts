/**
 * Replaces a file so that, whatever happens, its name shows the old content whole or the new content whole.
 * conf's own writer is not used: it takes a short write for success (measured on a full disk and under `ulimit -f`).
 */
import {randomBytes} from 'node:crypto';
import {constants} from 'node:fs';
import {copyFile, type FileHandle, link, open, readdir, rename, rm, unlink} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {errnoOf} from '../domain/errno.ts';
import {StoreFault} from '../domain/fault.ts';

// Windows knows neither flag; there they are nothing.
const exclusive = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);
const privateMode = 0o600;
const temporary = (path: string): string => `${path}.tmp-${process.pid}-${randomBytes(6).toString('hex')}`;

/** A moment as part of a file name: 20261123T094500Z. */
export const stamp = (moment: Date): string => moment.toISOString().replace(/[-:]|\.\d+/g, '');

/**
 * Writes `text` in place of the file at `path`.
 * @param before called when the new content is safe on disk, right before it takes the name; an error keeps the old
 * @throws the system's error; the temporary file is gone then
 */
export async function replace(path: string, text: string, before: () => Promise<void> = async () => {}): Promise<void> {
  const staged = temporary(path);
  try {
    await writeNew(staged, Buffer.from(text));
    await before();
    await rename(staged, path);
  } catch (error) {
    await rm(staged, {force: true});
    throw error;
  }
  await confirm(path);
}

/** Past the renaming the old content is gone; a failure here must not be told as if it were not. */
async function confirm(path: string): Promise<void> {
  try {
    await syncFolder(dirname(path));
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null) throw error;
    const reason = 'the disk did not confirm it';
    throw new StoreFault({code: 'store-unwritable', path, errno, reason, operation: 'write', saved: true});
  }
}

/** Writes and removes a file of the size of a small store, to learn whether a save would work. */
export async function rehearse(path: string): Promise<void> {
  const staged = temporary(path);
  try {
    await writeNew(staged, Buffer.alloc(16_384, 0x20));
  } finally {
    await rm(staged, {force: true});
  }
}

/** A second name for the content at `from`, in place of what `to` was. Takes no room where the file system has links. */
export async function keepAs(from: string, to: string): Promise<void> {
  const staged = temporary(to);
  try {
    await linkOrCopy(from, staged);
    await rename(staged, to);
  } finally {
    // rename(2) does nothing when both names are the same file already: the staged one would stay.
    await rm(staged, {force: true});
  }
}

/** As `keepAs`, under the first free of `to`, `to-2`, `to-3` …, which is returned: nothing is ever replaced. */
export async function keepAside(from: string, to: string): Promise<string> {
  for (let count = 1; ; count++) {
    const name = count === 1 ? to : `${to}-${count}`;
    try {
      await linkOrCopy(from, name);
      await syncFolder(dirname(name));
      return name;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** Names beside `path` that killed writers left, or that a living one is using at this moment. */
export async function leftovers(path: string): Promise<string[]> {
  const prefixes = ['.tmp-', '.bak.tmp-', '.lock.', '.lock-'].map(suffix => `${basename(path)}${suffix}`);
  return (await readdir(dirname(path))).filter(name => prefixes.some(prefix => name.startsWith(prefix)));
}

/** Removes what killed writers left. Only under the lock: then no temporary file beside `path` is in use. */
export async function sweep(path: string): Promise<void> {
  const folder = dirname(path);
  await Promise.all((await leftovers(path)).map(name => removeFile(join(folder, name))));
}

/** A folder of such a name was not made by us; it harms nothing and stays. */
async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!['ENOENT', 'EISDIR', 'EPERM'].includes(errnoOf(error) ?? '')) throw error;
  }
}

/** Makes names in the folder survive a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems cannot sync a folder; they say so with these.
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EBADF'].includes(errnoOf(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

async function writeNew(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(path, exclusive, privateMode);
  try {
    await withoutSizeSignal(() => writeAll(handle, bytes));
    await handle.chmod(privateMode);
    await handle.sync();
    await verify(handle, bytes);
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  // A nearly full disk takes less than it is given and says so only in this number; the next write gets the error.
  for (let written = 0; written < bytes.length; ) {
    const {bytesWritten} = await handle.write(bytes, written, bytes.length - written, written);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), {code: 'ENOSPC'});
    written += bytesWritten;
  }
}

async function verify(handle: FileHandle, bytes: Buffer): Promise<void> {
  const back = Buffer.alloc(bytes.length + 1);
  let length = 0;
  for (;;) {
    const {bytesRead} = await handle.read(back, length, back.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  if (length !== bytes.length || !back.subarray(0, length).equals(bytes)) {
    throw Object.assign(new Error('what was read back differs from what was written'), {code: 'EIO'});
  }
}

/** Beyond `ulimit -f` the kernel sends SIGXFSZ, which would end the process; unheard, the write fails with EFBIG. */
async function withoutSizeSignal(write: () => Promise<void>): Promise<void> {
  if (process.platform === 'win32') return write();
  const ignore = (): void => {};
  process.on('SIGXFSZ', ignore);
  try {
    await write();
  } finally {
    process.off('SIGXFSZ', ignore);
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}
