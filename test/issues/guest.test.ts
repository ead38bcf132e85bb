import { GUEST_ISSUES } from '../../lib/issues/guest.ts';

test.each(Object.entries(GUEST_ISSUES))('%s is one sentence with what it speaks of', (_, [, words]) => {
  const facts = {
    feature: 'F',
    hosts: ['H', 'J'],
    received: 'R',
    expected: 'E',
    use: 'U',
    candidates: ['C'],
  };
  const sentence = words(facts);
  expect(sentence).not.toMatch(/undefined|\.$|^[A-Z][a-z]/);
  expect(sentence.length).toBeGreaterThan(20);
});

test.each([
  [['H'], 'H has no machine type "R"; every host has C, D'],
  [['H', 'J'], 'H, J have no machine type "R"; every host has C, D'],
])('a sentence about %j', (hosts, expected) => {
  const [, words] = GUEST_ISSUES['machine-missing'];
  expect(words({ hosts, received: 'R', candidates: ['C', 'D'] })).toBe(expected);
});
