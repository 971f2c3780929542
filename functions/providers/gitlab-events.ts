/** What the two packs of GitLab share. */
import type { Field } from '../pack/fields.ts';
import type { RetryFacts, Sample } from '../pack/provider.ts';

/** System hooks have an event_name only. */
export const gitlabType: Field = {
  any: ['payload.object_kind', 'payload.event_name', 'header.x-gitlab-event'],
};

export const gitlabRetries: RetryFacts = {
  schedule:
    'none by itself; resent by hand. Disabled for a while after 4 failures in a row, for good after 40',
  timeoutSeconds: 10,
  periodSeconds: 0,
};

export const gitlabSample: Sample = {
  type: 'push',
  headers: { 'content-type': 'application/json', 'x-gitlab-event': 'Push Hook' },
  body: (seed) =>
    JSON.stringify({
      object_kind: 'push',
      ref: 'refs/heads/main',
      checkout_sha: seed.toString(16).padStart(40, '0'),
      project: { id: 15, path_with_namespace: 'sample/repository' },
      commits: [],
    }),
};
