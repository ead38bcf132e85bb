import type { RecordedChange, RecordedOf } from '../../types/record.ts';
import { FEATURE_NAME } from '../cpu/names.ts';
import { MARK_NAMESPACE, QEMU_NAMESPACE } from '../xml/namespaces.ts';

const INTERFACE = /^devices\/interface(?:\[[^\]/]+\])?$/;
const DRIVER = /^devices\/interface(?:\[[^\]/]+\])?\/driver(?:\/(?:host|guest))?$/;
const SWITCH = /^(?:event_idx|iommu|packed|rss|rss_hash_report|csum|gso|tso4|tso6|ecn|ufo|mrg_rxbuf)$/;
const COMMAND_LINE = /^[\w.-]+:commandline(?:\[\d+\])?$/;
const ARGUMENT = /^[\w.-]+:commandline(?:\[\d+\])?\/[\w.-]+:arg(?:\[\d+\])?$/;
/** An argument that a rewrite hands to QEMU. */
const HANDED =
  /^(?:-global|virtio-[\w-]+\.[\w-]+=off|(?:host|max)-x86_64-cpu\.(?:[\w.-]+=off|(?:family|model|stepping)=\d+))$/;
/** The same as an element, which a rewrite takes out of the list of another host. */
const HANDED_ELEMENT =
  /^\s*<[\w.-]+:arg\s+value\s*=\s*(['"])(?:-global|(?:host|max)-x86_64-cpu\.[\w.-]+=off)\1\s*(?:\/>|>\s*<\/[\w.-]+:arg\s*>)$/;
const MARK = /^metadata\/arrival:levelled(?:\[\d+\])?$/;
const MARKED = /^[\w. -]*$/;
const MODE = /^(?:custom|host-model|host-passthrough|maximum)$/;

/** What libvirt reads together, however many there are. */
const SEVERAL = /^(features|devices)\[\d+\]/;

type Attribute = RecordedOf<'attribute'>;

/** Attributes that a rewrite writes, by where they stand and what they are called, with what it writes there. */
const ATTRIBUTES: Readonly<Record<string, (change: Attribute) => boolean>> = {
  'cpu mode': ({ value, replaced }) =>
    value === 'custom'
      ? replaced === undefined || MODE.test(replaced)
      : // What a host-model CPU becomes that is levelled on arrival.
        replaced === 'host-model' && (value === 'host-passthrough' || value === 'maximum'),
  'cpu match': ({ value }) => value === 'exact',
  'cpu check': ({ value }) => /^(?:full|none|partial)$/.test(value ?? ''),
  'cpu migratable': ({ value, replaced }) =>
    value === 'on' || (value === undefined && replaced !== undefined),
  'cpu/model fallback': ({ value, replaced }) => value === 'forbid' && replaced === undefined,
  'cpu/model vendor_id': ({ replaced }) => replaced === undefined,
  'cpu/maxphysaddr mode': isNew,
  'cpu/maxphysaddr limit': isNew,
  'cpu/maxphysaddr bits': isNew,
  'os/type machine': ({ value, replaced = '' }) => value !== undefined && /^[\w.-]*$/.test(replaced),
  'features/pmu state': ({ value }) => value === 'off',
};

function isNew({ value, replaced }: Attribute): boolean {
  return value !== undefined && replaced === undefined;
}

/**
 * Can a rewrite have written this? Anybody may write a record into a domain's `<metadata>`; undone is only what a
 * rewrite does, at the places where it does it.
 */
export function canBeWritten(recorded: RecordedChange): boolean {
  const change = 'at' in recorded ? { ...recorded, at: recorded.at.replace(SEVERAL, '$1') } : recorded;
  switch (change.kind) {
    case 'feature':
      return FEATURE_NAME.test(change.name);
    case 'attribute':
      return isWrittenAttribute(change);
    case 'element':
      return isWrittenElement(change.at);
    case 'text':
      return change.at === 'cpu/model' && change.replaced === undefined;
    case 'empty':
      return (
        isWrittenInto(change.at) && /^(?:[ \t\r\n]*\/>|>?[ \t\r\n]*<\/[\w:.-]+[ \t\r\n]*>)$/.test(change.xml)
      );
    case 'removed':
      if (COMMAND_LINE.test(change.at)) return HANDED_ELEMENT.test(change.xml);
      return change.at === 'cpu' && REMOVED.test(change.xml);
  }
}

/** An element whose content is text, with what libvirt passes over in it. */
const REMOVED =
  /^\s*<(?:model|maxphysaddr)(?:\s[^<>]*)?(?:\/>|>(?:[^<]|<!--(?:(?!--)[\s\S])*-->|<!\[CDATA\[(?:(?!\]\]>)[\s\S])*\]\]>|<\?(?:(?!\?>)[\s\S])*\?>)*<\/(?:model|maxphysaddr)\s*>)$/;

function isWrittenAttribute(change: Attribute): boolean {
  const { at, name, value, replaced } = change;
  const known = ATTRIBUTES[`${at} ${name}`];
  if (known !== undefined) return known(change);
  if (DRIVER.test(at)) return isSwitchedOff(change);
  if (MARK.test(at)) return isOfMark(change);
  if (at === '') return name.startsWith('xmlns:') && value === QEMU_NAMESPACE && replaced === undefined;
  return ARGUMENT.test(at) && name === 'value' && HANDED.test(value ?? '') && replaced === undefined;
}

function isOfMark({ name, value = '', replaced = '' }: Attribute): boolean {
  if (name === 'xmlns:arrival') return value === MARK_NAMESPACE && replaced === '';
  return name === 'off' && MARKED.test(value) && MARKED.test(replaced);
}

function isSwitchedOff({ name, value, replaced = 'on' }: Attribute): boolean {
  return SWITCH.test(name) && value === 'off' && replaced === 'on';
}

/** Elements that a rewrite puts others into. */
function isWrittenInto(at: string): boolean {
  return at === 'cpu' || INTERFACE.test(at) || isWrittenElement(at);
}

function isWrittenElement(at: string): boolean {
  if (/^(?:metadata|features|features\/pmu|cpu\/model|cpu\/maxphysaddr)$/.test(at)) return true;
  return DRIVER.test(at) || MARK.test(at) || COMMAND_LINE.test(at) || ARGUMENT.test(at);
}
