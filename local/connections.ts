import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** More than any local sender opens at once; bounds what 10 MB bodies can take of the memory. */
const MAX_PER_ADDRESS = 1_000;
/** Those above it are closed without an answer. */
const MAX_CONNECTIONS = 4 * MAX_PER_ADDRESS;
/** A connection without a request for so long makes room. Of a younger one the request may be on its way. */
const IDLE_MS = 5_000;

export interface Connections {
  /** Whether the connection's address has more than it may have: its requests are to be refused. */
  isSurplus(socket: Socket): boolean;
}

/**
 * Gives each address its share of the connections, so that one that opens many and keeps them locks nobody out. When it
 * has them all, those that it does not use are closed for those it opens, longest idle first.
 * @param now epoch milliseconds.
 */
export function limitConnections(server: Server, now: () => number): Connections {
  const addresses = new Map<string, Set<Socket>>();
  /** Since when, in order of time. */
  const idle = new Map<Socket, number>();
  const surplus = new WeakSet<Socket>();
  server.maxConnections = MAX_CONNECTIONS;

  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const open = addresses.get(address) ?? new Set();
    addresses.set(address, open.add(socket));
    socket.once('close', () => {
      idle.delete(socket);
      open.delete(socket);
      if (open.size === 0) addresses.delete(address);
    });
    if (open.size > MAX_PER_ADDRESS && !closeIdle(open)) surplus.add(socket);
    idle.set(socket, now());
  });

  server.on('request', ({ socket }, response) => {
    idle.delete(socket);
    response.once('close', () => {
      if (!socket.destroyed) idle.set(socket, now());
    });
  });

  function closeIdle(open: ReadonlySet<Socket>): boolean {
    for (const [socket, since] of idle) {
      if (since + IDLE_MS > now()) return false;
      if (!open.has(socket)) continue;
      socket.destroy();
      return true;
    }
    return false;
  }

  return { isSurplus: (socket) => surplus.has(socket) };
}
