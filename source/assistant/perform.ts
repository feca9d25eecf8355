/** Turns the effects of a transition into calls of the ports, and their results into events. */
import {type Draft, type SavedCredential, type SealedContent, savedFrom} from '../domain/credential.ts';
import {StoreFault, UsageFault} from '../domain/fault.ts';
import {Secret} from '../domain/secret.ts';
import type {Effect} from './effects.ts';
import type {Held, WorldEvent} from './events.ts';
import type {Ports} from './ports.ts';
import {Sealer} from './sealer.ts';
import type {EndingKind} from './state.ts';

type Of<T extends Effect['type']> = Extract<Effect, {type: T}>;
type DraftEffect = Of<'save-draft'> | Of<'seal-draft'> | Of<'clear-draft'>;

export type Performing = Readonly<{
  /** The credential being edited, if one is. */
  edit: SavedCredential | null;
  /** The draft as it lay in the store when the assistant began. */
  draft: Draft | null;
  tell: (event: WorldEvent) => void;
  /** Called once, when what has to be written is written. */
  onLeave: (ending: EndingKind) => void;
  /** An error that is no failure of the user's world. */
  onBug: (error: unknown) => void;
}>;

export class Performer {
  #test = new AbortController();
  #look = new AbortController();
  #over = new AbortController();
  /** The newest state the draft should have; older ones that were not written yet are skipped. */
  #wanted: DraftEffect | null = null;
  #writing: Promise<void> | null = null;
  /** A save under way: leaving waits for it. */
  #saving: Promise<void> = Promise.resolve();
  readonly #sealer: Sealer;

  constructor(
    readonly ports: Ports,
    readonly performing: Performing,
  ) {
    this.#sealer = new Sealer(ports);
  }

  /** Starts an effect and returns at once. */
  perform(effect: Effect): void {
    this.#run(effect).catch(error => this.performing.onBug(error));
  }

  /**
   * Stops whatever is under way. What is being written is written to its end, and how that went is the only thing that is
   * still reported: who is dropped while the credential is saved finds it saved, and no draft beside it.
   */
  async halt(): Promise<void> {
    this.#over.abort();
    this.#test.abort();
    this.#look.abort();
    await this.#saving;
    // A save that has ended may have cleared its draft only now.
    while (this.#writing) await this.#writing;
  }

  async #run(effect: Effect): Promise<void> {
    const {ports} = this;
    switch (effect.type) {
      case 'check':
        return this.#tell({type: 'checked', id: effect.id, result: await ports.check(effect.id)});
      case 'look':
        return this.#lookAt(effect);
      case 'try-sites':
        return this.#trySites(effect);
      case 'read-certificates':
        return this.#tell({type: 'certificates-read', seq: effect.seq, read: ports.certificates(effect.given)});
      case 'generate-passphrase':
        return this.#tell({type: 'generated', passphrase: new Secret(ports.generatePassphrase())});
      case 'rate-passphrase': {
        const rating = await ports.ratePassphrase(effect.passphrase.reveal(), [...effect.context]);
        return this.#tell({type: 'rated', seq: effect.seq, rating});
      }
      case 'unlock':
        return this.#unlock(effect);
      case 'save-draft':
      case 'seal-draft':
      case 'clear-draft':
        return this.#keep(effect);
      case 'examine':
        return this.#examine(effect);
      case 'cancel':
        return (effect.what === 'test' ? this.#test : this.#look).abort();
      case 'save':
        this.#saving = this.#save(effect);
        return this.#saving;
      case 'practise':
        return this.#practise(effect);
      case 'mend':
        return ports.mend?.();
      case 'wait':
        return this.#wait(effect);
      case 'copy':
        return this.#tell({type: 'copied', result: ports.copy(effect.text)});
      case 'leave':
        return this.#leave(effect);
    }
  }

  #tell(event: WorldEvent): void {
    if (!this.#over.signal.aborted || ofWriting.includes(event.type)) this.performing.tell(event);
  }

  /** One after the other; leaving ends it. */
  async #trySites({seq, sites, connection}: Of<'try-sites'>): Promise<void> {
    const {signal} = this.#over;
    for (const site of sites) {
      const look = await unlessAborted(signal, this.ports.look(site, signal, connection));
      if (look === null) return;
      if (look.failure === null) return this.#tell({type: 'tried', seq, found: site});
    }
    this.#tell({type: 'tried', seq, found: null});
  }

  async #lookAt({seq, site, connection}: Of<'look'>): Promise<void> {
    this.#look.abort();
    const control = new AbortController();
    this.#look = control;
    const look = await unlessAborted(control.signal, this.ports.look(site, control.signal, connection));
    if (look) this.#tell({type: 'looked', seq, look});
  }

  async #examine({seq, target}: Of<'examine'>): Promise<void> {
    this.#test.abort();
    const control = new AbortController();
    this.#test = control;
    const examination = await unlessAborted(control.signal, this.#steps(seq, target, control.signal));
    if (!examination) return;
    const here = this.ports.environment(target.site);
    this.#tell({type: 'examined', seq, examination, at: this.ports.now().toISOString(), here});
  }

  async #steps(seq: number, target: Of<'examine'>['target'], signal: AbortSignal) {
    const steps = this.ports.examine(target, signal);
    for (;;) {
      const next = await steps.next();
      if (next.done) return next.value;
      this.#tell({type: 'stepped', seq, event: next.value});
    }
  }

  async #unlock({seq, passphrase, sealed}: Of<'unlock'>): Promise<void> {
    try {
      const content = await this.#opened(passphrase, sealed);
      this.#tell({type: 'unlocked', seq, held: content && held(content)});
    } catch (error) {
      this.#tell({type: 'unlock-failed', seq, failure: this.#failureOf(error)});
    }
  }

  /** What the assistant goes on with; null when the passphrase only had to be proven. */
  async #opened(passphrase: Secret, sealed: string | null): Promise<SealedContent | null> {
    const {ports, performing} = this;
    if (sealed !== null) {
      return performing.draft === null
        ? ports.open(sealed, passphrase)
        : ports.unlockDraft(performing.draft, passphrase);
    }
    if (performing.edit) return ports.unlock(performing.edit, passphrase);
    const {credentials} = await ports.store.read();
    // One passphrase per store, so any seal proves it; a second one is tried in case the first was damaged.
    const [first, second] = credentials;
    if (!first) return null;
    try {
      await ports.open(first.sealed, passphrase);
    } catch (error) {
      if (!second) throw error;
      await ports.open(second.sealed, passphrase);
    }
    return null;
  }

  /** One writer at a time, and only the newest draft: sealing takes a second and 256 MiB. */
  async #keep(effect: DraftEffect): Promise<void> {
    this.#wanted = effect;
    this.#writing ??= this.#writeDrafts();
    await this.#writing;
  }

  async #writeDrafts(): Promise<void> {
    try {
      while (this.#wanted) {
        const effect = this.#wanted;
        this.#wanted = null;
        await this.#writeDraft(effect);
      }
    } finally {
      // In the same turn as the last look at what is wanted: a draft that comes later finds no writer and starts one.
      this.#writing = null;
    }
  }

  async #writeDraft(effect: DraftEffect): Promise<void> {
    const {store, now} = this.ports;
    try {
      if (effect.type === 'clear-draft') return await store.clearDraft();
      const sealed =
        effect.type === 'save-draft'
          ? effect.sealed
          : (await this.#sealer.seal(effect.content, effect.token, effect.passphrase)).sealed;
      await store.saveDraft({...effect.answers, sealed, updatedAt: now().toISOString()});
      this.#tell({type: 'draft-kept', sealed: effect.type === 'seal-draft'});
    } catch (error) {
      this.#tell({type: 'draft-failed', failure: this.#failureOf(error)});
    }
  }

  async #save(effect: Of<'save'>): Promise<void> {
    const {seq, content, outcome, code, replaces} = effect;
    const {store, now} = this.ports;
    try {
      const lastTest = {outcome, code, at: now().toISOString()};
      const {sealed, sealedAt} = await this.#sealer.seal(content, effect.token, effect.passphrase);
      const credential = savedFrom({...content, sealedAt, token: effect.token.reveal()}, sealed, lastTest);
      await store.save(credential, placeOf(content.name, replaces));
      this.#tell({type: 'saved', seq, name: content.name});
    } catch (error) {
      if (error instanceof UsageFault) return this.#tell({type: 'save-refused', seq, reason: error.message});
      this.#tell({type: 'save-failed', seq, failure: this.#failureOf(error)});
    }
  }

  async #practise({seq}: Of<'practise'>): Promise<void> {
    const practice = await this.ports.practise?.();
    if (practice) this.#tell({type: 'practising', seq, practice});
  }

  async #wait({seq, until}: Of<'wait'>): Promise<void> {
    const ms = Math.max(0, Date.parse(until) - this.ports.now().getTime());
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms);
      this.#over.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#tell({type: 'waited', seq});
  }

  async #leave({ending}: Of<'leave'>): Promise<void> {
    await this.halt();
    this.performing.onLeave(ending);
  }

  /** The fault as a failure; whatever else was thrown is a bug and goes on. */
  #failureOf(error: unknown) {
    if (error instanceof StoreFault) return this.ports.failureOf(error);
    throw error;
  }
}

/** What is reported about the store, also after the end. */
const ofWriting: readonly WorldEvent['type'][] = ['draft-kept', 'draft-failed', 'saved', 'save-failed', 'save-refused'];

/** The result, or null when the signal ended the work: what an aborted call throws is nobody's concern. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | null> {
  try {
    const result = await work;
    return signal.aborted ? null : result;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

const held = ({token, ...rest}: SealedContent): Held => ({...rest, token: new Secret(token)});

function placeOf(name: string, replaces: string | null): {replace?: boolean; renamedFrom?: string} {
  if (replaces === null) return {};
  return replaces === name ? {replace: true} : {renamedFrom: replaces};
}
