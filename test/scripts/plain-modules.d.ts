// The scripts are plain JavaScript, so that they run before anything is installed: to the tests they are untyped.

declare module "*.mjs";
