/**
 * Seals a credential as an armored age file to the store's recipient, and opens it again. Anybody may seal to a
 * recipient, so what lies inside is authenticated: its MAC takes the key's secret, and is bound to the store's id.
 */
import {createHmac, hkdfSync, timingSafeEqual} from 'node:crypto';
import {type SealedContent, sealedContentSchema} from '../domain/credential.ts';
import {decryptBySecret, encrypt, malformed} from './age-file.ts';
import {SealFault} from './seal-fault.ts';
import type {StoreKey} from './store-key.ts';

// Every document is filled up to whole blocks: the length of a token or a description is nobody's business. One block
// holds every usual credential, so all seals look alike.
const blockSize = 4096;
const blank = 0x20;
const newline = 0x0a;

// The MAC is the document's first value, at a fixed place: it is taken over the whole document with zeros there.
const front = '{\n  "mac": "';
const macStart = front.length;
const macLength = 64;
const zeros = '0'.repeat(macLength);

/** An armored age file that only the key opens. It has been opened once before it is returned. */
export async function seal(content: SealedContent, key: StoreKey): Promise<string> {
  const checked = sealedContentSchema.parse(content);
  const document = padded(checked);
  document.write(macOf(document, key), macStart, 'latin1');
  const sealed = await encrypt(document, key.recipient);
  if (JSON.stringify(await open(sealed, key)) !== JSON.stringify(checked)) {
    throw new Error('the new seal does not hold what was sealed');
  }
  return sealed;
}

/** What `seal` put in. @throws SealFault not-ours where another key sealed it, or nobody who has this one; malformed */
export async function open(sealed: string, key: StoreKey): Promise<SealedContent> {
  const document = Buffer.from(await decryptBySecret(sealed, key.secret.reveal()));
  const given = document.toString('latin1', macStart, macStart + macLength);
  if (document.toString('latin1', 0, macStart) !== front || !/^[0-9a-f]{64}$/.test(given)) {
    throw new SealFault({code: 'not-ours'});
  }
  document.write(zeros, macStart, 'latin1');
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(macOf(document, key)))) throw new SealFault({code: 'not-ours'});
  const result = sealedContentSchema.safeParse(contentIn(document));
  if (!result.success) throw malformed('what is sealed is not a credential');
  return result.data;
}

/** @param document with zeros in the MAC's place */
function macOf(document: Uint8Array, {id, secret}: StoreKey): string {
  const key = Buffer.from(hkdfSync('sha256', secret.reveal(), id, 'jirakey store 2', 32));
  return createHmac('sha256', key).update(document).digest('hex');
}

/** JSON in trailing blanks: `age -d` prints it as it is, and JSON readers skip what follows. */
function padded(content: SealedContent): Buffer {
  const json = Buffer.from(JSON.stringify({mac: zeros, ...content}, null, 2));
  const document = Buffer.alloc(Math.ceil((json.length + 1) / blockSize) * blockSize, blank);
  json.copy(document);
  document[document.length - 1] = newline;
  return document;
}

function contentIn(document: Uint8Array): unknown {
  try {
    const {mac: _, ...content} = JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(document));
    return content;
  } catch {
    return null;
  }
}
