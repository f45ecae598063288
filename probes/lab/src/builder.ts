// What the product needs to build a lab and to work in it.

export { LabError } from "./error.ts";
export { createLabSystem } from "./lab-system.ts";
export { createLabPort } from "./port.ts";
export { prepareRootless, rootlessCommand } from "./rootless.ts";
