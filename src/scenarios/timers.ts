interface Timer {
  readonly contact: number;
  readonly due: number;
}

/** A binary heap of due times. A contact may stand in it more than once; whoever pops asks whether it is still so. */
export class Timers {
  private readonly heap: Timer[] = [];

  push(contact: number, due: number): void {
    this.heap.push({ contact, due });
    let child = this.heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (this.dueAt(parent) <= this.dueAt(child)) return;
      this.swap(parent, child);
      child = parent;
    }
  }

  /** The earliest due time; null when there is none. */
  get earliest(): number | null {
    return this.heap[0]?.due ?? null;
  }

  /** The earliest timer that is due by `until`, taken out; undefined when there is none. */
  pop(until: number): Timer | undefined {
    const first = this.heap[0];
    if (!first || first.due > until) return undefined;
    const last = this.heap.pop();
    if (last && this.heap.length > 0) {
      this.heap[0] = last;
      this.sink();
    }
    return first;
  }

  private sink(): void {
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1;
      const smaller = this.dueAt(left + 1) < this.dueAt(left) ? left + 1 : left;
      if (this.dueAt(smaller) >= this.dueAt(parent)) return;
      this.swap(parent, smaller);
      parent = smaller;
    }
  }

  private dueAt(index: number): number {
    return this.heap[index]?.due ?? Number.POSITIVE_INFINITY;
  }

  private swap(left: number, right: number): void {
    const [a, b] = [this.heap[left], this.heap[right]];
    if (a && b) [this.heap[left], this.heap[right]] = [b, a];
  }
}
