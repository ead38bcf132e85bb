import { readYaml } from '#yaml';
import { startApp } from './app.ts';

// To name the function alone would evaluate its part.
startApp((text) => readYaml(text), document.documentElement.dataset['version'] ?? '');
