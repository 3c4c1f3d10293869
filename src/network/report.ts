import type { DiagnosticCode } from '../diagnostic/codes.ts';
import type { Diagnostic, Origin, Related } from '../diagnostic/diagnostic.ts';

/** What every pass says its findings to. */
export interface Report {
  readonly diagnostics: readonly Diagnostic[];
  readonly failed: boolean;
  error(code: DiagnosticCode, origin: Origin, message: string, detail?: Detail): void;
  warn(code: DiagnosticCode, origin: Origin, message: string, detail?: Detail): void;
}

interface Detail {
  readonly remedy?: string;
  readonly at?: 'key' | 'value';
  readonly related?: readonly Related[];
}

export function createReport(): Report {
  const diagnostics: Diagnostic[] = [];
  let failed = false;
  return {
    diagnostics,
    get failed() {
      return failed;
    },
    error(code, origin, message, detail) {
      failed = true;
      diagnostics.push({ code, severity: 'error', message, origin, ...detail });
    },
    warn(code, origin, message, detail) {
      diagnostics.push({ code, severity: 'warning', message, origin, ...detail });
    },
  };
}
