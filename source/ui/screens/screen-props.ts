/** What every screen is given. */
import type {UserEvent} from '../../assistant/events.ts';
import type {State} from '../../assistant/state.ts';

export type ScreenProps = Readonly<{state: State; dispatch: (event: UserEvent) => void}>;
