/**
 * Which seals of a lower work factor than today's this process has tried to open or made, and with which passphrase: so
 * that they can be sealed anew when the command is done, whichever command it was. Imports nothing that takes time.
 */
import type {Secret} from '../domain/secret.ts';

const tried = new Map<string, Secret>();

/** @param salt of the seal, base64 without padding: no two seals have the same */
export const notePassphrase = (salt: string, passphrase: Secret): void => void tried.set(salt, passphrase);
export const notedPassphrase = (salt: string): Secret | null => tried.get(salt) ?? null;
export const anyOpenedCheaply = (): boolean => tried.size > 0;
