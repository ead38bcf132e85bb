import type { ReadOptions } from '../../../types/options.ts';
import type { VirtioFeatures } from '../../../types/virtio.ts';
import { LibvirtXmlError } from '../../issues/issues.ts';
import { asText } from '../../issues/given.ts';
import { optionsOf, READ } from '../../issues/options.ts';
import { frozen } from '../../text/frozen.ts';
import { isNames } from '../../text/json.ts';
import { remembered } from '../../text/remembered.ts';
import { looksLikeJson, readJson, type JsonObject, type JsonValue } from '../json.ts';
import { isObject } from './json-values.ts';

/** Where a problem would be shown. */
interface Source {
  readonly text: string;
  readonly file: string | undefined;
}

/** One statement of a document: what a kind of device offers, or which properties QEMU has for it. */
interface Statement {
  readonly device: string;
  readonly kind: 'offered' | 'properties';
  readonly names: readonly string[];
}

const NET = 'virtio-net';

/** Features whose QEMU property is not the feature's own name. */
const PROPERTY: Readonly<Record<string, string>> = {
  access_platform: 'iommu_platform',
  hash_report: 'hash',
  mtu: 'host_mtu',
  ring_packed: 'packed',
  ring_reset: 'queue_reset',
  rsc_ext: 'guest_rsc_ext',
};

/**
 * Bits that an older QEMU gives as a number, having no name for them yet: those a host's kernel or a newer device may
 * bring. @see https://docs.oasis-open.org/virtio/virtio/v1.3/virtio-v1.3.html (5.1.3 and 6)
 */
const BITS: Readonly<Record<number, string>> = {
  33: 'iommu_platform',
  34: 'packed',
  35: 'in_order',
  36: 'order_platform',
  37: 'sr_iov',
  38: 'notification_data',
  39: 'notif_config_data',
  40: 'queue_reset',
};
const NET_BITS: Readonly<Record<number, string>> = {
  51: 'device_stats',
  52: 'hash_tunnel',
  53: 'vq_notf_coal',
  54: 'guest_uso4',
  55: 'guest_uso6',
  56: 'host_uso',
  57: 'hash',
  59: 'guest_hdrlen',
  60: 'rss',
  61: 'guest_rsc_ext',
  62: 'standby',
  63: 'speed_duplex',
};

/** Bits of the connection to a vhost-user process: no guest sees them. */
const NOT_OFFERED: ReadonlySet<string> = new Set(['vhost_user_f_protocol_features', 'protocol_features']);

/**
 * What a host's virtio devices offer, from the answers of its QEMU to QMP's `x-query-virtio-status` (and, to know
 * which properties it has, `device-list-properties`), one to a line or alone; from JSON such as
 * `{"virtio-net": ["guest_uso4"]}`; or from a plain list of what a network device offers, one name to a line.
 *
 * @throws LibvirtXmlError: `bad-virtio` for a text that says nothing of any feature, `bad-json` for JSON that is none.
 * @see https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html
 * @example
 * parseVirtioFeatures('VIRTIO_NET_F_GUEST_USO4\ncsum').offered; // → { 'virtio-net': ['csum', 'guest_uso4'] }
 */
export function parseVirtioFeatures(text: string, options: ReadOptions = {}): VirtioFeatures {
  const { file } = optionsOf(options, READ);
  const source: Source = { text: asText(text, 'the answer'), file };
  const statements = looksLikeJson(text)
    ? readJson(text, { ...(file !== undefined && { file }), bigIntegers: 'text' }).flatMap(({ value }) =>
        statementsOf(value),
      )
    : [listed(source)];
  if (statements.length > 0)
    return Object.freeze({
      offered: byDevice(statements, 'offered'),
      properties: byDevice(statements, 'properties'),
    });
  throw fail(
    source,
    'no answer here says what a device offers',
    'Ask QMP x-query-virtio for the paths of the devices, then x-query-virtio-status for each.',
  );
}

function byDevice(
  statements: readonly Statement[],
  kind: Statement['kind'],
): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, Set<string>>();
  for (const { device, names } of statements.filter((one) => one.kind === kind)) {
    const all = remembered(found, device, () => new Set());
    for (const name of names) all.add(name);
  }
  return frozen(Object.fromEntries([...found].map(([device, names]) => [device, [...names].sort()])));
}

function statementsOf(document: JsonValue): readonly Statement[] {
  if (Array.isArray(document)) return fromList(document as readonly JsonValue[]);
  if (!isObject(document)) return [];
  const answer = document.get('return');
  if (answer !== undefined) return statementsOf(answer);
  const [offered, name] = [document.get('host-features'), document.get('name')];
  if (isObject(offered) && typeof name === 'string') return [fromStatus(name, offered)];
  return [...document].flatMap(([device, names]): Statement[] =>
    isNames(names) ? [{ device, kind: 'offered', names: featureNames(names) }] : [],
  );
}

/** Properties, if these are of a network device; or several answers in one list. */
function fromList(list: readonly JsonValue[]): readonly Statement[] {
  const names = list.flatMap((one) => {
    const name = isObject(one) && one.has('type') ? one.get('name') : undefined;
    return typeof name === 'string' ? [name] : [];
  });
  if (names.length === 0) return list.flatMap(statementsOf);
  return names.includes('host_mtu') || names.includes('mrg_rxbuf')
    ? [{ device: NET, kind: 'properties', names }]
    : [];
}

function fromStatus(device: string, offered: JsonObject): Statement {
  const names = ['dev-features', 'transports', 'transport-features'].flatMap((key) => {
    const found = offered.get(key);
    return isNames(found) ? found : [];
  });
  const unknown = [...offered].flatMap(([key, bits]) =>
    key.startsWith('unknown-') && isInteger(bits) ? unnamed(device, BigInt(bits)) : [],
  );
  return { device, kind: 'offered', names: [...featureNames(names), ...unknown] };
}

/** Feature bits go up to 63, beyond what a JavaScript number holds: the largest come as their digits. */
function isInteger(value: JsonValue): value is number | string {
  return typeof value === 'number'
    ? Number.isInteger(value)
    : typeof value === 'string' && /^\d+$/.test(value);
}

/** Names for the bits of a number that QEMU has none for. */
function unnamed(device: string, bits: bigint): readonly string[] {
  const known = device === NET ? { ...BITS, ...NET_BITS } : BITS;
  return Array.from({ length: 64 }, (_, bit) => bit)
    .filter((bit) => (bits >> BigInt(bit)) % 2n === 1n)
    .map((bit) => known[bit] ?? `bit-${bit}`);
}

function listed(source: Source): Statement {
  const lines = source.text.split('\n');
  const wrong = lines.findIndex((line) => !/^[\w-]*$/.test(nameIn(line)));
  const names = lines.map(nameIn).filter((name) => name !== '');
  if (wrong === -1 && names.length > 0) return { device: NET, kind: 'offered', names: featureNames(names) };
  const offset = lines.slice(0, Math.max(0, wrong)).join('\n').length + (wrong > 0 ? 1 : 0);
  throw fail(
    source,
    'this is no list of features',
    'Write one name to a line, or give the answers of QMP.',
    offset,
  );
}

/** What stands in a line before a colon or a comment. */
function nameIn(line: string): string {
  const end = [line.indexOf(':'), line.indexOf('#')].filter((at) => at !== -1);
  return line.slice(0, Math.min(line.length, ...end)).trim();
}

/** `VIRTIO_NET_F_GUEST_USO4: what it means` → `guest_uso4`. */
function featureNames(names: readonly string[]): readonly string[] {
  return names
    .map((name) => nameIn(name).toLowerCase())
    .filter((name) => !NOT_OFFERED.has(name))
    .map((name) => name.replace(/^virtio_(?:[a-z\d]+_)?f_/, ''))
    .map((name) => PROPERTY[name] ?? name);
}

function fail({ text, file }: Source, reason: string, hint: string, offset = 0): LibvirtXmlError {
  return new LibvirtXmlError('bad-virtio', reason, { text, offset, file, hint });
}
