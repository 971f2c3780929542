/** Pages, posts, records and videos. */
import { type History, history, sent } from './history.ts';

const airtablePing = (timestamp: string) => ({
  base: { id: 'app00000000000000' },
  webhook: { id: 'ach00000000000000' },
  timestamp,
});

const streamVideo = (state: string, modified: string, more: object = {}) => ({
  uid: 'dd5d531a12de0c724bd1275a3b2bc9c6',
  readyToStream: state === 'ready',
  status: { state },
  created: '2026-01-01T09:00:00.000000Z',
  modified,
  ...more,
});

const space = { sys: { type: 'Link', linkType: 'Space', id: 'blog' } };
const environment = { sys: { type: 'Link', linkType: 'Environment', id: 'master' } };
const contentful = (action: string, sys: object, title?: string) =>
  sent(
    {
      sys: { type: 'Entry', id: 'first-post', space, environment, ...sys },
      ...(title !== undefined && { fields: { title: { 'en-US': title } } }),
    },
    {
      'content-type': 'application/vnd.contentful.management.v1+json',
      'x-contentful-topic': `ContentManagement.Entry.${action}`,
    },
  );

const notionPage = (change: string, timestamp: string) => ({
  id: `367cba44-b6f3-4c92-81e7-${timestamp.replace(/\D/g, '').slice(-12)}`,
  timestamp,
  workspace_id: '13950b26-c203-4f3b-b97d-93ec06319565',
  type: `page.${change}`,
  attempt_number: 1,
  entity: { id: '153104cd-477e-809d-8dc4-ff2d96ae3090', type: 'page' },
});

/** Also for `tied.ts`. */
export const sanityPost = (operation: string, updatedAt: string, title: string) =>
  sent(
    {
      _id: 'post-1',
      _type: 'post',
      _operation: operation,
      _dataset: 'production',
      _updatedAt: updatedAt,
      title,
    },
    { 'sanity-operation': operation, 'sanity-dataset': 'production' },
  );

function onThisDay(time: string): string {
  return `2026-01-01T${time}Z`;
}

/** By pack. */
export const content: Readonly<Record<string, readonly History[]>> = {
  airtable: [
    history(
      'notification',
      ...['09:00:00.001', '09:00:00.002', '09:00:01.000'].map(onThisDay).map(airtablePing),
    ),
  ],
  'cloudflare-stream': [
    history(
      'ready',
      streamVideo('error', '2026-01-01T09:00:00.000001Z'),
      streamVideo('ready', '2026-01-01T09:00:00.000002Z', { duration: -1 }),
      streamVideo('ready', '2026-01-01T09:05:00Z', { duration: 5.5 }),
    ),
  ],
  contentful: [
    history(
      'ContentManagement.Entry.auto_save',
      contentful('create', { version: 1 }, ''),
      contentful('auto_save', { version: 9 }, 'Dra'),
      contentful('auto_save', { version: 10 }, 'Draft'),
    ),
    history(
      'deleted',
      contentful('publish', { revision: 1, updatedAt: '2026-01-01T09:00:00.000Z' }, 'One'),
      contentful('publish', { revision: 2, updatedAt: '2026-01-01T09:00:00.001Z' }, 'Two'),
      // Its revision is that of the last publication.
      contentful('unpublish', { type: 'DeletedEntry', revision: 2, updatedAt: '2026-01-01T09:00:00.002Z' }),
    ),
  ],
  notion: [
    history(
      'page.undeleted',
      notionPage('created', '2026-01-01T09:00:00.001Z'),
      notionPage('deleted', '2026-01-01T09:00:00.002Z'),
      notionPage('undeleted', '2026-01-01T09:00:00.010Z'),
    ),
    history(
      'deleted',
      notionPage('created', '2026-01-01T09:00:00.001Z'),
      notionPage('content_updated', '2026-01-01T09:00:00.002Z'),
      notionPage('deleted', '2026-01-01T09:00:00.010Z'),
    ),
  ],
  sanity: [
    history(
      'post:update',
      sanityPost('create', '2026-01-01T09:00:00Z', ''),
      sanityPost('update', '2026-01-01T09:00:09Z', 'Gr'),
      sanityPost('update', '2026-01-01T09:00:10Z', 'Grüße'),
    ),
    // What is sent of a deletion is the document as it was, the time of its last change included.
    history(
      'deleted',
      sanityPost('create', '2026-01-01T09:00:00Z', ''),
      sanityPost('update', '2026-01-01T09:00:10Z', 'Grüße'),
      sanityPost('delete', '2026-01-01T09:00:10Z', 'Grüße'),
    ),
    history(
      'post:create',
      sanityPost('update', '2026-01-01T09:00:10Z', 'Grüße'),
      sanityPost('delete', '2026-01-01T09:00:10Z', 'Grüße'),
      sanityPost('create', '2026-01-01T09:00:11Z', 'Again'),
    ),
  ],
};
