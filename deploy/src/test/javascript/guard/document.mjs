// A gateway's OpenAPI document, as the judge of what it answers.
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** Headers that belong to HTTP, to browsers or to the connection: no operation has to document them. */
const GENERAL = new Set(
  `access-control-allow-headers access-control-allow-methods access-control-allow-origin access-control-expose-headers
  access-control-max-age cache-control connection content-encoding content-length content-security-policy content-type
  cross-origin-resource-policy date keep-alive last-modified referrer-policy sec-websocket-accept transfer-encoding upgrade
  vary x-accel-buffering x-content-type-options x-frame-options`.split(/\s+/),
);

const METHODS = ["get", "post", "put", "delete", "patch"];
const escaped = (key) => key.replaceAll("~", "~0").replaceAll("/", "~1");
const essence = (type) => (type ?? "").split(";")[0].trim().toLowerCase();

function parsed(text) {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return {};
  }
}

export class Document {
  #ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
  #validators = new Map();
  #templates;
  #broadcast;

  constructor(json, broadcast = "main") {
    this.json = json;
    this.#broadcast = broadcast;
    addFormats(this.#ajv);
    for (const [format, most] of [["int32", 2 ** 31 - 1], ["int64", Number.MAX_SAFE_INTEGER]]) {
      this.#ajv.addFormat(format, { type: "number", validate: (n) => Number.isInteger(n) && Math.abs(n) <= most });
    }
    this.#ajv.addSchema(json, "document");
    const literals = (path) => path.replace(/\{[^}]+\}/g, "").length;
    this.#templates = Object.keys(json.paths)
      .sort((a, b) => literals(b) - literals(a))
      .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{[^}]+\}/g, ".+")}$`) }));
  }

  /** What a reference leads to, and where it stands; anything else as it is. */
  resolve(value, at) {
    if (!value?.$ref) return { value, at };
    const target = value.$ref.slice(2).split("/");
    const found = target.reduce((node, key) => node[key.replaceAll("~1", "/").replaceAll("~0", "~")], this.json);
    return this.resolve(found, value.$ref);
  }

  /** All operations: method, path, what is said of them, and where. */
  operations() {
    return Object.entries(this.json.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map((method) => this.#operation(path, method)),
    );
  }

  #operation(path, method) {
    const at = `#/paths/${escaped(path)}/${method}`;
    return { path, method: method.toUpperCase(), said: this.json.paths[path][method], at };
  }

  /** The operation that a request means; nothing when the document has none. */
  find(method, target) {
    const path = target.split("?")[0].replace(/;[^/]*/g, "").replace(/(.)\/$/, "$1");
    const twin = /^\/api\/b\/([^/]+)(\/.*)$/.exec(path);
    if (twin && (twin[1] !== this.#broadcast || twin[2].startsWith("/b/"))) return undefined;
    const own = twin ? `/api${twin[2]}` : path;
    const template = this.#templates.find(({ pattern }) => pattern.test(own))?.path;
    const verb = method === "HEAD" ? "get" : method.toLowerCase();
    return template && this.json.paths[template][verb] ? this.#operation(template, verb) : undefined;
  }

  /** What is wrong with a value at a place of the document where a schema stands; nothing when it fits. */
  misfit(at, value) {
    if (!this.#validators.has(at)) this.#validators.set(at, this.#ajv.compile({ $ref: `document${encodeURI(at)}` }));
    const validate = this.#validators.get(at);
    if (validate(value)) return undefined;
    const { instancePath, message, params } = validate.errors.at(-1);
    return `${instancePath || "it"} ${message} ${JSON.stringify(params)}`;
  }

  /**
   * Whether a request's body is one that the operation takes: undefined when the document cannot say.
   */
  takes(operation, type, body) {
    const { value, at } = this.resolve(operation.said.requestBody, `${operation.at}/requestBody`);
    const content = value?.content?.[essence(type)];
    if (!value || (body === "" && !value.required)) return undefined;
    const { json } = parsed(body);
    if (!content || json === undefined) return false;
    const text = content.schema.contentSchema ? "/contentSchema" : "";
    return !this.misfit(`${at}/content/${escaped(essence(type))}/schema${text}`, json);
  }

  /**
   * The rules of the document that an answer breaks, as text.
   *
   * @param request method, target, headers and body (text) @param answer status, headers and body (text)
   */
  judge(request, answer) {
    if (answer.status === 500) return ["nothing is answered with 500"];
    if (request.method === "OPTIONS") return answer.status < 300 ? [] : this.#refusal(request, answer);
    const operation = this.find(request.method, request.target);
    if (!operation) return this.#refusal(request, answer);
    const { said, at } = operation;
    const documented = said.responses[answer.status];
    if (!documented) {
      const bodiless = !said.requestBody && [413, 415].includes(answer.status);
      return bodiless ? this.#refusal(request, answer) : [`${said.operationId} does not document the status ${answer.status}`];
    }
    const broken = this.#response(documented, `${at}/responses/${answer.status}`, request, answer);
    const json = essence(request.headers["content-type"]) === "application/json";
    const ignored = /"ignored":/.test(answer.body); // events of others, however they look
    if (answer.status < 400 && json && !ignored && this.takes(operation, "application/json", request.body) === false) {
      broken.push(`${said.operationId} does not document that it takes such a body`);
    }
    return broken;
  }

  /** Of a request that the document does not know. */
  #refusal(request, answer) {
    const documented = this.json["x-refusals-elsewhere"][answer.status];
    if (!documented) return [`no operation: ${answer.status} is not among the documented refusals`];
    return this.#response(documented, `#/x-refusals-elsewhere/${answer.status}`, request, answer);
  }

  #response(documented, where, request, answer) {
    const { value, at } = this.resolve(documented, where);
    return [...this.#headers(value, at, answer), ...this.#body(value, at, request, answer)];
  }

  #headers({ headers = {} }, at, answer) {
    const broken = [];
    for (const [name, header] of Object.entries(headers)) {
      const { value: said, at: place } = this.resolve(header, `${at}/headers/${name}`);
      const text = answer.headers[name.toLowerCase()];
      if (text === undefined) {
        if (said.required) broken.push(`the header ${name} is missing`);
        continue;
      }
      const wrong = this.misfit(`${place}/schema`, said.schema.type === "integer" ? Number(text) : text);
      if (wrong) broken.push(`the header ${name}: ${wrong}`);
    }
    const known = Object.keys(headers).map((name) => name.toLowerCase());
    for (const name of Object.keys(answer.headers)) {
      if (!known.includes(name) && !GENERAL.has(name)) broken.push(`the header ${name} is not documented`);
    }
    return broken;
  }

  #body({ content }, at, request, { headers, body }) {
    if (request.method === "HEAD") return body === "" ? [] : ["HEAD has a body"];
    if (!content) return body === "" ? [] : ["no body is documented"];
    const type = essence(headers["content-type"]);
    if (!content[type]) return [`the content type ${type} is not documented`];
    if (type !== "application/json" || content[type].schema.type === "string") return [];
    const { json } = parsed(body);
    if (json === undefined) return ["the body is no JSON"];
    const wrong = this.misfit(`${at}/content/${escaped(type)}/schema`, json);
    return wrong ? [`the body: ${wrong}`] : [];
  }
}
