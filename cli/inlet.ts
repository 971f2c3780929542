#!/usr/bin/env node
/**
 * The command line. Each command's arguments and help are in `commands/`; what it does is in the file of its name here, and is
 * loaded when it runs.
 */
import { enableCompileCache } from 'node:module';
import { Command, CommanderError } from 'commander';
import { examples } from './arguments.ts';
import { addAudit } from './commands/audit.ts';
import { addCheck } from './commands/check.ts';
import { addDead } from './commands/dead.ts';
import { addDev } from './commands/dev.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDrill } from './commands/drill.ts';
import { addEvent } from './commands/event.ts';
import { addEvents } from './commands/events.ts';
import { addInit } from './commands/init.ts';
import { addLease } from './commands/lease.ts';
import { addReclaim } from './commands/reclaim.ts';
import { addRecover } from './commands/recover.ts';
import { addRegister } from './commands/register.ts';
import { addReplay } from './commands/replay.ts';
import { addSecret } from './commands/secret.ts';
import { addSend } from './commands/send.ts';
import { addSources } from './commands/sources.ts';
import { addSubject } from './commands/subject.ts';
import { addTail } from './commands/tail.ts';
import { addVerify } from './commands/verify.ts';
import { endWithReader } from './run.ts';

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

// In the order in which --help lists them.
for (const add of [
  addInit,
  addDev,
  addCheck,
  addVerify,
  addSend,
  addAudit,
  addEvents,
  addEvent,
  addReplay,
  addReclaim,
  addDead,
  addLease,
  addSubject,
  addSources,
  addRegister,
  addTail,
  addDoctor,
  addRecover,
  addDrill,
  addSecret,
])
  add(program);

endWithReader();
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has printed the message or the help; wrong usage is 2 here, as everywhere in this command.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
