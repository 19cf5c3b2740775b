import type { OpenAPIObject } from '@nestjs/swagger';
import * as contracts from '@vw/shared-contracts';
import { getMetadataStorage } from 'class-validator';

/** The part of a schema that is looked at here. */
interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
  allOf?: unknown;
  nullable?: boolean;
  enum?: unknown[];
}

interface Operation {
  parameters?: { name: string; schema?: Schema }[];
  requestBody?: { required?: boolean };
}

/** Maps of lists, of which the types tell only that they are lists: by contract and field, what they list. */
const LISTED: Record<string, Record<string, string>> = { MetricCourse: { metrics: 'MetricPoint' } };

/**
 * Mends what the types alone tell wrongly: numbers that validation wants whole, inputs that take no fields but their own, and values that
 * may be anything. A program that keeps to the document is then understood, and understands the answers.
 */
export function declareRules(document: OpenAPIObject): void {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  const whole = new Set<string>();
  for (const [name, contract] of Object.entries(contracts)) {
    if (typeof contract !== 'function') continue;
    const rules = getMetadataStorage().getTargetValidationMetadatas(contract, '', false, false);
    for (const { name: rule, propertyName } of rules) if (rule === 'isInt') whole.add(propertyName);
    const schema = schemas[name];
    if (schema && rules.length > 0) schema.additionalProperties = false;
  }
  for (const [name, { properties = {}, additionalProperties }] of Object.entries(schemas)) {
    for (const [field, property] of Object.entries(properties)) {
      const listed = LISTED[name]?.[field];
      if (listed)
        property.additionalProperties = {
          type: 'array',
          items: { $ref: `#/components/schemas/${listed}` },
        };
      if (additionalProperties === false) declareWhole(field, property, whole);
      declareAnything(property);
      declareNull(property);
    }
  }
  for (const item of Object.values(document.paths) as Record<string, Operation>[]) {
    for (const { parameters = [] } of Object.values(item))
      for (const { name, schema } of parameters) if (schema) declareWhole(name, schema, whole);
    // What is left out stays as it is, and that may be everything.
    if (item['patch']?.requestBody) item['patch'].requestBody.required = false;
  }
}

function declareWhole(field: string, schema: Schema, whole: ReadonlySet<string>): void {
  if (schema.type === 'number' && whole.has(field)) schema.type = 'integer';
}

/** OpenAPI 3.0 wants null named among the words, too. */
function declareNull(schema: Schema): void {
  if (schema.nullable && schema.enum && !schema.enum.includes(null)) schema.enum.push(null);
}

/** What TypeScript calls `unknown` is told as an object without any fields. */
function declareAnything(schema: Schema): void {
  const isBare = !schema.properties && !schema.allOf && schema.additionalProperties === undefined;
  if (schema.type === 'object' && isBare) delete schema.type;
}
