import { createApp } from "./app";
import { ledgerClass } from "./events/object";
import { contactShardClass } from "./scenarios/object";
import { servicesOf } from "./services";
import { consumeQueue } from "./services/consume";
import type { Env, LedgerCargo } from "./services/env";
import { ledgerPorts, shardPorts } from "./services/ports";
import { runScheduled } from "./services/scheduled";
import { receiveMail } from "./services/unsubscribe-mail";

const app = createApp();

/** The one writer of the database. */
export const Ledger = ledgerClass<Env, LedgerCargo>((env) => ledgerPorts(servicesOf(env)));

/** Holds the scenario state of a share of the contacts. */
export const ContactShard = contactShardClass<Env>((env) => shardPorts(servicesOf(env)));

export default {
  fetch: app.fetch,
  email: (message, env) => receiveMail(servicesOf(env), message),
  queue: (batch, env) => consumeQueue(servicesOf(env), batch),
  scheduled: (controller, env) => runScheduled(servicesOf(env), controller.cron),
} satisfies ExportedHandler<Env>;
