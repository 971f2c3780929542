import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP connection between the functions and a stand-in that can be slow, broken or gone. */
export interface Link {
  readonly endpoint: string;
  /** Breaks every connection that is open now. */
  drop(): void;
  /** Delays everything that goes to the stand-in; 0 ends it. */
  slow(milliseconds: number): void;
  /** Refuses connections, or with `hang` takes them and never answers. */
  stop(how?: 'refuse' | 'hang'): void;
  start(): void;
  /** The stand-in is somewhere else now. */
  aim(target: string): void;
  close(): void;
}

export async function startLink(target: string): Promise<Link> {
  let { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let delay = 0;
  let state: 'on' | 'refuse' | 'hang' = 'on';

  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
  };
  const server = createServer((near) => {
    keep(near);
    if (state === 'refuse') return void near.destroy();
    if (state === 'hang') return void near.resume();
    const far = connect(Number(port), hostname);
    keep(far);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.on('data', (chunk) => {
      if (state === 'hang') return;
      if (delay === 0) return void far.write(chunk);
      // Chunks of one delay stay in order; the delay changes only between faults.
      setTimeout(() => void (far.destroyed || far.write(chunk)), delay);
    });
    far.on('data', (chunk) => void near.write(chunk));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const drop = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    drop,
    slow: (milliseconds) => {
      if (milliseconds === 0 && delay > 0) drop();
      delay = milliseconds;
    },
    stop: (how = 'refuse') => {
      state = how;
      if (how === 'refuse') drop();
    },
    start: () => {
      if (state === 'hang') drop();
      state = 'on';
    },
    aim: (elsewhere) => {
      ({ hostname, port } = new URL(elsewhere));
    },
    close: () => {
      server.close();
      drop();
    },
  };
}
