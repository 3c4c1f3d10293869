/** Why an ordinary user cannot have a network of their own here; stable names for messages and the docs. */
export type RootlessErrorCode =
  /** User namespaces are switched off, or fenced in. */
  | 'user-namespaces-forbidden'
  /** The state directory belongs to somebody else, or others can get at it. */
  | 'state-not-private'
  /** The process that holds the namespaces did not start. */
  | 'holder-not-started'
  /** pasta is not installed. */
  | 'uplink-missing'
  /** /dev/net/tun is not there, or not for everybody. */
  | 'tun-forbidden'
  /** The host itself has no default route. */
  | 'uplink-no-route'
  /** pasta did not start. */
  | 'uplink-failed';

export class RootlessError extends Error {
  readonly code: RootlessErrorCode;
  readonly remedy: string;

  constructor(code: RootlessErrorCode, message: string, remedy: string) {
    super(message);
    this.name = 'RootlessError';
    this.code = code;
    this.remedy = remedy;
  }
}
