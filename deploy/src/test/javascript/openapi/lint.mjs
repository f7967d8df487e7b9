// The OpenAPI document of a running gateway, as two others see it: it is valid by the schema that the
// OpenAPI Initiative publishes, and has neither an error nor a warning in the strictest set of rules.
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";

// What the linter says and is not so, with the reason.
const EXCUSED = ["operation-2xx-response #/paths/~1ws/get/responses"]; // a WebSocket's success is 101

const source = await (await fetch(`${process.env.GATEWAY_URL}/openapi.json`)).text();

const { valid, errors } = await new Validator().validate(JSON.parse(source));
for (const { instancePath, message } of errors ?? []) console.log("schema:", instancePath, message);

const config = await createConfig({ extends: ["recommended-strict"] });
const found = await lintFromString({ source, config, absoluteRef: "openapi.json" });
const problems = found.filter(({ ruleId, location }) => !EXCUSED.includes(`${ruleId} ${location[0]?.pointer}`));
if (found.length - problems.length !== EXCUSED.length) problems.push({ message: "an excuse that nobody needs" });
for (const { severity, ruleId, message, location } of problems) {
  console.log(`${severity}: ${ruleId}: ${message} at ${location?.[0]?.pointer}`);
}

if (!valid || problems.length > 0) process.exit(1);
console.log(`all of it: ${Object.keys(JSON.parse(source).paths).length} paths`);
