"""Range comparison between two sets, against what plain set arithmetic says."""

import random
import unittest

import ledger
import ranges


def keys(generator, count, spread):
    return {
        ranges.key_of(generator.randrange(spread), generator.randbytes(32)) for _ in range(count)}


def compare(ours, theirs):
    """Runs a comparison; returns (driver's lack, responder's lack, claims that crossed)."""
    driver = ranges.Comparison(ranges.NotedSet(ours))
    responder = ranges.Comparison(ranges.NotedSet(theirs))
    frame, crossed = driver.begin(), 0
    while True:
        answer = responder.answer(frame)
        crossed += len(frame) + len(answer or [])
        assert len(frame) <= ranges.CLAIMS_PER_FRAME
        if answer is None:
            return driver.missing, responder.missing, crossed
        frame = driver.proceed(answer)


class Comparison(unittest.TestCase):
    def check(self, ours, theirs):
        lack, theirs_lack, crossed = compare(ours, theirs)
        self.assertEqual(lack, {key[8:] for key in theirs - ours})
        self.assertEqual(theirs_lack, {key[8:] for key in ours - theirs})
        return crossed

    def test_random_sets_find_exactly_their_difference(self):
        for seed in range(150):
            with self.subTest(seed=seed):
                generator = random.Random(seed)
                # A small spread puts many keys at one time, so that the hash alone divides them.
                spread = generator.choice([2, 50, 1 << 40])
                common = keys(generator, generator.choice([0, 5, 300, 3000]), spread)
                ours = common | keys(generator, generator.choice([0, 1, 40, 800]), spread)
                theirs = common | keys(generator, generator.choice([0, 1, 40, 800]), spread)
                self.check(ours, theirs)

    def test_empty_side_gets_everything(self):
        many = keys(random.Random(1), 20_000, 1 << 40)
        self.check(set(), many)
        self.check(many, set())

    def test_equal_sets_cost_one_claim(self):
        many = keys(random.Random(2), 5000, 1 << 40)
        self.assertEqual(self.check(many, set(many)), 1)

    def test_cost_follows_the_difference_and_not_the_size(self):
        generator = random.Random(3)
        small, large = keys(generator, 2_000, 1 << 40), keys(generator, 200_000, 1 << 40)
        more = keys(generator, 10, 1 << 40)
        near, far = self.check(small, small | more), self.check(large, large | more)
        self.assertLess(far, 4 * near + 400)
        self.assertLess(far, 2_000)

    def test_fingerprint_is_a_sum_over_the_set(self):
        some = sorted(keys(random.Random(4), 100, 1 << 20))
        noted = ranges.NotedSet(some)
        for first, last in (0, 100), (3, 3), (17, 60):
            want = sum(int.from_bytes(k[8:16], "big") for k in some[first:last]) % (1 << 64)
            self.assertEqual(noted.fingerprint(first, last)[:2], (last - first, want))
        self.assertEqual(noted.places(some[5], some[9]), (5, 9))
        self.assertEqual(noted.places(ranges.LOWEST, b""), (0, 100))
        self.assertTrue(some[3] in noted and ranges.key_of(0, ledger.ZERO) not in noted)


if __name__ == "__main__":
    unittest.main()
