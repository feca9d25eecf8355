/** Faults after the sign-in: the account and what it may do. */
import type {Endpoint, Rule, Scenario} from '../play.ts';

/** A refusal or a fault told to an account that is signed in. */
const told = (at: readonly Endpoint[], status: number, message: string): Rule => ({
  at,
  signed: true,
  marks: 'account',
  reply: {
    status,
    headers: {'Content-Type': 'application/json;charset=UTF-8'},
    body: {errorMessages: [message], errors: {}},
  },
});

export const accountScenarios = [
  {
    code: 'account-inactive',
    story: 'The account was deactivated when its owner left.',
    deployment: 'data-center',
    play: {secret: 'password', account: {active: false}},
  },
  {
    code: 'account-differs',
    story: 'The account has got a new e-mail address: Jira reports another one than was typed, and takes both.',
    deployment: 'cloud',
    play: {account: {email: 'new.name@acme.com'}},
  },
  {
    code: 'no-jira-access',
    story: 'The account exists, but nobody gave it Jira.',
    deployment: 'cloud',
    play: {answers: [told(['myself'], 403, 'Current user not permitted to use Jira.')]},
  },
  {
    code: 'permission-missing',
    story: 'The account may not browse a single project.',
    deployment: 'cloud',
    play: {lacks: ['BROWSE_PROJECTS']},
  },
  {
    code: 'permission-advisory',
    story:
      'The account may browse projects, but neither create issues nor see development tools or read-only workflows.',
    deployment: 'cloud',
    play: {lacks: ['CREATE_ISSUES', 'VIEW_DEV_TOOLS', 'VIEW_READONLY_WORKFLOW']},
  },
  {
    code: 'feed-unavailable',
    story:
      'The list of projects breaks with an internal error, and without a Jira Software licence boards stay closed.',
    deployment: 'cloud',
    play: {
      answers: [
        told(['projects'], 500, 'Internal server error'),
        told(['boards', 'sprints'], 403, 'The user does not have a Jira Software licence.'),
      ],
    },
  },
] as const satisfies readonly Scenario[];
