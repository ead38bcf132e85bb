import { openRecord } from './record.ts';

export default openRecord;
