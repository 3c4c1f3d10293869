export type Verdict = 'accept' | 'drop' | 'continue' | 'return' | { readonly jump: string } | { readonly goto: string };
