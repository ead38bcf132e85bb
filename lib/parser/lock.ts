import type { BaselineLock } from '../../types/lock.ts';
import type { ReadOptions } from '../../types/options.ts';
import { asText } from '../issues/given.ts';
import { LibvirtXmlError } from '../issues/issues.ts';
import { optionsOf, READ } from '../issues/options.ts';
import { isRecord } from '../text/json.ts';
import { isLock } from '../text/lock-shape.ts';

/**
 * A locked baseline, read from the JSON it was kept as.
 *
 * @throws LibvirtXmlError (`bad-lock`) for anything else, and for a lock of a later version of this library.
 * @example
 * parseLock('{"lockVersion": 1, "common": ["pcid"], "hosts": []}').common; // → ['pcid']
 */
export function parseLock(text: string, options: ReadOptions = {}): BaselineLock {
  const { file } = optionsOf(options, READ);
  asText(text, 'the lock');
  const fail = (reason: string): LibvirtXmlError => {
    const hint = 'Write it anew: virt-migratable baseline … --lock FILE';
    return new LibvirtXmlError('bad-lock', reason, { text, offset: 0, file, hint });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fail(`this is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isRecord(value) || !('lockVersion' in value)) throw fail('this is no locked baseline');
  if (value['lockVersion'] !== 1)
    throw fail(`this lock is of version ${String(value['lockVersion'])}, which is not known here`);
  if (!isLock(value)) throw fail('this locked baseline is not whole');
  return value;
}
