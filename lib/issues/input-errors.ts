import type { InputErrorCode } from '../../types/issue.ts';

/** Why input with this code is refused, and what to do; `LibvirtXmlError` has the place and the reason in detail. */
export const INPUT_ERRORS: Readonly<
  Record<InputErrorCode, { readonly meaning: string; readonly whatToDo: string }>
> = {
  'bad-encoding': {
    meaning: 'The document is not UTF-8, or an earlier program replaced bytes that were not.',
    whatToDo: 'Use the bytes that virsh printed.',
  },
  'bad-feature-name': {
    meaning: 'A `<feature>` has no name, or one that no CPU feature can have.',
    whatToDo: 'Correct the name.',
  },
  'bad-fold': {
    meaning: 'A line is no profile or fold of hosts, or one of another version.',
    whatToDo: 'Make it anew with `virt-migratable profile` and `virt-migratable fold`.',
  },
  'bad-host': {
    meaning: 'A value in place of a host is none: a Buffer, a text, a plain object.',
    whatToDo: 'Make hosts with `parseHost`, or with `hostFromFeatures` from sets that you hold already.',
  },
  'bad-json': {
    meaning: 'The document begins like JSON and is none, or has a key twice.',
    whatToDo: 'Use the output as it was printed, one JSON document after the other.',
  },
  'bad-lock': {
    meaning: 'The file is no locked baseline, or one of another version.',
    whatToDo: 'Lock the baseline again.',
  },
  'bad-map': {
    meaning: 'A CPU map has no `index.xml`, lacks a file that it includes, or contradicts itself.',
    whatToDo: 'Use a directory as libvirt installs it: `/usr/share/libvirt/cpu_map`.',
  },
  'bad-virtio': {
    meaning: 'The document does not tell what virtio devices offer.',
    whatToDo:
      'Use the answers of QEMU to `x-query-virtio-status` (about a throw-away guest: some versions of QEMU abort the guest that they are asked about) and `device-list-properties`, or feature names, one to a line.',
  },
  'bad-xml': {
    meaning: 'The document is not well-formed XML.',
    whatToDo: 'Correct the place that the message shows. A file that ends too early was cut off.',
  },
  'bad-yaml': {
    meaning: 'The text is YAML, and either no reader of YAML was given or the reader refused it.',
    whatToDo: 'Use JSON (`-o json`), or give the library a reader of YAML (`yaml`).',
  },
  doctype: {
    meaning: 'The document has a DOCTYPE. libvirt writes none, and entities that it defines can do harm.',
    whatToDo: 'Remove the DOCTYPE.',
  },
  'duplicate-feature': {
    meaning: 'A CPU names one feature twice. libvirt refuses it too.',
    whatToDo: 'Keep one of the lines.',
  },
  'empty-document': {
    meaning: 'The document holds no element.',
    whatToDo: 'Check that the command that should have written the file succeeded.',
  },
  'foreign-name': {
    meaning:
      'A name is in a namespace (`q:policy`), and libvirt reads it all the same as one of its own: it looks at the part behind the colon alone. Or a `<domains>` declares a prefix, which none of its domains has by itself.',
    whatToDo:
      'Remove the attribute or element, or give it another name behind the colon; declare a prefix in each `<domain>` that uses it.',
  },
  'invalid-value': {
    meaning: 'An attribute or a number has a value that libvirt does not accept.',
    whatToDo: 'Use one of the values that the message names.',
  },
  'no-cpu-model': {
    meaning: 'The CPU states no model, or the document no CPU.',
    whatToDo: 'Use the whole output of `virsh domcapabilities`, or the answer of QEMU for the model `host`.',
  },
  'not-a-host': {
    meaning: 'The text is something that is known here and describes no host.',
    whatToDo: 'Use the command that the message names.',
  },
  'not-text': {
    meaning: 'A value in place of a text is none, such as a Buffer.',
    whatToDo: "Decode it: `buffer.toString('utf8')`.",
  },
  'repeated-element': {
    meaning:
      'There are several elements of a name of which libvirt reads one only, without a word on the others.',
    whatToDo: 'Keep one of them.',
  },
  'reserved-name': {
    meaning: 'An element or attribute has a name that JavaScript gives a meaning of its own.',
    whatToDo: 'Remove it. libvirt has no such name.',
  },
  'too-deep': {
    meaning: 'Elements or values are nested deeper than the limit (`maxDepth`, `--max-depth`).',
    whatToDo: 'Raise the limit if you trust the document.',
  },
  'too-large': {
    meaning: 'The document is longer than the limit (`maxLength`, `--max-length`).',
    whatToDo: 'Raise the limit if you trust the document.',
  },
  'two-cpus': {
    meaning: 'The document has a second `<cpu>`, so it is not clear which one counts.',
    whatToDo: 'Keep one of them.',
  },
  'unknown-arch': {
    meaning: 'The architecture is not stated, or none that libvirt has.',
    whatToDo: 'Add or correct `<arch>`.',
  },
  'unknown-feature': {
    meaning: 'A document of a host names a feature that the CPU map of its libvirt version does not have.',
    whatToDo: 'State the libvirt version of that host; for a newer or patched libvirt, give its own CPU map.',
  },
  'unknown-format': {
    meaning: 'The text is neither XML nor JSON nor YAML, nor any other description of a host that is known.',
    whatToDo:
      'Use the output of `virsh domcapabilities`; `virt-migratable help hosts` lists everything that can be read.',
  },
  'unknown-model': {
    meaning: 'A document of a host names a model that the CPU map of its libvirt version does not have.',
    whatToDo: 'State the libvirt version of that host; for a newer or patched libvirt, give its own CPU map.',
  },
  'unknown-vendor': {
    meaning: 'A document of a host names a vendor that libvirt does not know.',
    whatToDo: 'Correct the name, or give the CPU map of that host.',
  },
  'vendor-mismatch': {
    meaning:
      'One document holds several CPUs that cannot be one host: other vendor, architecture or type of guest.',
    whatToDo: 'Give each host a file of its own.',
  },
  'wrong-root': {
    meaning: 'The document is about something else: another root element, or one CPU model of QEMU.',
    whatToDo: 'Use one of the documents that the message names.',
  },
};
