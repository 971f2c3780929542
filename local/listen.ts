import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Everything local listens here and nowhere else. */
export const LOOPBACK = '127.0.0.1';

/**
 * Listens on the loopback interface.
 * @param port 0 picks a free one.
 * @returns the port.
 * @throws the error of the socket, `EADDRINUSE` when the port is taken.
 */
export async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
