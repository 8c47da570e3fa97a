/** Where the demo shop stands: the shop of a machine that has no other. */
export function demoUrl(publicUrl: string): string {
  return `${publicUrl}/demo`;
}
