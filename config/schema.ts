import { z } from 'zod';
import type { InletConfig } from '../functions/config/config.ts';
import { FORMAT, type Format } from '../functions/core/format.ts';
import { ingressSchema } from './ingress-schema.ts';
import { between, flag, ofAnyObject, type RulesOf, strict, textLike, wholeNumber } from './rules.ts';
import { sourceSchema } from './source-schema.ts';

const SOURCES = '{ sources: { <name>: { provider: "…" } } }';

/** The configuration as data. What depends on packs and handlers, `validate.ts` asks besides. */
export const configSchema = strict(
  {
    sources: z
      .record(z.string(), sourceSchema, {
        error: ({ input }) => (input === undefined ? `is missing. Write ${SOURCES}` : 'write an object'),
      })
      .refine((sources) => Object.keys(sources).length > 0, 'is empty. Add at least one source'),
    publicUrl: textLike(
      /^https?:\/\/[^/?#]+\/?$/,
      'write the origin that providers call, such as "https://hooks.example.com"',
    ).optional(),
    retentionDays: wholeNumber(15, 3650).optional(),
    archive: flag.optional(),
    listing: flag.optional(),
    economy: flag.optional(),
    tracing: flag.optional(),
    production: flag.optional(),
    ingress: ingressSchema.optional(),
    console: flag.optional(),
    // The login leads back to nothing but https.
    consoleUrl: textLike(
      /^https:\/\/[^/?#]+\/?$/,
      'write the origin where people open the console, such as "https://inlet.example.com"',
    ).optional(),
    // https://docs.aws.amazon.com/lambda/latest/api/API_ScalingConfig.html
    workerConcurrency: wholeNumber(2, 1000).optional(),
    secrets: z
      .enum(
        ['ssm', 'secrets-manager'],
        'write "ssm" or "secrets-manager", where they lie; inlet secret sets the secrets themselves',
      )
      .optional(),
    storedFormat: z
      .literal(
        [FORMAT, (FORMAT - 1) as Format],
        `write ${FORMAT - 1} while functions of the release before are running, or remove the key (docs/upgrade.md)`,
      )
      .optional(),
    errors: z.enum(['full', 'names'], 'write "full" or "names"').optional(),
    alarmEmail: textLike(/^[^@\s]+@[^@\s]+$/, 'write an e-mail address').optional(),
  } satisfies RulesOf<InletConfig>,
  'The configuration is not an object: export default defineInlet({ sources: { … } })',
)
  .refine(
    ({ console, consoleUrl }) => console !== false || consoleUrl === undefined,
    between('consoleUrl', 'there is no console (console: false). Remove one of the two'),
  )
  .superRefine(
    ({ ingress, sources }, context) => {
      for (const name of Object.keys(Object(Object(Object(ingress).firewall).addresses)))
        if (!Object.hasOwn(Object(sources), name))
          context.addIssue({
            code: 'custom',
            path: ['ingress', 'firewall', 'addresses', name],
            message: 'is no source',
          });
    },
    { when: ofAnyObject },
  );
