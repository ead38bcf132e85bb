/** The maps as `packed.ts` describes and unpacks them. */
export const packedMaps: () => readonly unknown[];
