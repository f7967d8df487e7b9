// What is there for programs and pages rather than for a call.
import assert from "node:assert/strict";
import { request } from "node:http";
import { gateway } from "./client.mjs";

function read(path, headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: gateway.hostname, port: gateway.port, path, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

export async function the_files_are_served_and_once_is_enough() {
  for (const [path, type, content] of [
    ["/openapi.json", /^application\/json/, /^\{"openapi":"3\.1\.\d"/],
    ["/fullhouse.js", /^text\/javascript/, /export class Viewer/],
  ]) {
    const first = await read(path);
    assert.equal(first.status, 200, path);
    assert.match(first.headers["content-type"], type);
    assert.match(first.text, content);
    assert.equal((await read(path, { "If-None-Match": first.headers.etag })).status, 304);
  }
}
