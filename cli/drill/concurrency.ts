/** Reserved concurrency 0: how the drill makes Lambda refuse to run a function, as it would with its quota used up. */
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { CliError } from '../cli-error.ts';
import { MINUTE, type Pace, SECOND, until } from './pace.ts';
import type { DrillStage, Part } from './stage.ts';

/** What the template gives a function; undefined: what the account has. */
export function configuredConcurrency({ config }: DrillStage, part: Part): number | undefined {
  return part === 'ingest' ? config.ingress?.concurrency : undefined;
}

export async function concurrencyOf(
  { lambda, functions }: DrillStage,
  part: Part,
): Promise<number | undefined> {
  const FunctionName = functions[part];
  const answer = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
  return answer.ReservedConcurrentExecutions;
}

/** Sets what is reserved for a function; undefined takes the reservation away. */
export async function reserve(
  { lambda, functions }: DrillStage,
  part: Part,
  executions: number | undefined,
): Promise<void> {
  const FunctionName = functions[part];
  if (executions === undefined) await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  else
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: executions }),
    );
}

/**
 * Invokes a function with something that it cannot read, so that nothing is done.
 * @returns whether it failed, or was not run at all.
 */
export async function invoke(
  { lambda, functions }: DrillStage,
  part: Part,
): Promise<'failed' | 'throttled' | 'done'> {
  try {
    const { FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: functions[part], Payload: Buffer.from('{"inlet":"drill"}') }),
    );
    return FunctionError === undefined ? 'done' : 'failed';
  } catch (error) {
    if ((error as Error).name === 'TooManyRequestsException') return 'throttled';
    throw error;
  }
}

/**
 * Waits until Lambda refuses to run a function whose reserved concurrency has been set to 0. Each attempt before fails
 * as `invoke` does.
 * @throws CliError when it goes on running.
 */
export async function awaitRefusal(stage: DrillStage, pace: Pace, part: Part): Promise<void> {
  const refused = async () => (await invoke(stage, part)) === 'throttled';
  if (!(await until(pace, 2 * MINUTE, 5 * SECOND, refused)))
    throw new CliError(`${stage.functions[part]} runs although its reserved concurrency is 0.`, 1);
}
