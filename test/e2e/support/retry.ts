/**
 * Nested guests are lost now and then: one in some thousand never came back from a migration. What fails runs once more,
 * and the first failure is printed, so that it is seen; what is wrong fails twice.
 */
jest.retryTimes(1, { logErrorsBeforeRetry: true });
