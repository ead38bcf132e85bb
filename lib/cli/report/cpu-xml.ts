import type { CpuDefinition } from '../../../types/cpu-definition.ts';

/** A CPU as `virsh cpu-baseline` prints one, in its layout. All values are names that need no escaping. */
export function cpuXml({ model, vendor, fallback, features }: CpuDefinition): string {
  const lines = [
    ...(model === undefined ? [] : [`<model fallback='${fallback}'>${model}</model>`]),
    ...(vendor === undefined ? [] : [`<vendor>${vendor}</vendor>`]),
    ...features.map(({ name, policy }) => `<feature policy='${policy}' name='${name}'/>`),
  ];
  return `<cpu mode='custom' match='exact'>\n${lines.map((line) => `  ${line}\n`).join('')}</cpu>\n`;
}
