/** How the payload's type follows the event's. */
import type { HandlerFunction } from '../core/handler.ts';

/**
 * What a source may send: a union of payloads that name their type (`Stripe.Event`), or a map from types to payloads
 * (`EventPayloadMap` of `@octokit/webhooks-types`).
 */
export type Payloads = object;

/** A payload that says its own type. */
interface Named {
  readonly type: string;
}

/** Types that the union or the map names. */
export type TypeOf<All extends Payloads> = All extends Named ? All['type'] : Extract<keyof All, string>;

/** The beginnings of a type, each with the star behind: `a.b.c` has `a.*` and `a.b.*`. */
type BeginningsOf<
  Type extends string,
  Before extends string = '',
> = Type extends `${infer Head}.${infer Rest}`
  ? `${Before}${Head}.*` | BeginningsOf<Rest, `${Before}${Head}.`>
  : never;

/** What may stand as a key of `on`. GitHub's types have their action behind: `issues.opened` is a payload of `issues`. */
export type PatternOf<All extends Payloads> = All extends Named
  ? TypeOf<All> | BeginningsOf<TypeOf<All>> | '*'
  : TypeOf<All> | `${TypeOf<All>}.${string}` | BeginningsOf<TypeOf<All>> | '*';

/** The payloads that a pattern lets through. */
export type PayloadOf<All extends Payloads, Pattern extends string> = Pattern extends '*'
  ? AnyOf<All>
  : All extends Named
    ? Pattern extends `${infer Beginning}*`
      ? Extract<All, { readonly type: `${Beginning}${string}` }>
      : Extract<All, { readonly type: Pattern }>
    : Pattern extends keyof All
      ? All[Pattern]
      : Pattern extends `${infer Type}.${string}`
        ? Type extends keyof All
          ? All[Type]
          : AnyOf<All>
        : AnyOf<All>;

/** Every payload of a union or a map. */
export type AnyOf<All extends Payloads> = All extends Named ? All : All[keyof All];

/** Handlers by type, as `on` takes them. */
export type HandlersByType<All extends Payloads> = {
  readonly [Pattern in PatternOf<All>]?: HandlerFunction<PayloadOf<All, Pattern>>;
} & {
  /** For every other type, and for events without one. Default: nothing is done, and the event is applied. */
  readonly otherwise?: HandlerFunction<AnyOf<All>>;
};
