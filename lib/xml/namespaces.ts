/** The namespace of what the library keeps in a domain's `<metadata>`. A name for it, not an address. */
export const RECORD_NAMESPACE = 'urn:libvirt-migratable:1';

/** The namespace of the mark of a guest that is levelled on arrival. A name for it, not an address. */
export const MARK_NAMESPACE = 'urn:libvirt-migratable:arrival:1';
