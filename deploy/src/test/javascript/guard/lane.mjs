// One random client: makes requests of the document's operations, learns from what is answered, spoils some requests,
// and undoes what would leave nothing to ask for. The same seed asks the same of a house that answers the same.
import { Chance } from "./chance.mjs";
import { spoil } from "./spoil.mjs";
import { Values } from "./values.mjs";

/** Those that wait for the scaler are asked less often, those that need what others gave more often. */
const WEIGHTS = { viewerHeartbeat: 6, viewerLeave: 4, viewerRejoin: 4, tokenViewer: 6, tokenPublisher: 2 };
const WAITS = new Set(["stageCreate", "stageRename", "stageDelete", "replicationStart", "replicationStop"]);

/** What takes something away for good, and the request that gives it back. */
const UNDO = {
  doorsDoors: ({ open }) => open === false && ["PUT", "/api/doors", { open: true }],
  broadcastEnd: () => ["DELETE", "/api/broadcast/end"],
  publisherOffline: () => ["POST", "/api/token/publisher", { userId: "ann" }],
  scalerMode: ({ mode }) => mode === "hold" && ["PUT", "/api/scaler/mode", { mode: "auto" }],
  scalerFloor: ({ seats }) => seats > 0 && ["PUT", "/api/scaler/floor", { seats: 0 }],
  moderationBan: ({ userId }) => ["DELETE", "/api/viewer/ban", { userId }],
};

const SEATS = 4;
const ALIKE = { sourceStageArn: "stageArn", destinationStageArn: "stageArn", stage: "stageArn", stageId: "stageArn", arn: "stageArn" };

export class Lane {
  #document;
  #chance;
  #send;
  #credentials;
  #operations;
  #weights;
  #values;
  #known = { userId: [], stageArn: [], participantId: [], seat: [], cursor: [] };
  #undo = [];
  #name;
  #users = 0;

  /**
   * @param send passes a request on and answers status and json
   * @param credentials `keys`, the first of which may do everything; `internal`; `secret`, kid and secret of the seats
   */
  constructor(document, name, seed, send, credentials) {
    this.#document = document;
    this.#chance = new Chance(seed);
    this.#name = name;
    this.#send = send;
    this.#credentials = credentials;
    this.#operations = Object.fromEntries(document.operations().map((each) => [each.said.operationId, each]));
    const ids = Object.keys(this.#operations);
    for (const id of [...Object.keys(UNDO), ...Object.keys(WEIGHTS), ...WAITS]) if (!ids.includes(id)) throw new Error(`no operation ${id}`);
    this.#weights = Object.fromEntries(ids.map((id) => [id, WAITS.has(id) ? 0.05 : (WEIGHTS[id] ?? 1)]));
    this.#values = new Values(document, this.#chance, (field) => this.#learned(field));
  }

  #learned(field) {
    if (field === "userId" && this.#chance.is(0.5)) return `${this.#name}-${++this.#users}`;
    const list = this.#known[ALIKE[field] ?? field];
    return list?.length > 0 ? this.#chance.one(list) : undefined;
  }

  /** One request and its answer. */
  async step() {
    const due = this.#undo.findIndex(({ at }) => --at.left <= 0);
    if (due >= 0) return this.#ask(this.#plain(...this.#undo.splice(due, 1)[0].request));
    const seats = this.#known.seat;
    if (seats.length > SEATS) return this.#ask(this.#plain("POST", "/api/viewer/leave", { seat: seats.shift() }));
    const operation = this.#operations[this.#chance.weighed(this.#weights)];
    const request = this.#request(operation);
    if (this.#chance.is(0.4)) request.spoilt = spoil(request, this.#chance, this.#credentials);
    return this.#ask(request);
  }

  /** Gives everything back: no seat, nothing closed. */
  async end() {
    for (const { request } of this.#undo) await this.#ask(this.#plain(...request));
    for (const seat of this.#known.seat) await this.#ask(this.#plain("POST", "/api/viewer/leave", { seat }));
  }

  #plain(method, path, body) {
    const headers = { "x-api-key": this.#credentials.keys[0], "content-type": "application/json" };
    return { method, path, query: [], headers: path.includes("/viewer/leave") ? { "content-type": "text/plain" } : headers, body };
  }

  #request({ path, method, said, at }) {
    const request = { operation: said.operationId, method, path, query: [], headers: {} };
    (said.parameters ?? []).forEach((reference, index) => {
      const { value: parameter, at: place } = this.#document.resolve(reference, `${at}/parameters/${index}`);
      if (!parameter.required && !this.#chance.is(0.3)) return;
      const text = String(this.#values.of(parameter.name, parameter.schema, `${place}/schema`));
      if (parameter.in === "header" && /^[\x20-\x7e]*$/.test(text)) request.headers[parameter.name.toLowerCase()] = text;
      if (parameter.in === "query") request.query.push([parameter.name, encodeURIComponent(text)]);
      if (parameter.in === "path") request.path = path.replace(`{${parameter.name}}`, encodeURIComponent(this.#shortened(text)));
    });
    this.#addBody(request, said, at);
    this.#addProof(request, said);
    return request;
  }

  #shortened(text) {
    return text.startsWith("arn:") && this.#chance.is(0.5) ? text.slice(text.indexOf("/") + 1) : text;
  }

  #addBody(request, said, at) {
    const { value, at: place } = this.#document.resolve(said.requestBody, `${at}/requestBody`);
    if (!value || (!value.required && this.#chance.is(0.2))) return;
    const types = Object.keys(value.content);
    const json = types.find((type) => value.content[type].schema.$ref) ?? types[0];
    request.body = this.#values.of("", value.content[json].schema, `${place}/content/${json.replace("/", "~1")}/schema`);
    request.headers["content-type"] = this.#chance.one(types);
  }

  #addProof({ headers, body }, { security = [] }) {
    const way = security.length > 0 ? this.#chance.one(security) : {};
    const { keys, internal } = this.#credentials;
    if (way.apiKey) headers["x-api-key"] = keys[0];
    if (way.internalSecret) headers["x-internal-secret"] = internal;
    const seat = this.#known.seat.length > 0 ? this.#chance.one(this.#known.seat) : "v1.x.y.z";
    if (way.seat) headers.authorization = `Bearer ${seat}`;
    if (body?.seat && way.apiKey) delete body.seat;
    if ((way.seat || body?.seat) && this.#chance.is(0.8)) ["userId", "stageArn", "participantId"].forEach((field) => delete body?.[field]);
  }

  async #ask(request) {
    const { path, query, body, raw } = request;
    const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const target = path + (query.length > 0 ? `?${query.map((pair) => pair.join("=")).join("&")}` : "");
    const answer = await this.#send({ ...request, target, text });
    if (answer.status < 400) this.#learn(request, answer.json?.data);
    return answer;
  }

  #learn({ operation, method, path, body }, data) {
    if (operation === "viewerLeave" || path === "/api/viewer/leave") this.#forgetSeat(body?.seat);
    if (method !== "GET") {
      const undo = UNDO[operation]?.(body ?? {});
      if (undo) this.#undo.push({ request: undo, at: { left: 5 + this.#chance.below(15) } });
    }
    this.#collect(data);
  }

  #forgetSeat(seat) {
    this.#known.seat = this.#known.seat.filter((each) => each !== seat);
  }

  #collect(value) {
    if (Array.isArray(value)) return value.slice(0, 5).forEach((each) => this.#collect(each));
    if (value === null || typeof value !== "object") return undefined;
    for (const [field, each] of Object.entries(value)) {
      if (typeof each === "string") this.#remember(field, each);
      else this.#collect(each);
    }
    return undefined;
  }

  #remember(field, value) {
    const list = this.#known[/^next(Cursor|Token)$/.test(field) ? "cursor" : field];
    if (!list || list.includes(value)) return;
    list.push(value);
    if (field !== "seat" && list.length > 12) list.splice(this.#chance.below(list.length), 1);
  }
}
