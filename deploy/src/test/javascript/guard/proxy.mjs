// A proxy in front of a gateway that passes everything on, and holds every answer against the OpenAPI document.
import { createServer, Agent, request as httpRequest } from "node:http";
import { gunzipSync } from "node:zlib";

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
const SECRET = new Set(["host", "connection", "content-length", "transfer-encoding"]);

/** Of a request whose path it cannot parse Jetty knows no method: a HEAD is answered with a body, and the connection ends with it. */
const UNPARSED = /^[^?]*%(?![0-9a-f]{2}|u)|^[^?]*%00/i;

/** The request as somebody would repeat it. */
export function asCurl(gateway, { method, target, headers, body }) {
  const lines = Object.entries(headers).filter(([name]) => !SECRET.has(name));
  return [
    `curl -i -X ${method} --path-as-is ${quoted(gateway + target)}`,
    ...lines.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body ? [`--data-binary ${quoted(body)}`] : []),
  ].join(" ");
}

async function wholeOf(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/**
 * Starts one.
 *
 * @param gateway its URL @param document that judges
 * @return its `url`; `seen`, how often each "operationId status" was answered; `broken`, what no document allows, each
 *     with the request as curl, the answer and the rules
 */
export async function startProxy(gateway, document) {
  const agent = new Agent({ keepAlive: true });
  const seen = new Map();
  const broken = [];

  const breaks = (request, answer, ...rules) => broken.push({ request: asCurl(gateway, request), answer, rules });

  const judge = (request, answer) => {
    const operation = document.find(request.method, request.target)?.said.operationId ?? "elsewhere";
    const what = `${operation} ${answer.status}`;
    seen.set(what, (seen.get(what) ?? 0) + 1);
    const rules = document.judge(request, answer);
    if (rules.length > 0) breaks(request, answer, ...rules);
  };

  /** A connection that was kept may be closed by the gateway just when it is used again. */
  async function ask(options, body, again = true) {
    const upstream = httpRequest(gateway, options);
    const answer = new Promise((resolve, reject) => {
      upstream.on("response", (told) => {
        upstream.on("error", (error) => (told.beyond = error.message)); // such as a body of HEAD
        resolve(told);
      });
      upstream.on("error", reject);
    });
    upstream.end(body);
    try {
      return await answer;
    } catch (error) {
      if (again && upstream.reusedSocket) return ask({ ...options, agent: false }, body, false);
      throw error;
    }
  }

  async function pass(asked, answering) {
    const body = await wholeOf(asked);
    const { method, url: target, headers, rawHeaders } = asked;
    const request = { method, target, headers, body: body.toString() };
    const answer = await ask({ agent, method, path: target, headers: rawHeaders }, body).catch((error) => {
      breaks(request, { status: 0, headers: {}, body: "" }, `there is no answer: ${error.message}`);
      throw error;
    });
    answering.on("close", () => answer.destroy());
    const told = { status: answer.statusCode, headers: answer.headers };
    answering.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders);
    if (/^text\/event-stream/.test(answer.headers["content-type"])) {
      judge(request, { ...told, body: "" });
      answer.on("error", () => answering.destroy()).pipe(answering);
      return;
    }
    const content = await wholeOf(answer);
    const plain = answer.headers["content-encoding"] === "gzip" ? gunzipSync(content) : content;
    judge(request, { ...told, body: plain.toString() });
    const unread = method === "HEAD" && UNPARSED.test(target) && told.status === 400 && told.headers.connection === "close";
    if (answer.beyond && !unread) breaks(request, { ...told, body: "" }, `the answer goes on where it should end: ${answer.beyond}`);
    answering.end(content);
  }

  const server = createServer({ keepAliveTimeout: 60_000, maxHeaderSize: 65_536 }, (asked, answering) => {
    pass(asked, answering).catch(() => answering.destroy());
  });
  server.on("upgrade", (asked, socket, head) => {
    const { method, url: target, headers, rawHeaders } = asked;
    const request = { method, target, headers, body: "" };
    const upstream = httpRequest(gateway, { agent: false, method, path: target, headers: rawHeaders });
    const begin = ({ statusCode, statusMessage, rawHeaders: told }, without = /^$/, more = []) => {
      const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
      for (let i = 0; i < told.length; i += 2) if (!without.test(told[i])) lines.push(`${told[i]}: ${told[i + 1]}`);
      socket.write(`${[...lines, ...more].join("\r\n")}\r\n\r\n`);
    };
    upstream.on("upgrade", (answer, answered, more) => {
      judge(request, { status: answer.statusCode, headers: answer.headers, body: "" });
      begin(answer);
      socket.write(more);
      answered.write(head);
      socket.pipe(answered).pipe(socket);
      answered.on("error", () => socket.destroy());
    });
    upstream.on("response", async (answer) => {
      const content = await wholeOf(answer);
      judge(request, { status: answer.statusCode, headers: answer.headers, body: content.toString() });
      const ends = ["Connection: close", `Content-Length: ${content.length}`]; // what else came here would not be judged
      begin(answer, /^(connection|content-length|transfer-encoding)$/i, ends);
      socket.end(content);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
    upstream.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, seen, broken };
}
