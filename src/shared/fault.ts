/** One field that is wrong, as a JSON pointer into the input. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** Every kind of refusal the product knows. platform/http.ts gives each its status and title. */
export type FaultCode =
  | "invalid-input"
  | "invalid-json"
  | "invalid-email"
  | "invalid-phone"
  | "unauthorized"
  | "forbidden"
  | "server-only-event"
  | "not-found"
  | "conflict"
  | "precondition-failed"
  | "too-large"
  | "unprocessable"
  | "too-many-requests"
  | "unavailable";

/** A refusal that its caller can act on. Its words are shown, so they never hold another's data. */
export class Fault extends Error {
  constructor(
    readonly code: FaultCode,
    readonly detail: string,
    readonly errors: readonly FieldError[] = [],
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(detail);
    this.name = "Fault";
  }
}
