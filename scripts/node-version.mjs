// Whether this Node is new enough. Written so that Node 12 can still read it.

/** One sentence when `version` is older than the `>=` of package.json's engines, else null. */
export function nodeProblem(version, engine) {
  const required = engine.replace(/^>=/, "");
  if (!isOlder(version, required)) return null;
  return `wsl-trace needs Node ${required} or newer, and this is ${version}: install a newer one (https://nodejs.org/en/download), or take one from npm for this once: npx --yes node@22 scripts/start.mjs`;
}

function isOlder(version, required) {
  const has = version.split(".").map(Number);
  const needs = required.split(".").map(Number);
  const index = needs.findIndex((part, place) => part !== has[place]);
  return index !== -1 && has[index] < needs[index];
}
