/** The file of saved credentials. */
import type {Draft, LastTest, SavedCredential} from '../domain/credential.ts';
import type {StoreFault} from '../domain/fault.ts';

export type Contents = Readonly<{credentials: readonly SavedCredential[]; draft: Draft | null}>;

/** What `check` found. `fault` is why the store cannot be used as it is; `notices` are sentences worth showing. */
export type StoreCheck = Readonly<{
  path: string;
  exists: boolean;
  writable: boolean;
  private: boolean;
  fault: StoreFault | null;
  notices: readonly string[];
}>;

export type SaveOptions = Readonly<{
  /** A credential of that name is replaced; without it the name must be free. */
  replace?: boolean;
  /** The name of the credential this one takes the place of, for a rename in one step. */
  renamedFrom?: string;
}>;

export type Store = Readonly<{
  path: string;
  directory: string;
  check(): Promise<StoreCheck>;
  read(): Promise<Contents>;
  save(credential: SavedCredential, options?: SaveOptions): Promise<void>;
  remove(name: string): Promise<boolean>;
  recordTest(name: string, lastTest: LastTest): Promise<void>;
  replaceAll(credentials: readonly SavedCredential[]): Promise<void>;
  saveDraft(draft: Draft): Promise<void>;
  clearDraft(): Promise<void>;
  restoreBackup(): Promise<Contents>;
}>;

export type StoreOptions = Readonly<{now?: () => Date; waitMs?: number}>;

export declare function openStore(directory: string, options?: StoreOptions): Store;
export declare function storeDirectory(env: Readonly<Record<string, string | undefined>>): string;
