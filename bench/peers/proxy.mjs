// An HTTP proxy between browser and server that counts requests and the bytes on the browser's sockets (headers and framing included),
// and, with a link, is as slow as that link: half a round trip each way for every request, one more for a new connection, bodies paced.
import http from 'node:http';
import { Transform } from 'node:stream';

/** Round trip in ms, bits a second. `weak` has the figures of Lighthouse's "slow 4G". */
export const links = { none: null, weak: { rtt: 150, down: 1_600_000, up: 750_000 } };

const pause = (ms) => new Promise((r) => setTimeout(r, ms));
function pacer(bitsPerSecond) {
  let free = 0; // when the line is free again; one line for all connections
  return () =>
    new Transform({
      highWaterMark: 16_384,
      async transform(chunk, _, done) {
        for (let at = 0; at < chunk.length; at += 8192) {
          const part = chunk.subarray(at, at + 8192),
            now = performance.now();
          free = Math.max(free, now) + (part.length * 8000) / bitsPerSecond;
          if (free - now > 2) await pause(free - now);
          this.push(part);
        }
        done();
      },
    });
}

export async function countingProxy(port, link = null) {
  const up = link && pacer(link.up),
    down = link && pacer(link.down);
  const agent = new http.Agent({ keepAlive: true }),
    sockets = new Set(),
    closed = { up: 0, down: 0 };
  let log = [];
  const server = http.createServer(async (req, res) => {
    const entry = { method: req.method, path: req.url, status: 0, bodyUp: 0, bodyDown: 0 };
    log.push(entry);
    if (link) {
      const first = !req.socket.known;
      req.socket.known = true;
      await pause(link.rtt / 2 + (first ? link.rtt : 0));
    }
    req.on('data', (part) => (entry.bodyUp += part.length));
    const onward = http.request(
      { host: '127.0.0.1', port, agent, method: req.method, path: req.url, headers: req.headers },
      async (back) => {
        entry.status = back.statusCode;
        back.on('data', (part) => (entry.bodyDown += part.length));
        back.pause();
        if (link) await pause(link.rtt / 2);
        res.writeHead(back.statusCode, back.rawHeaders);
        (link ? back.pipe(down()) : back).pipe(res);
      },
    );
    onward.on('error', () => {
      entry.status = 502;
      if (!res.headersSent) res.writeHead(502);
      res.end();
    });
    (link ? req.pipe(up()) : req).pipe(onward);
  });
  server.keepAliveTimeout = 120_000;
  server.on('connection', (s) => {
    sockets.add(s);
    s.on('close', () => {
      closed.up += s.bytesRead;
      closed.down += s.bytesWritten;
      sockets.delete(s);
    });
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    count() {
      let { up, down } = closed;
      for (const s of sockets) {
        up += s.bytesRead;
        down += s.bytesWritten;
      }
      return { up, down };
    },
    takeLog() {
      const taken = log;
      log = [];
      return taken;
    },
    close() {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
