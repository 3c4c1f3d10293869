import { describe, expect, test } from 'vitest';
import { count, type VitestReport } from './count.ts';

const report = (change: Partial<VitestReport> = {}): VitestReport => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
  ...change,
});

describe('the closing line never hides a failure', () => {
  test('tests are counted as the report has them', () => {
    expect(count(report({ numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 }), 1)).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  test('a file that could not be loaded is a failure', () => {
    expect(count(report({ testResults: [{ status: 'failed', assertionResults: [] }] }), 1).failed).toBe(1);
  });

  test('a file with a failed test is not counted twice', () => {
    const testResults = [{ status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] }];
    expect(count(report({ numFailedTests: 1, testResults }), 1).failed).toBe(1);
  });

  test('an error outside of any test is a failure', () => {
    expect(count(report(), 1).failed).toBe(1);
  });

  test('a runner that died is a failure', () => {
    expect(count(undefined, 134)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
