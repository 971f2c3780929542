/**
 * `node leash.ts <program> <arguments>`: runs a program that ends when standard input does, which is also when whoever
 * holds the other end of that pipe is killed and cannot clean up any more.
 */
import { spawn } from 'node:child_process';

const [, , program = '', ...rest] = process.argv;
const child = spawn(program, rest, { stdio: ['ignore', 'inherit', 'inherit'] });
process.stdin.on('end', () => child.kill('SIGKILL')).resume();
child.on('exit', () => process.exit());
