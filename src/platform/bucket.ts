/** As many keys as one call takes. */
const MOST = 1_000;

/** The keys under a prefix, page by page. */
export async function* keysUnder(bucket: R2Bucket, prefix: string, limit = MOST): AsyncGenerator<string[]> {
  for (let cursor: string | undefined; ; ) {
    const found = await bucket.list({ prefix, limit, ...(cursor !== undefined && { cursor }) });
    yield found.objects.map(({ key }) => key);
    if (!found.truncated) return;
    ({ cursor } = found);
  }
}

/** Deletes everything under a prefix; resolves when nothing is left. */
export async function deleteUnder(bucket: R2Bucket, prefix: string): Promise<void> {
  for await (const keys of keysUnder(bucket, prefix)) if (keys.length > 0) await bucket.delete(keys);
}
