// What a page of documentation shows is run: every `sh` block of PAGE with bash, one after the other, and the `json`
// block behind one has fields and types of what was answered. Each operation of the OpenAPI document has a section.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { GATEWAY_URL, SIMULATOR_URL, API_KEY, INTERNAL_SECRET, PAGE } = process.env;
const MARK = "=====";

/** The page's blocks in order, each with its heading. */
function blocks(text) {
  let heading = "";
  let open;
  const found = [];
  for (const line of text.split("\n")) {
    if (open) {
      if (line === "```") open = undefined;
      else open.lines.push(line);
    } else if (/^```\w+$/.test(line)) {
      found.push((open = { heading, kind: line.slice(3), lines: [] }));
    } else if (line.startsWith("#")) {
      heading = line.replace(/^#+ /, "").replaceAll("`", "");
    }
  }
  return found;
}

/** Whatever the page shows must be there, and of that type; what an answer has beyond, the page may leave out. */
function fits(said, told, where) {
  assert.equal(Array.isArray(told), Array.isArray(said), where);
  if (said === null || told === null) return;
  assert.equal(typeof told, typeof said, where);
  if (Array.isArray(said)) {
    if (said.length > 0 && told.length > 0) someFits(said[0], told, `${where}[]`);
  } else if (typeof said === "object") {
    for (const [field, value] of Object.entries(said)) {
      assert(field in told, `${where}.${field} is missing`);
      fits(value, told[field], `${where}.${field}`);
    }
  } else if (typeof said === "boolean" && where === "answer.success") {
    assert.equal(told, said);
  }
}

/** A list may have others before it. */
function someFits(said, list, where) {
  const misfits = list.map((told) => {
    try {
      return fits(said, told, where);
    } catch (error) {
      return error;
    }
  });
  if (misfits.every((each) => each)) throw misfits[0];
}

const wholeOf = async (stream) => {
  let text = "";
  for await (const part of stream.setEncoding("utf8")) text += part;
  return text;
};

/** All at once, so that variables stay; the page's own address and keys are replaced by ours. */
async function run(scripts) {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const own = `host=${GATEWAY_URL} at=${GATEWAY_URL}/api sim=${SIMULATOR_URL}/_sim key='X-API-Key: ${API_KEY}' secret='X-Internal-Secret: ${INTERNAL_SECRET}'`;
  const text = scripts.map((script, index) => `${script}\n${index === 0 ? own : ""}\nprintf '\\n${MARK}\\n'`).join("\n");
  const bash = spawn("bash", ["-u"], { cwd: folder, timeout: 100_000 });
  bash.stdin.end(text);
  const [told, wrong, status] = await Promise.all([
    wholeOf(bash.stdout),
    wholeOf(bash.stderr),
    new Promise((resolve) => bash.on("exit", resolve)),
  ]);
  rmSync(folder, { recursive: true });
  assert.deepEqual([status, wrong], [0, ""], told);
  return told.split(`\n${MARK}\n`);
}

const all = blocks(readFileSync(PAGE, "utf8"));
const { paths } = await (await fetch(`${GATEWAY_URL}/openapi.json`)).json();
const routes = Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`));
const shown = all.filter(({ kind }) => kind === "sh").map(({ heading }) => heading);
for (const route of routes) assert(shown.includes(route), `${PAGE} has no command for ${route}`);
for (const heading of shown.slice(1)) assert(routes.includes(heading), `${PAGE}: there is no route ${heading}`);

/** A busy machine's 503 is asked again, as the client rules say: here from the beginning. */
async function runCalmly(scripts, tries = 3) {
  const outputs = await run(scripts);
  const isBusy = outputs.some((told) => /^\{"success":false.*Redis is not reachable/.test(told));
  return isBusy && tries > 1 ? runCalmly(scripts, tries - 1) : outputs;
}

const outputs = await runCalmly(all.filter(({ kind }) => kind === "sh").map(({ lines }) => lines.join("\n")));
let last = -1;
for (const { heading, kind, lines } of all) {
  if (kind === "sh") last++;
  if (kind !== "json") continue;
  const [said, told] = [lines.join(""), outputs[last]];
  try {
    fits(JSON.parse(said), JSON.parse(told), "answer");
  } catch (error) {
    assert.fail(`${heading} was answered: ${told}\n${error.message}`);
  }
}
console.log(`all of it: ${shown.length} commands`);
process.exit(0); // connections are kept
