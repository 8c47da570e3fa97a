/** The part of a namespace of objects that lies in a jurisdiction; all of it where none is wanted. */
export function placed<Stub extends Rpc.DurableObjectBranded | undefined>(
  namespace: DurableObjectNamespace<Stub>,
  jurisdiction: "" | "eu",
): DurableObjectNamespace<Stub> {
  return jurisdiction === "" ? namespace : namespace.jurisdiction(jurisdiction);
}
