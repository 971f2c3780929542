/** Ends a command with a message instead of a stack trace. */
export class CliError extends Error {
  /** 1: the answer is no. 2: the question cannot be asked, or not so. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Somebody has stopped the command, and everything is said. What is still on its way is not waited for. */
export class InterruptedError extends Error {
  /** As a shell says it of a process that SIGINT has ended. */
  readonly exitCode = 130;
}

/** Nobody answers, or nobody who is ready: it may be different in a moment. */
export class UnreachableError extends CliError {}

/** The token is not the one of this Inlet. */
export class TokenError extends CliError {}
