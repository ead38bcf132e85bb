import type { OptionSpec } from '../options/spec.ts';
import { argumentOf, COMMAND_NAMES, optionsOf } from '../options/table.ts';
import { OF_ONE_CALL } from './one-call.ts';

/** A JSON Schema, or a part of one. */
type Schema = Readonly<Record<string, unknown>>;

const TEXT_OR_NUMBER: Schema = { type: ['string', 'number'] };
const TEXTS: Schema = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };

/** The JSON Schema of the configuration file, for editors: its options are those of the option table. */
export function configSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'The configuration file of virt-migratable (virt-migratable.json or .yaml)',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      hosts: {
        description:
          'files, directories, patterns and URIs, as behind --host, or these by name; paths are relative to this file',
        anyOf: [
          ...(TEXTS['anyOf'] as readonly Schema[]),
          { type: 'object', propertyNames: { pattern: '^[^=/]*$' }, additionalProperties: TEXTS },
        ],
      },
      options: {
        description: 'options that the command line does not have to state, without their dashes',
        type: 'object',
        additionalProperties: false,
        properties: optionSchemas(),
      },
    },
  };
}

/** Options of several commands may have one name; what one of them takes is right. */
function optionSchemas(): Schema {
  const all = COMMAND_NAMES.flatMap((command) => optionsOf(command));
  const names = [...new Set(all.map(({ name }) => name))].filter((name) => !OF_ONE_CALL.has(name)).sort();
  return Object.fromEntries(
    names.map((name) => {
      const options = [...new Set(all.filter((option) => option.name === name))];
      const [first] = options;
      const description = first?.help.replaceAll('`', '');
      const values = [...new Map(options.map(valueSchema).map((one) => [JSON.stringify(one), one])).values()];
      const [only = {}, another] = values;
      return [name, { description, ...(another === undefined ? only : { anyOf: values }) }];
    }),
  );
}

function valueSchema(option: OptionSpec): Schema {
  if (argumentOf(option) === undefined) return { type: 'boolean' };
  const one = oneValue(option);
  return option.repeats === true ? { anyOf: [one, { type: 'array', items: one }] } : one;
}

function oneValue({ choices, most }: OptionSpec): Schema {
  if (choices !== undefined) return { enum: choices };
  return most === undefined ? TEXT_OR_NUMBER : { type: 'integer', minimum: 1, maximum: most };
}
