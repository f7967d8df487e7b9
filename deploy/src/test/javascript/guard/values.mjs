// Values that a schema of the document allows, made by chance.
const LETTERS = [..."abcxyzABCXYZ0189-_. éßЖ中🎪"];

export class Values {
  #document;
  #chance;
  #known;

  /**
   * @param known gives a value that was learned for a field or parameter of that name, or undefined
   */
  constructor(document, chance, known) {
    this.#document = document;
    this.#chance = chance;
    this.#known = known;
  }

  /** One for the field or parameter of that name, whose schema stands `at` a place of the document. */
  of(name, schema, at) {
    const { value: said, at: place } = this.#document.resolve(schema, at);
    const learned = this.#chance.is(0.8) ? this.#known(name) : undefined;
    if (learned !== undefined && !this.#document.misfit(place, learned)) return learned;
    if ("const" in said) return said.const;
    if (said.enum) return this.#chance.one(said.enum);
    for (const kinds of ["oneOf", "anyOf"]) {
      const index = said[kinds] && this.#chance.below(said[kinds].length);
      if (said[kinds]) return this.of(name, said[kinds][index], `${place}/${kinds}/${index}`);
    }
    return this.#ofType(name, said, place);
  }

  #ofType(name, said, at) {
    const type = Array.isArray(said.type) ? this.#chance.one(said.type) : said.type;
    if (type === "object") return this.#object(said, at);
    if (type === "array") return Array.from({ length: this.#chance.below(3) }, () => this.of(name, said.items, `${at}/items`));
    if (type === "boolean") return this.#chance.is(0.5);
    if (type === "null") return null;
    if (type === "integer" || type === "number") return this.#number({ ...said, type });
    if (type === "string") return this.#text(said, at);
    return this.#example(said) ?? { any: ["thing", 1, null] };
  }

  #object(said, at) {
    const value = {};
    for (const [field, schema] of Object.entries(said.properties ?? {})) {
      const wanted = said.required?.includes(field) || this.#chance.is(0.4);
      if (wanted) value[field] = this.of(field, schema, `${at}/properties/${field}`);
    }
    const more = said.additionalProperties;
    if (typeof more === "object" && this.#chance.is(0.6)) {
      value[`k${this.#chance.below(9)}`] = this.of("", more, `${at}/additionalProperties`);
    }
    return this.#document.misfit(at, value) ? this.#example(said) ?? value : value;
  }

  #number({ minimum = -1e6, maximum = 1e6, type }) {
    const edge = this.#chance.weighed({ least: 1, most: 1, within: 3 });
    if (edge === "least") return minimum;
    if (edge === "most") return maximum;
    const value = minimum + this.#chance.next() * (Math.min(maximum, minimum + 1000) - minimum);
    return type === "integer" ? Math.floor(value) : value;
  }

  #text(said, at) {
    if (said.format === "date-time") return new Date(Date.now() + (this.#chance.next() - 0.4) * 864e5).toISOString();
    const { minLength = 0, maxLength = 40 } = said;
    const length = minLength + this.#chance.below(Math.min(maxLength, minLength + 30) - minLength + 1);
    const text = Array.from({ length }, () => this.#chance.one(LETTERS)).join("");
    return this.#document.misfit(at, text) ? this.#example(said) ?? text : text;
  }

  #example({ examples }) {
    return examples && structuredClone(this.#chance.one(examples));
  }
}
