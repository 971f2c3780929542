/** States in which histories begin, beyond deliveries that were accepted. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { createReader } from '../../functions/api/reader.ts';
import { Ledger } from '../../functions/ledger/ledger.ts';
import { decodeEnvelope } from '../../functions/queue/envelope.ts';
import { Actor } from './actor.ts';
