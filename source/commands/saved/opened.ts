import type {SealedContent} from '../../domain/credential.ts';
import type {Secret} from '../../domain/secret.ts';

/** An opened credential; its token is out of sight. */
export type Opened = Readonly<{
  content: Omit<SealedContent, 'token'>;
  token: Secret;
  /** Null where a remembered unlock opened it: what that remembers opens this seal and seals nothing. */
  passphrase: Secret | null;
  /** To be called with the seal that has taken the place of the opened one. */
  resealed: (sealed: string) => Promise<void>;
}>;
