/**
 * How fast-xml-parser reads: text is kept as written, because numbers, blanks and references are ours to read (its own ways
 * corrupt them). The build asks its copy of the package for no more than this.
 */
export const OPTIONS = {
  preserveOrder: true,
  ignoreAttributes: true,
  trimValues: false,
  parseTagValue: false,
  processEntities: false,
  // The scan has its own, adjustable limit.
  maxNestedTags: 9_007_199_254_740_991,
  cdataPropName: '#cdata',
  textNodeName: '#text',
} as const;
