/** Numbers between 0 and 1, the same for the same seed. */
export function randomBits(seed) {
  let state = (seed * 48_271) % 2_147_483_647;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
