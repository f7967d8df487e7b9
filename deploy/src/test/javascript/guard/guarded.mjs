// Runs PROGRAM, a client of GATEWAY_URL, behind a proxy that holds every answer against the gateway's own OpenAPI
// document. Ends with status 1 when an answer is not in it, whatever the program says; with EVERY also when an operation
// never succeeded, or never refused what it documents to refuse.
import { Document } from "./document.mjs";
import { startProxy } from "./proxy.mjs";

const gateway = process.env.GATEWAY_URL;
const document = new Document(await (await fetch(`${gateway}/openapi.json`)).json());
const proxy = await startProxy(gateway, document);

/** Statuses that need haste, an outage or a reader's cache are other programs'. */
const ELSEWHERE = new Set(["304", "429", "500", "502", "503"]);

/** Where there is nothing to be wrong, only what is no HTTP is 400. */
const isWrong = ({ parameters, requestBody }) => requestBody || parameters.some(({ in: where }) => where);

const unseen = () =>
  document.operations().flatMap(({ said }) =>
    Object.keys(said.responses)
      .filter((status) => !ELSEWHERE.has(status) && (status !== "400" || isWrong(said)))
      .map((status) => `${said.operationId} ${status}`)
      .filter((what) => !proxy.seen.has(what) && what !== "stageMaster 404"), // before a scaler ever acted
  );

process.on("exit", () => {
  for (const { request, answer, rules } of proxy.broken.slice(0, 10)) {
    console.log(`NOT DOCUMENTED: ${rules.join("; ")}\n${request}\n${answer.status} ${JSON.stringify(answer.headers)}\n${answer.body.slice(0, 3000)}`);
  }
  const missing = process.env.EVERY ? unseen() : [];
  if (missing.length > 0) console.log(`NEVER ANSWERED: ${missing.join(", ")}`);
  if (proxy.broken.length + missing.length > 0) process.exitCode = 1;
});

process.env.GATEWAY_URL = proxy.url;
await import(process.env.PROGRAM);
