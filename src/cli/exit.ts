/** Exit codes, documented in docs/exit-codes.md. `bottle exec` gives the code of its command instead. */
export const exitCodes = {
  ok: 0,
  /** Bad input, a host that lacks something, a change that failed and was undone. */
  error: 1,
  /** `plan` only: there are changes. */
  changes: 2,
  /** `up` and `verify`: an expectation does not hold. */
  broken: 3,
  declined: 4,
  busy: 5,
  /** `trace`: the kernel did something else than the model says. */
  differs: 6,
  /** `trace`: not all that happened was told. */
  incomplete: 7,
  usage: 64,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
