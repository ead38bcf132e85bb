export { coerce, compare } from 'semver';
