import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** What one request brings, in a few characters: how it asks, and every byte of its file. */
export class Fingerprint {
  private readonly hash = sha256.create();

  constructor(asked: string) {
    // Its length in front, so that no file begins with what another one asks.
    this.hash.update(utf8ToBytes(`${asked.length}:${asked}`));
  }

  /** A file as it comes; it is part of the fingerprint once it was read. */
  async *reading(file: AsyncIterable<Uint8Array> | null): AsyncGenerator<Uint8Array> {
    for await (const bytes of file ?? []) {
      this.hash.update(bytes);
      yield bytes;
    }
  }

  /** Of everything that was read. Nothing can be added any more. */
  text(): string {
    return bytesToHex(this.hash.digest());
  }
}
