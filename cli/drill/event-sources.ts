/** The event sources of the queues, which the drill switches off and on again. */
import {
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { CliError } from '../cli-error.ts';
import { MINUTE, type Pace, SECOND, until } from './pace.ts';
import type { DrillStage, Part } from './stage.ts';

export interface EventSource {
  readonly id: string;
  readonly isOn: boolean;
}

/** @throws CliError when nothing feeds the function: the drill changes nothing of a stage that is not whole. */
export async function eventSourceOf({ lambda, functions }: DrillStage, part: Part): Promise<EventSource> {
  const FunctionName = functions[part];
  const { EventSourceMappings: [mapping] = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName }),
  );
  if (!mapping?.UUID) throw new CliError(`No event source feeds ${FunctionName}: deploy the stage again.`);
  // `Enabling`, `Updating` and the like are on their way to be on.
  return { id: mapping.UUID, isOn: !/^Disabl/.test(mapping.State ?? '') };
}

/**
 * Switches one, and waits until it is so: until then its pollers may still take messages.
 * @throws CliError when it is not so after five minutes.
 */
export async function switchEventSource(
  { lambda }: Pick<DrillStage, 'lambda'>,
  pace: Pace,
  id: string,
  isOn: boolean,
): Promise<void> {
  const wanted = isOn ? 'Enabled' : 'Disabled';
  let isAsked = false;
  const isSo = await until(pace, 5 * MINUTE, 5 * SECOND, async () => {
    isAsked ||= await ask({ lambda }, id, isOn);
    const { State } = await lambda.send(new GetEventSourceMappingCommand({ UUID: id }));
    return isAsked && State === wanted;
  });
  if (!isSo) throw new CliError(`The event source ${id} does not become ${wanted}.`, 1);
}

/** @returns false while another change of it is under way. */
async function ask({ lambda }: Pick<DrillStage, 'lambda'>, id: string, isOn: boolean): Promise<boolean> {
  try {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: id, Enabled: isOn }));
    return true;
  } catch (error) {
    if ((error as Error).name === 'ResourceInUseException') return false;
    throw error;
  }
}
