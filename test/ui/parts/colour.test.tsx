import {renderToString} from 'ink';
import {describe, expect, it, vi} from 'vitest';
import {Field} from '../../../source/ui/parts/field.tsx';

// Settled before Ink is imported, as `prepareColour` does it for the program.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '1';
});

describe('in colour', () => {
  it('a default is dim and an error red, and the words are the same', () => {
    const frame = renderToString(<Field label="Username" defaultValue="me" error="No." onSubmit={() => {}} />);
    expect(frame).toContain('\u001b[90m[me]\u001b[39m');
    expect(frame).toContain('\u001b[31m✗ No.\u001b[39m');
    expect(frame.replace(/\u001b\[\d+m/g, '')).toBe('Username\n› [me]\n✗ No.');
  });
});
