import type { KubeVirtGuest } from '../../../types/kubevirt.ts';
import type { DomainText } from '../../parser/domain/several.ts';
import type { TextFile } from '../files/read.ts';

/** One guest of a file. */
export interface Guest extends DomainText {
  readonly file: TextFile;
  /** Its number in the file from 1; `undefined` for the only one. */
  readonly number: number | undefined;
  /** Where it is a virtual machine of KubeVirt: `text` is the domain that this means, and no part of the file. */
  readonly manifest?: Manifest;
}

/** A virtual machine of KubeVirt in a file. */
export interface Manifest {
  readonly vm: KubeVirtGuest;
  /** Where the file names it, in UTF-16 units. */
  readonly offset: number;
}
