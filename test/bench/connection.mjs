import { connect } from "node:net";

const HEAD_END = Buffer.from("\r\n\r\n");

/**
 * One kept HTTP/1.1 connection that has one request under way. It knows only what our own Worker answers (a length,
 * never chunks): that costs a quarter of what node:http does, and the load must not starve what it measures.
 */
export class Connection {
  #socket;
  #received = Buffer.alloc(0);
  #answer = null;

  constructor(port) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (chunk) => this.#take(chunk));
    this.#socket.on("error", (error) => this.#answer?.reject(error));
    this.#socket.on("close", () => this.#answer?.reject(new Error("the connection was closed")));
  }

  /** Sends a whole request and resolves with its answer. */
  send(request) {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close() {
    this.#socket.destroy();
  }

  #take(chunk) {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf(HEAD_END);
    if (end < 0) return;
    const head = this.#received.toString("latin1", 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    const { resolve, reject } = this.#answer;
    if (length === undefined) return reject(new Error(`an answer without a length:\n${head}`));
    const whole = end + HEAD_END.length + Number(length);
    if (this.#received.length < whole) return;
    const body = this.#received.toString("utf8", end + HEAD_END.length, whole);
    this.#received = this.#received.subarray(whole);
    resolve({ status: Number(head.slice(9, 12)), body });
  }
}

/** The bytes of a POST. */
export function post(path, authorization, body) {
  const head = [
    `POST ${path} HTTP/1.1`,
    "Host: localhost",
    `Authorization: ${authorization}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}
