/** Runs the commands with `--stage` as people do who have one of the stage's policies and nothing else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Backend } from '../../../cli/backend.ts';
import { stageBackend } from '../../../cli/stage-backend.ts';
import { tail } from '../../../cli/tail.ts';
import { OWN_HANDLERS } from '../../helpers/own-handlers.ts';
import { TEST_CREDENTIALS } from '../../helpers/sigv4.ts';
import type { StackTemplate } from '../../helpers/template.ts';
import { queueUrl } from './cloud.ts';
import { startControlPlane } from './control-plane.ts';
import { type Call, openDoor } from './door.ts';
import { REGION, resolver } from './intrinsics.ts';
import { leaveLease } from './leave-lease.ts';
import { rightsIn } from './policy.ts';
import type { Site } from './site.ts';

/** What somebody asked of AWS by each policy. What a reader may not do is tried, too. */
export async function askAsPeople(
  site: Site,
  template: StackTemplate,
): Promise<Readonly<Record<'Reader' | 'Operator', readonly Call[]>>> {
  const flags = { force: false, dryRun: false };
  const Reader = await withPolicy(site, template, 'Reader', async (backend) => {
    await look(site, backend);
    const replayed = await backend.replay('dotdigital', 'batched-2', flags).catch(String);
    site.expect(String(replayed).includes('may not ask'), `a reader replays: ${replayed}`);
    const { redriven, failed } = await backend.redrive({ state: 'dead' }, undefined, false);
    site.expect(redriven === 0 && failed.length === 1, `a reader redrives ${redriven} events`);
    const held = await leaveLease(site, 'held-from-reader');
    const cleared = await backend.clearLease('chargify', held, false).catch(String);
    site.expect(String(cleared).includes('may not ask'), `a reader clears a lease: ${cleared}`);
  });
  const Operator = await withPolicy(site, template, 'Operator', async (backend) => {
    await look(site, backend);
    await backend.replay('dotdigital', 'batched-2', flags);
    await backend.replay('chargify', '5', { force: true, dryRun: false });
    const { redriven } = await backend.redrive({ state: 'dead' }, undefined, false);
    site.expect(redriven === 1, `an operator redrove ${redriven} events`);
    const { cleared } = await backend.clearLease('chargify', await leaveLease(site, 'held'), false);
    site.expect(cleared, 'an operator clears no lease');
  });
  await site.drain();
  return { Reader, Operator };
}

/** Everything that shows something. */
async function look(site: Site, backend: Backend): Promise<void> {
  const { balanced } = await backend.audit();
  site.expect(balanced, 'the audit of a command does not balance');
  const { sources } = await backend.counted(24);
  site.expect(Object.keys(sources).length > 0, 'what was counted is not told');
  await backend.events({ limit: '500' });
  await backend.events({ state: 'dead' });
  const { payload } = await backend.event('tasks', 'large:1');
  site.expect(JSON.stringify(payload).length > 2_000_000, 'a large body does not come to a command');
  const { effects, subject } = await backend.event('chargify', '2');
  site.expect(effects?.length === 1 && subject !== undefined, 'the effect of a handler is not told');
  const { subject: of = '' } = await backend.event('dotdigital', 'batched-2');
  await backend.subject('dotdigital', String(of));
  await backend.replayMany({ source: 'dotdigital' }, { force: false, dryRun: true });
  await backend.redrive({ state: 'dead' }, undefined, true);
  const [source] = await backend.sources();
  site.expect(Boolean(source && backend.origin), 'a command does not know the URLs');
  const lines: string[] = [];
  const output = { human: false, json: true, width: 200, line: (text: string) => void lines.push(text) };
  await tail(output, { stage: 'dev', since: '1h', follow: false });
  site.expect(lines.length > 100, 'the log of the functions is not shown');
}

/** @returns the calls that were made, and allowed. */
async function withPolicy(
  site: Site,
  template: StackTemplate,
  name: string,
  run: (backend: Backend) => Promise<void>,
): Promise<readonly Call[]> {
  const { cloud } = site;
  const [[, policy] = []] = template
    .ofType('AWS::IAM::ManagedPolicy')
    .filter(([id]) => id.startsWith(`Access${name}`));
  const rights = policy ? rightsIn(policy, cloud.resolve) : [];
  const linesOf = (group: string) =>
    site.functions.find(({ logGroup }) => logGroup === group)?.process.lines ?? [];
  const plane = await startControlPlane(linesOf);
  const door = await openDoor(rights, { ...cloud.standIns, controlPlane: plane.endpoint });
  plane.outputs = outputsBehind(template, cloud.created, door.endpoint);
  const folder = mkdtempSync(join(tmpdir(), 'inlet-people-'));
  const file = join(folder, 'config.mjs');
  // With its handlers: a name alone is looked for in this folder, which is the user's.
  const handlers = pathToFileURL(OWN_HANDLERS.registry).href;
  writeFileSync(
    file,
    `import { handlers } from '${handlers}';\nexport default { handlers, ...${JSON.stringify(site.config)} };\n`,
  );
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: door.endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: TEST_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_CREDENTIALS.secretAccessKey,
    INLET_CONFIG: file,
  });
  try {
    await run(await stageBackend('dev'));
  } finally {
    process.env = before;
    rmSync(folder, { recursive: true });
    await Promise.all([door.close(), plane.close()]);
  }
  return door.calls.filter(({ allowed }) => allowed);
}

/** The outputs that name what exists here; a queue's URL leads through the door. */
function outputsBehind(
  template: StackTemplate,
  created: Site['cloud']['created'],
  endpoint: string,
): Readonly<Record<string, string>> {
  const seen = new Map(created);
  for (const [queue] of template.ofType('AWS::SQS::Queue'))
    seen.set(queue, { ref: queueUrl(endpoint, queue), attributes: created.get(queue)?.attributes ?? {} });
  const resolve = resolver(seen);
  const known = Object.entries(template.outputs).filter(([name]) => !name.endsWith('Policy'));
  return Object.fromEntries(known.map(([name, { Value }]) => [name, String(resolve(Value))]));
}
