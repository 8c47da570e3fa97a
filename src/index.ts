import { createApp } from "./app";
import type { PermitRow, SendKey } from "./decisions/permit";
import { ledgerClass } from "./events/object";
import { contactShardClass } from "./scenarios/object";
import type { Owed, Receipt } from "./scenarios/shard-port";
import { servicesOf } from "./services";
import { consumeQueue } from "./services/consume";
import type { Env } from "./services/env";
import { ledgerPorts, shardPorts } from "./services/ports";
import { runScheduled } from "./services/scheduled";

const app = createApp();

/** The one writer of the database. */
export const Ledger = ledgerClass<Env, SendKey, PermitRow, Owed, Receipt>((env) => ledgerPorts(servicesOf(env)));

/** Holds the scenario state of a share of the contacts. */
export const ContactShard = contactShardClass<Env>((env) => shardPorts(servicesOf(env)));

export default {
  fetch: app.fetch,
  queue: (batch, env) => consumeQueue(servicesOf(env), batch),
  scheduled: (controller, env) => runScheduled(servicesOf(env), controller.cron),
} satisfies ExportedHandler<Env>;
