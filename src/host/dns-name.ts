// DNS names as they are compared.

/** Lower case, without the closing dot; "." stays. */
export function plainName(name: string): string {
  const trimmed = name.trim().toLowerCase();
  return trimmed.length > 1 ? trimmed.replace(/\.$/, "") : trimmed;
}
