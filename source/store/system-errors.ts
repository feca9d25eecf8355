/** System errors of the store's folder, as faults that say what is wrong and where. */
import {errnoOf} from '../domain/errno.ts';
import {StoreFault} from '../domain/fault.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EFBIG: 'the limit on file sizes (ulimit -f) is reached',
  EIO: 'the disk reported an error',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'something else has that name',
  EISDIR: 'a folder has that name',
  ELOOP: 'its symbolic links go round in a circle',
  ENAMETOOLONG: 'the path is too long',
  ESTALE: 'the network file system lost the file',
  ETIMEDOUT: 'the network file system does not answer',
};

export const isMissing = (error: unknown): boolean => errnoOf(error) === 'ENOENT';

/**
 * The fault for a system error; faults and bugs come back as they are.
 * @param doing what was tried, as in "cannot … /path"
 */
export function asFault(error: unknown, path: string, doing: 'read' | 'write'): unknown {
  const errno = errnoOf(error);
  if (errno === null || error instanceof StoreFault) return error;
  const reason = reasons[errno] ?? `the system says ${errno}`;
  return new StoreFault({code: 'store-unwritable', path, errno, reason, operation: doing, saved: false});
}
