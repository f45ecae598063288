// The connections whose own size decides what of them is lost: no sign of loss, whatever they come to.

import type { TcpPurpose } from "../../schema/events/tcp.ts";

export const BY_SIZE: readonly TcpPurpose[] = ["outbound-sweep", "segment-loss", "size-flow"];
