// The provider in a process of its own, which no kill of the product touches. See chaos-host.mjs.
import { startResendServer } from "./resend-server.mjs";

const [ledger, apiKey] = process.argv.slice(2);
const { url } = await startResendServer({ ledger, apiKey });
process.once("disconnect", () => process.exit(0));
process.send(url);
