/** A credential that was asked for by name. */
import {clean} from '../../domain/clean.ts';
import {exit} from '../../domain/exit.ts';
import {jirakey, you} from './actions.ts';
import {type Rows, upToSix} from './row.ts';

export const named = {
  'credential-unknown': {
    steps: [],
    exit: exit.notFound,
    kind: 'failure',
    certainty: 'proven',
    refusal: false,
    concerns: 'store',
    again: 'useless',
    remedies: [],
    stopsAtUrl: false,
    bearerMayCure: false,
    title: ({unknownName}) =>
      unknownName === undefined
        ? 'No credential of that name is saved'
        : `No credential named “${unknownName.wanted}” is saved`,
    proof: 'The store has no credential of that name. Capitals and accents written in another way make no difference.',
    judged: ({unknownName}) => [
      unknownName === undefined ? 'The store was read and has no such name' : `Asked for: “${unknownName.wanted}”`,
      ...(unknownName === undefined || unknownName.nearest.length === 0
        ? []
        : [`Saved under a similar name: ${unknownName.nearest.map(each => `“${each}”`).join(', ')}`]),
    ],
    checklist: facts =>
      upToSix([
        ...(facts.unknownName?.nearest ?? []).slice(0, 2).map(name =>
          you(`If you meant “${name}”, use that name`, 'it is the saved name most like yours', {
            command: jirakey(facts, 'show', {name}),
          }),
        ),
        you('List the saved credentials', 'the name stands at the top of each', {command: jirakey(facts, 'list')}),
        you('If it is kept in another folder, name that with --store', 'this shows the file in use', {
          command: jirakey(facts, 'path'),
        }),
        you('Or set it up', 'the assistant asks for what it needs', {
          command: jirakey(
            facts,
            'setup',
            facts.unknownName === undefined ? {} : {options: ['--name', facts.unknownName.wanted]},
          ),
        }),
      ]),
    example: facts => ({...facts, unknownName: {wanted: clean('my-jria'), nearest: [clean('my-jira')]}}),
  },
} as const satisfies Rows;
