import type {SealedContent} from '../../domain/credential.ts';
import type {Secret} from '../../domain/secret.ts';
import type {Unlocked} from '../../store/store.ts';

/** An opened credential; its token is out of sight. */
export type Opened = Readonly<{
  content: Omit<SealedContent, 'token'>;
  token: Secret;
  /** What opened it, for what is to be sealed or opened next. */
  unlocked: Unlocked;
  /** Null where something else than a passphrase opened it. For masking. */
  passphrase: Secret | null;
}>;
