/** Faults of the site: it is not there, not Jira, or not well. */
import type {Endpoint, Rule, Scenario} from '../play.ts';

const html = 'text/html;charset=UTF-8';
const everywhere = (marks: Rule['marks'], reply: Rule['reply']): readonly Rule[] => [{at: 'anything', marks, reply}];
const page = (title: string, text: string): string =>
  `<!DOCTYPE html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`;

/** What a client asks first and last; the rest of the site is as unwell but is never reached. */
const firstQuestions = ['server-info', 'myself', 'status', 'page'] as const satisfies readonly Endpoint[];

export const siteScenarios = [
  {
    code: 'site-not-found',
    story: 'No Atlassian site has this name, yet the address answers: every name under atlassian.net does.',
    deployment: 'cloud',
    play: {
      answers: everywhere('edge', {
        status: 404,
        headers: {'Content-Type': html, 'Atl-Missing-Tcs': 'true'},
        body: page(
          'Atlassian Cloud Notifications - Page Unavailable',
          'Your Atlassian Cloud site is currently unavailable.',
        ),
      }),
    },
  },
  {
    code: 'site-moved',
    story: 'The site was renamed, and the old address sends everybody to the new one.',
    deployment: 'cloud',
    play: {
      answers: everywhere('edge', {status: 301, headers: {Location: 'https://acme-new.atlassian.net{path}'}, body: ''}),
    },
  },
  {
    code: 'sso-redirect',
    story: 'A single sign-on gateway in front of Jira sends every visitor to its login page, API clients too.',
    deployment: 'data-center',
    play: {
      secret: 'password',
      answers: everywhere('none', {
        status: 302,
        headers: {
          Server: 'nginx',
          Location: 'https://sso.acme.com/login?SAMLRequest=fZJNb9swDIb&RelayState={url}{path}',
        },
        body: '',
      }),
    },
  },
  {
    code: 'redirect-loop',
    story: 'A reverse proxy sends every request back to the very same address.',
    deployment: 'data-center',
    play: {
      secret: 'password',
      answers: everywhere('none', {status: 302, headers: {Server: 'nginx', Location: '{url}{path}'}, body: ''}),
    },
  },
  {
    code: 'wrong-path',
    story: 'Jira lives under a path such as /jira; at the bare address only the ingress answers.',
    deployment: 'data-center',
    play: {
      secret: 'password',
      answers: everywhere('none', {
        status: 404,
        headers: {'Content-Type': 'text/plain; charset=utf-8'},
        body: 'default backend - 404',
      }),
    },
  },
  {
    code: 'not-jira',
    story: 'The address belongs to a web server on which nobody installed anything.',
    deployment: 'data-center',
    play: {
      secret: 'password',
      answers: everywhere('none', {
        status: 200,
        headers: {Server: 'nginx/1.27.3', 'Content-Type': 'text/html'},
        body: page(
          'Welcome to nginx!',
          'If you see this page, the nginx web server is successfully installed and working.',
        ),
      }),
    },
  },
  {
    code: 'intercepted',
    story: 'The company’s web filter answers in the site’s place with a block page.',
    deployment: 'cloud',
    play: {
      answers: everywhere('none', {
        status: 403,
        headers: {Server: 'AcmeWebFilter/7.2', 'Content-Type': html},
        body: page(
          'Web Page Blocked',
          'Access to this page has been blocked by the web filter of your company. Category: collaboration.',
        ),
      }),
    },
  },
  {
    code: 'site-unavailable',
    story: 'The site is under maintenance.',
    deployment: 'cloud',
    play: {
      answers: everywhere('edge', {
        status: 503,
        headers: {'Content-Type': html},
        body: page('Atlassian Cloud Notifications - Page Unavailable', 'Your site is undergoing maintenance.'),
      }),
    },
  },
  {
    code: 'rate-limited',
    story: 'Another program on the same account has used up the requests of this minute.',
    deployment: 'cloud',
    play: {
      answers: everywhere('jira', {
        status: 429,
        headers: {
          'Content-Type': 'application/json;charset=UTF-8',
          'Retry-After': '30',
          'RateLimit-Reason': 'jira-burst-based',
          'X-RateLimit-Limit': '350',
          'X-RateLimit-Remaining': '0',
        },
        body: {errorMessages: ['Rate limit exceeded.'], errors: {}},
      }),
    },
  },
  {
    code: 'server-error',
    story: 'Jira itself stumbles and answers every question with an internal error.',
    deployment: 'cloud',
    play: {
      answers: [
        {
          at: firstQuestions,
          marks: 'jira',
          reply: {
            status: 500,
            headers: {'Content-Type': 'application/json;charset=UTF-8'},
            body: {errorMessages: ['Internal server error'], errors: {}},
          },
        },
      ],
    },
  },
  {
    code: 'answer-timed-out',
    story: 'The server takes the request and never answers.',
    deployment: 'data-center',
    play: {secret: 'password', timeoutMs: 4000, answers: everywhere('none', {status: 200, ending: 'never'})},
  },
  {
    code: 'answer-unreadable',
    story: 'Something on the way cuts every answer in the middle.',
    deployment: 'cloud',
    play: {
      answers: everywhere('jira', {
        status: 200,
        headers: {'Content-Type': 'application/json;charset=UTF-8'},
        body: '{"baseUrl":"{url}","version":"1001.0.0-SNAPSHOT","deploymentType":"Cloud","serverTitle":"Practice Jira"}',
        ending: 'cut',
      }),
    },
  },
  {
    code: 'unknown-answer',
    story: 'Jira answers with a status nobody has written up.',
    deployment: 'cloud',
    play: {
      answers: [
        {
          at: ['myself'],
          signed: true,
          marks: 'jira',
          reply: {status: 409, headers: {'Content-Type': 'application/json;charset=UTF-8'}, body: {state: 'conflict'}},
        },
      ],
    },
  },
] as const satisfies readonly Scenario[];
