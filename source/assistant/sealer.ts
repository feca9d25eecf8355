// Sealing takes a second and 256 MiB, and the credential that passed its test is most often the draft as it lies there:
// the same content under the same passphrase is sealed once.
import type {Secret} from '../domain/secret.ts';
import type {Sealable} from './effects.ts';
import type {Ports} from './ports.ts';

export type Sealed = Readonly<{sealed: string; sealedAt: string}>;
type Sealing = Readonly<{content: Sealable; token: Secret; passphrase: Secret; result: Promise<Sealed>}>;

export class Sealer {
  #last: Sealing | null = null;

  constructor(readonly ports: Pick<Ports, 'seal' | 'now'>) {}

  /** Seals the content with its token, or hands out the seal just made of the same. Throws StoreFault (memory-too-small). */
  seal(content: Sealable, token: Secret, passphrase: Secret): Promise<Sealed> {
    const last = this.#last;
    if (last && sameContent(last.content, content) && same(last.token, token) && same(last.passphrase, passphrase)) {
      return last.result;
    }
    const result = this.#make(content, token, passphrase);
    const sealing = {content, token, passphrase, result};
    this.#last = sealing;
    // A seal that failed is not handed out again.
    result.catch(() => {
      if (this.#last === sealing) this.#last = null;
    });
    return result;
  }

  async #make(content: Sealable, token: Secret, passphrase: Secret): Promise<Sealed> {
    const sealedAt = this.ports.now().toISOString();
    return {sealed: await this.ports.seal({...content, token: token.reveal(), sealedAt}, passphrase), sealedAt};
  }
}

const same = (one: Secret, other: Secret): boolean => one.reveal() === other.reveal();

const sameContent = (one: Sealable, other: Sealable): boolean => JSON.stringify(one) === JSON.stringify(other);
