/** What the commands have in common: the options of many of them, and how they are run. */
import type { Command } from 'commander';
import type { Backend } from '../backend.ts';
import { type Output, processOutput } from '../output.ts';
import { runCommand } from '../run.ts';
import type { TargetOptions } from '../target.ts';

/** The values of the options of `remote`. */
export interface Remote extends TargetOptions {
  readonly json?: true;
}

/** A command, which can print JSON. */
export function command(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description).option('--json', 'print JSON');
}

/** A command that asks a running Inlet. */
export function remote(parent: Command, name: string, description: string): Command {
  return command(parent, name, description)
    .option('--url <url>', 'address of the Inlet (default: INLET_URL, else the local one)')
    .option('--token <token>', 'token of the read API (default: INLET_TOKEN, else the local one)')
    .option('--stage <name>', 'a deployed stage');
}

/** A command about the events that filters choose. */
export function filtered(parent: Command, name: string, description: string): Command {
  return remote(parent, name, description)
    .option('--source <source>')
    .option('--type <type>')
    .option('--after <time>', 'ISO 8601, epoch milliseconds, or 15m, 2h, 1d ago')
    .option('--before <time>', 'likewise');
}

/** The Inlet that the options of `remote` name. Loaded here only, like what a command does: help needs none of it. */
export async function openTarget(options: TargetOptions): Promise<Backend> {
  return (await import('../target.ts')).openBackend(options);
}

/** Runs what a command does, with an output as `--json` says. */
export function run(json: true | undefined, action: (output: Output) => Promise<void>): Promise<void> {
  return runCommand(() => action(processOutput(json === true)));
}
