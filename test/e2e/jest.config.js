import base from '../../jest.config.js';

/** The tests against the installed libvirt and QEMU, one file at a time: guests of two files would slow each other. */
export default {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/e2e'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/e2e/support/setup.ts',
  setupFilesAfterEnv: ['<rootDir>/test/e2e/support/retry.ts'],
  globalTeardown: '<rootDir>/test/e2e/support/teardown.ts',
  testTimeout: 300_000,
  maxWorkers: 1,
};
