/** Names that are joined step by step. */
export class DisjointSets {
  readonly #parents = new Map<string, string>();

  rootOf(name: string): string {
    let root = name;
    for (let parent = this.#parents.get(root); parent !== undefined; parent = this.#parents.get(root)) root = parent;
    for (let step = name; step !== root; ) {
      const next = this.#parents.get(step) ?? root;
      this.#parents.set(step, root);
      step = next;
    }
    return root;
  }

  /** @returns whether they were apart */
  join(one: string, other: string): boolean {
    const root = this.rootOf(one);
    const otherRoot = this.rootOf(other);
    if (root === otherRoot) return false;
    this.#parents.set(otherRoot, root);
    return true;
  }
}
