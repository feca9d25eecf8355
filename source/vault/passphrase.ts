/** Passphrases: one spelling, a generated one as the usual answer, and an honest rating of a typed one. */

/** One spelling (Unicode NFC) of the same characters, whatever keyboard or terminal composed them. */
export const normalisePassphrase = (text: string): string => text.normalize('NFC');
