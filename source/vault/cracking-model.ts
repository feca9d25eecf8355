/** How passphrases are guessed: half a megabyte of word lists, loaded when the first passphrase is rated. */
export {ZxcvbnFactory} from '@zxcvbn-ts/core';
export {adjacencyGraphs, dictionary} from '@zxcvbn-ts/language-common';
