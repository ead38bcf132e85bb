export { XMLParser } from 'fast-xml-parser';
export { fragment } from 'xmlbuilder2';
