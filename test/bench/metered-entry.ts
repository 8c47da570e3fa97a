import product, * as objects from "../../src/index";
import type { Env } from "../../src/services/env";
import { counts, metered, meterStorage, resetCounts, settleCursor } from "./meter";

export class Ledger extends objects.Ledger {
  constructor(state: DurableObjectState, env: Env) {
    meterStorage(state.storage);
    super(state, metered(env));
  }
}

export class ContactShard extends objects.ContactShard {
  constructor(state: DurableObjectState, env: Env) {
    meterStorage(state.storage);
    super(state, metered(env));
  }

  override async alarm(): Promise<void> {
    counts.objects.alarmsRun++;
    await super.alarm();
  }
}

/** The product on metered bindings, with two routes of its own that read the meter and set it back. */
export default {
  fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith("/bench/")) return product.fetch(request, metered(env), context);
    settleCursor();
    const before = counts;
    if (pathname === "/bench/reset") resetCounts();
    return Response.json(before);
  },
  queue(batch, env) {
    counts.queue.delivered += batch.messages.length;
    return product.queue(batch, metered(env));
  },
  scheduled(controller, env) {
    return product.scheduled(controller, metered(env));
  },
} satisfies ExportedHandler<Env>;
