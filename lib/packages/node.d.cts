export { XMLParser } from 'fast-xml-parser';
export { coerce, compare } from 'semver';
export { fragment } from 'xmlbuilder2';
