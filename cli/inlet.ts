#!/usr/bin/env node
/** The command line: reads the arguments and nothing else. What the commands do is in `cli/`. */
import { enableCompileCache } from 'node:module';
import { Command, CommanderError } from 'commander';
import { collect, examples, positiveInteger, positiveNumber } from './arguments.ts';
import { processOutput } from './output.ts';
import { endWithReader, runCommand } from './run.ts';

// Half the time of a command was compiling what has not changed since the one before.
enableCompileCache();

const program = new Command('inlet')
  .description('Look into an Inlet: send samples, see what came in, replay it, prove that nothing is lost.')
  .exitOverride()
  .showHelpAfterError('(--help says more)')
  .addHelpText(
    'after',
    examples('inlet send dotdigital --count 3 --shuffle', 'inlet events --state dead', 'inlet audit'),
  );

add(program, 'verify', 'say why the signatures of captured requests are right or wrong')
  .argument('[files...]', 'JSON lines; default: standard input')
  .addHelpText(
    'after',
    examples(
      'inlet verify captured.jsonl',
      `echo '{"provider":"chargify","secrets":["…"],"headers":{…},"body":"…"}' | inlet verify`,
    ),
  )
  .action((files: string[], { json }: { json?: true }) =>
    run(json, async (output) => (await import('./verify.ts')).verify(output, files)),
  );

remote(program, 'send', 'sign samples as the provider would, and send them')
  .argument('<source>')
  .option('--type <type>', 'only samples of this type')
  .option('--count <n>', 'how many different events', positiveInteger, 1)
  .option('--repeat <n>', 'how often each is sent', positiveInteger, 1)
  .option('--shuffle', 'in random order', false)
  .option('--rate <n>', 'requests a second (default: one after the other)', positiveNumber)
  .option('--seed <n>', 'the same seed sends the same events', positiveInteger)
  .option('--secret <secret>', 'default: INLET_SECRETS, else the development secret')
  .option('--data <file>', 'a body of your own; - is standard input')
  .option('--header <header>', '"name: value", may be repeated', collect, [])
  .addHelpText(
    'after',
    examples(
      'inlet send chargify --type payment_success',
      'inlet send dotdigital --count 3 --repeat 3 --shuffle',
      'inlet send tasks --count 100 --rate 1',
    ),
  )
  .action((source, options) =>
    run(options.json, async (output) => (await import('./send.ts')).send(output, source, options)),
  );

remote(program, 'audit', 'prove that every accepted event is settled or in flight; exit status 1 when not')
  .option('--counted', 'compare the ledger with what ingest has counted, hour by hour', false)
  .option('--hours <n>', 'likewise, so many of the last hours (default: 24)', positiveInteger)
  .addHelpText('after', examples('inlet audit', 'inlet audit --json', 'inlet audit --counted --stage prod'))
  .action(({ counted, hours, ...options }) =>
    run(options.json, async (output) => {
      const { audit } = await import('./audit.ts');
      return audit(output, await open(options), hours ?? (counted ? 24 : undefined));
    }),
  );

filtered(program, 'events', 'list events, newest first')
  .option('--state <states>', 'queued, retrying, applied, stale, quarantined, dead; several joined by commas')
  .option('--subject <subject>')
  .option('--limit <n>', 'at most 500', '50')
  .option('--cursor <cursor>', 'go on where a page ended')
  .addHelpText('after', examples('inlet events --source chargify --after 2h', 'inlet events --state stale'))
  .action(listEvents);

remote(program, 'event', 'show one event with headers, payload and history')
  .argument('<event...>', 'its id, or <source>/<id>')
  .addHelpText('after', examples('inlet event chargify/141765008', 'inlet event 141765008 --json'))
  .action(showEvent);

filtered(program, 'replay', 'send events through the worker again; nothing is applied twice')
  .argument('[event...]', 'its id, or <source>/<id>; or say which by filters')
  .option('--state <states>', 'several joined by commas')
  .option('--subject <subject>')
  .option('--all', 'all of them', false)
  .option('--force', 'run the handler again, for the newest of each subject only', false)
  .option('--dry-run', 'say what would become of them, and do nothing', false)
  .addHelpText(
    'after',
    examples(
      'inlet replay chargify/141765008',
      'inlet replay --source dotdigital --after 2h --dry-run',
      'inlet replay chargify/141765008 --force',
    ),
  )
  .action((words, { source, state, type, subject, after, before, all, force, dryRun, ...options }) =>
    run(options.json, async (output) => {
      const filters = { source, state, type, subject, after, before };
      const { replay } = await import('./replay.ts');
      return replay(output, await open(options), { words, filters, all, force, dryRun });
    }),
  );

remote(program, 'reclaim', 'take back what has lost its message: a repeat of its provider is taken in again')
  .argument('[event...]', 'its id, or <source>/<id>')
  .option('--all', 'all that the audit names', false)
  .addHelpText('after', examples('inlet reclaim chargify/141765008', 'inlet reclaim --all --stage prod'))
  .action((words, { all, ...options }) =>
    run(options.json, async (output) =>
      (await import('./reclaim.ts')).reclaim(output, await open(options), { words, all }),
    ),
  );

// biome-ignore lint/plugin: the name of a command.
const dead = program.command('dead').description('quarantined and dead events');

filtered(dead, 'list', 'list them, newest first')
  .option('--state <state>', 'quarantined or dead', 'quarantined,dead')
  .option('--subject <subject>')
  .option('--limit <n>', 'at most 500', '50')
  .option('--cursor <cursor>', 'go on where a page ended')
  .addHelpText('after', examples('inlet dead list --source fortellis'))
  .action(listEvents);

remote(dead, 'show', 'show one with headers, payload and reason')
  .argument('<event...>', 'its id, or <source>/<id>')
  .action(showEvent);

filtered(dead, 'redrive', 'send them through the worker again')
  .argument('[ids...]', '<source>/<id> each')
  .option('--state <state>', 'quarantined or dead')
  .option('--all', 'all of them', false)
  .option('--dry-run', 'say which, and do nothing', false)
  .addHelpText(
    'after',
    examples('inlet dead redrive --source fortellis --dry-run', 'inlet dead redrive --all'),
  )
  .action((ids, { source, state, type, after, before, all, dryRun, ...options }) =>
    run(options.json, async (output) => {
      const filters = { source, state, type, after, before };
      const { redrive } = await import('./dead.ts');
      return redrive(output, await open(options), { filters, ids, all, dryRun });
    }),
  );

const lease = program.command('lease').description('leases, by which a handler has a subject for itself');

remote(lease, 'clear', 'take a subject from a handler that does not come back; its effect may happen twice')
  .argument('<source>')
  .argument('<subject>')
  .option('--dry-run', 'say whose lease it is and until when, and do nothing', false)
  .addHelpText(
    'after',
    examples('inlet lease clear chargify 141765008 --dry-run', 'inlet lease clear chargify 141765008'),
  )
  .action((source, subject, { dryRun, ...options }) =>
    run(options.json, async (output) => {
      const { clearLease } = await import('./lease.ts');
      return clearLease(output, await open(options), source, subject, dryRun);
    }),
  );

const subject = program.command('subject').description('subjects, each with the newest state of a thing');

remote(subject, 'reset', 'lift a wrong revision; the next event is applied whatever its own')
  .argument('<source>')
  .argument('<subject>')
  .option('--yes', 'do it (default: say where it stands and what would become of it)', false)
  .addHelpText(
    'after',
    examples('inlet subject reset chargify 141765008', 'inlet subject reset chargify 141765008 --yes'),
  )
  .action((source, name, { yes, ...options }) =>
    run(options.json, async (output) => {
      const { resetSubject } = await import('./subject.ts');
      return resetSubject(output, await open(options), source, name, yes);
    }),
  );

remote(program, 'sources', 'list the sources and their webhook URLs')
  .addHelpText('after', examples('inlet sources'))
  .action((options) =>
    run(options.json, async (output) => {
      const { listSources } = await import('./sources.ts');
      return listSources(output, await open(options));
    }),
  );

remote(program, 'register', 'say what to enter at the provider')
  .argument('<source>')
  .option('--open <time>', 'let the provider hand its key over for so long, such as 10m (Asana, Notion)')
  .option('--received', 'show the key that was handed over')
  .addHelpText('after', examples('inlet register chargify', 'inlet register asana --open 10m'))
  .action((source, options) =>
    run(options.json, async (output) => (await import('./register.ts')).register(output, source, options)),
  );

remote(program, 'tail', 'follow events as they settle; with --stage, the log of a deployed stage')
  .option('--source <source>')
  .option('--state <states>', 'applied, stale, …, joined by commas; of a stage one outcome, such as rejected')
  .option('--type <type>', 'not with --stage')
  .option('--id <id>', 'one event; of a stage, one event or delivery through all functions')
  .option('--since <time>', 'begin so long ago (default: now; of a stage, 1m)')
  .option('--count <n>', 'end after so many', positiveInteger)
  .option('--no-follow', 'end when the present is reached')
  .addHelpText(
    'after',
    examples(
      'inlet tail',
      'inlet tail --source chargify --state dead,quarantined --json',
      'inlet tail --stage prod --source chargify --state rejected --since 1h',
    ),
  )
  .action((options) =>
    run(options.json, async (output) => (await import('./tail-command.ts')).tailCommand(output, options)),
  );

remote(program, 'doctor', 'check configuration, secrets, clock and reachability, and say what to do')
  .addHelpText('after', examples('inlet doctor', 'inlet doctor --stage prod', 'inlet doctor --json'))
  .action((options) =>
    run(options.json, async (output) => (await import('./doctor.ts')).doctor(output, options)),
  );

add(program, 'recover', 'unlock a stack whose first deployment has failed, so that it can be deployed again')
  .requiredOption('--stage <name>', 'the stage that was deployed')
  .option('--yes', 'do it (default: say what would be done)', false)
  .addHelpText('after', examples('inlet recover --stage prod', 'inlet recover --stage prod --yes'))
  .action((options) =>
    run(options.json, async (output) => (await import('./recover.ts')).recover(output, options)),
  );

add(program, 'drill', 'ring every alarm of a stage, and compare what it says of itself with what was sent')
  .requiredOption('--stage <name>', 'a deployed stage')
  .option('--only <part>', 'traffic or alarms')
  .option('--handlers', 'run handlers, too, on made-up events', false)
  .option('--cost', 'say what it cost', false)
  .option('--undo', 'put back what a drill that was killed has left behind', false)
  .option('--queues', 'with --undo: also on queues whose event source is on, which is off meanwhile', false)
  .option('--dry-run', 'say what would be done, and do nothing', false)
  .option('--production', 'yes, on a production stage', false)
  .addHelpText(
    'after',
    examples(
      'inlet drill --stage dev --cost',
      'inlet drill --stage dev --only traffic',
      'inlet drill --stage dev --undo',
    ),
  )
  .action((options) =>
    run(options.json, async (output) => (await import('./drill/command.ts')).drill(output, options)),
  );

const secret = program
  .command('secret')
  .description('the secrets of the sources; values are read from standard input and never shown');

for (const [name, description] of [
  ['set', 'replace all secrets of a source by one'],
  ['rotate', 'put a new secret in front; the old ones stay valid until they are retired'],
  ['retire', 'forget all secrets of a source but the newest'],
] as const)
  add(secret, name, description)
    .argument('<source>')
    .option('--stage <name>', 'a deployed stage (default: the local Inlet)')
    .addHelpText('after', examples(`inlet secret ${name} chargify --stage prod`))
    .action((source: string, options: { json?: true; stage?: string }) =>
      run(options.json, async (output) =>
        (await import('./secret.ts')).changeSecret(output, name, source, options),
      ),
    );

add(secret, 'list', 'say of each source how many secrets it has')
  .option('--stage <name>', 'a deployed stage (default: the local Inlet)')
  .addHelpText('after', examples('inlet secret list --stage prod'))
  .action((options) =>
    run(options.json, async (output) => (await import('./secret.ts')).listSecrets(output, options)),
  );

function add(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description).option('--json', 'print JSON');
}

/** A command that asks a running Inlet. */
function remote(parent: Command, name: string, description: string): Command {
  return add(parent, name, description)
    .option('--url <url>', 'address of the Inlet (default: INLET_URL, else the local one)')
    .option('--token <token>', 'token of the read API (default: INLET_TOKEN, else the local one)')
    .option('--stage <name>', 'a deployed stage');
}

function filtered(parent: Command, name: string, description: string): Command {
  return remote(parent, name, description)
    .option('--source <source>')
    .option('--type <type>')
    .option('--after <time>', 'ISO 8601, epoch milliseconds, or 15m, 2h, 1d ago')
    .option('--before <time>', 'likewise');
}

type Remote = { json?: true; url?: string; token?: string; stage?: string };
type Filters = Remote & Record<string, string | undefined>;

function listEvents({ json, url, token, stage, ...filters }: Filters) {
  return run(json, async (output) => {
    const events = await import('./events.ts');
    return events.listEvents(output, await open({ url, token, stage }), filters);
  });
}

function showEvent(words: string[], options: Remote) {
  return run(options.json, async (output) =>
    (await import('./event.ts')).showEvent(output, await open(options), words),
  );
}

async function open(options: Remote) {
  return (await import('./target.ts')).openBackend(options);
}

function run(json: true | undefined, command: (output: ReturnType<typeof processOutput>) => Promise<void>) {
  return runCommand(() => command(processOutput(json === true)));
}

endWithReader();
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has printed the message or the help; wrong usage is 2 here, as everywhere in this command.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
