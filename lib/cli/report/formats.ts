import { nameList } from '../../text/fold.ts';
import { printable } from '../../text/printable.ts';
import { CommandError } from '../errors.ts';
import { writeYaml } from '../hosts/yaml.cjs';
import type { Arguments } from '../options/parse.ts';
import { printPieces } from '../terminal/pieces.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { json, jsonPieces } from './json.ts';
import type { Result } from './results.ts';
import type { Table } from './table.ts';

/**
 * How a result can be printed: for a terminal, or for programs and documents; or as one report of many guests, for other
 * programs.
 */
export type Format = 'table' | 'wide' | 'json' | 'yaml' | 'markdown' | 'csv' | 'sarif' | 'junit';

/** A result in every form but that of the terminal, each made when it is wanted. */
export interface Formatted {
  readonly facts: () => Result;
  readonly table: (format: 'markdown' | 'csv') => Table;
}

/** The format that a command line asks for; `undefined` for the command's own. */
export function formatOf(args: Arguments): Format | undefined {
  const stated = args.text('output') as Format | undefined;
  const asked = [args.has('json') && 'json', args.has('wide') && 'wide', stated] as const;
  const [format, another] = new Set(asked.filter((one) => one !== false && one !== undefined));
  if (another !== undefined)
    throw new CommandError(
      'contradictory-options',
      `--output ${format ?? ''} and --output ${another} exclude each other`,
    );
  return format;
}

/** Prints a result where a format for programs or documents is asked for; says whether it has. */
export function printed(
  format: Format | undefined,
  { facts, table }: Formatted,
  terminal: Terminal,
): boolean {
  if (format === 'json') printPieces(jsonPieces(facts()), terminal.data);
  else if (format === 'yaml') terminal.data(writeYaml(JSON.parse(json(facts()))));
  else if (format === 'markdown' || format === 'csv') printTable(format, table(format), terminal);
  else return false;
  return true;
}

/** Is every result wanted as data for programs? */
export function isData(format: Format | undefined): boolean {
  return format === 'json' || format === 'yaml';
}

/** Prints a table, as a document or for a spreadsheet. */
export function printTable(format: 'markdown' | 'csv', table: Table, { data }: Terminal): void {
  printPieces(format === 'csv' ? csvLines(table) : markdownLines(table), data);
}

/** Names in one cell: for a document in short, for a program all of them. */
export function namesCell(names: readonly string[], format: 'markdown' | 'csv'): string {
  return format === 'csv' ? names.join(' ') : nameList(names);
}

function* markdownLines({ head, rows }: Table): Generator<string> {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(' | ')} |\n`;
  yield line(head);
  yield `|${' --- |'.repeat(head.length)}\n`;
  for (const row of rows) yield line(row);
}

/** What Markdown would take for an end of the cell, or for marks of its own. */
function markdownCell(text: string): string {
  return printable(text).replaceAll(/[\\|`*_<>[\]]/g, '\\$&');
}

/** As RFC 4180 has it, with the line ends of this system. */
function* csvLines({ head, rows }: Table): Generator<string> {
  const line = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\n`;
  yield line(head);
  for (const row of rows) yield line(row);
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
