// Runs a program to which the kernel refuses system calls: node refusing.mjs FILTER PROGRAM ARGUMENT...
//
// FILTER is a seccomp program in hexadecimal. It holds for this process alone and for what it becomes (execve).

import koffi from "koffi";

const [filter = "", ...argv] = process.argv.slice(2);
const c = koffi.load(null);
const prctl = c.func(
  "int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)",
);
const install = c.func("int prctl(int option, unsigned long mode, void *program)");
const fcntl = c.func("int fcntl(int fd, int command, int flags)");
const execvp = c.func("int execvp(const char *file, const char **argv)");

/** linux/prctl.h, linux/seccomp.h */
const PR_SET_SECCOMP = 22;
const PR_SET_NO_NEW_PRIVS = 38;
const SECCOMP_MODE_FILTER = 2;
/** fcntl.h */
const F_SETFD = 2;
const INSTRUCTION_BYTES = 8;

const instructions = Buffer.from(filter, "hex");
// struct sock_fprog: u16 len, and a pointer behind six bytes of padding.
const program = Buffer.alloc(16);
program.writeUInt16LE(instructions.length / INSTRUCTION_BYTES, 0);
program.writeBigUInt64LE(BigInt(koffi.address(instructions)), 8);

if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) !== 0) throw new Error("no_new_privs was refused");
if (install(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program) !== 0)
  throw new Error("the filter was refused");
// Node marks its standard streams so that no program inherits them.
for (const fd of [0, 1, 2]) fcntl(fd, F_SETFD, 0);
execvp(argv[0], [...argv, null]);
throw new Error(`${argv[0]} cannot be run`);
