/**
 * A real mail server (nodemailer's smtp-server) on loopback with a ledger of its own, which fails on command.
 * `smtp-server.d.mts` holds the shapes.
 */
import { SMTPServer } from "smtp-server";

function refusal(code, text) {
  return Object.assign(new Error(text), { responseCode: code });
}

/** Starts a server on any free port of 127.0.0.1; its certificate is signed by itself. */
export async function startSmtpServer({
  user = "relance",
  password = "secret",
  security = "starttls",
  mostLines = 100,
} = {}) {
  const ledger = [];
  const counters = { connections: 0, signedIn: 0, refused: 0, resets: 0, quits: 0 };
  let script = [];
  const sockets = new Set();
  /** How many lines were open at once. */
  const lines = { most: 0 };
  const take = (where) => (script[0]?.at === where ? script.shift() : null);
  const server = new SMTPServer({
    secure: security === "tls",
    disabledCommands: security === "none" ? ["STARTTLS"] : [],
    allowInsecureAuth: security === "none",
    authMethods: ["PLAIN", "LOGIN"],
    logger: false,
    onConnect(_session, done) {
      counters.connections += 1;
      done(take("connect") || sockets.size > mostLines ? refusal(421, "come back later") : undefined);
    },
    onAuth(auth, _session, done) {
      if (auth.username !== user || auth.password !== password) {
        counters.refused += 1;
        done(refusal(535, "wrong password"));
        return;
      }
      counters.signedIn += 1;
      done(null, { user });
    },
    onRcptTo({ address }, _session, done) {
      const fault = take("recipient");
      if (fault) done(refusal(fault.code ?? 451, "not now"));
      else done(address.startsWith("nobody") ? refusal(550, "no such user") : undefined);
    },
    onData(stream, session, done) {
      const chunks = [];
      const fault = take("content");
      stream.on("data", (chunk) => chunks.push(chunk));
      stream.on("end", () => {
        if (fault?.what === "drop_before") {
          for (const socket of sockets) socket.destroy();
          return;
        }
        if (fault?.what === "refuse") {
          done(refusal(fault.code ?? 452, "no room"));
          return;
        }
        const { mailFrom, rcptTo } = session.envelope;
        ledger.push({
          from: mailFrom.address,
          to: rcptTo.map((one) => one.address),
          secure: session.secure === true,
          user: session.user ?? null,
          raw: Buffer.concat(chunks).toString("utf8"),
        });
        if (fault?.what === "drop_after") for (const socket of sockets) socket.destroy();
        else if (fault?.what !== "stall") done(null, `queued as ${ledger.length}`);
      });
    },
  });
  server.on("error", () => undefined);
  server.server.on("connection", (socket) => {
    sockets.add(socket);
    lines.most = Math.max(lines.most, sockets.size);
    socket.on("data", (chunk) => {
      const said = String(chunk);
      counters.resets += said.startsWith("RSET\r\n") ? 1 : 0;
      counters.quits += said.startsWith("QUIT\r\n") ? 1 : 0;
    });
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: server.server.address().port,
    ledger,
    counters,
    lines,
    /** Ends every line that is open, as a server does that has waited long enough. */
    hangUp() {
      for (const socket of sockets) socket.destroy();
    },
    /** What befalls the next sessions, in their order. */
    fail: (...faults) => {
      script = faults;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
