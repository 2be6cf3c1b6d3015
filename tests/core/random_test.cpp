// The numbers expected here were computed by an independent script, so that no stream ever changes
// unnoticed: trained runs and held-out images depend on them. The script (Python 3):
//
//   M = 2**64 - 1
//   rotl = lambda x, k: (x << k | x >> 64 - k) & M
//   def split_mix(s):                                  # Steele, Lea and Flood 2014
//       s = z = (s + 0x9e3779b97f4a7c15) & M
//       z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9 & M
//       z = (z ^ z >> 27) * 0x94d049bb133111eb & M
//       return s, z ^ z >> 31
//   class Stream:                                      # xoshiro256**, Blackman and Vigna 2021
//       def __init__(self, seed):
//           self.key, self.s = seed, []
//           for _ in range(4): seed, w = split_mix(seed); self.s.append(w)
//       def next(self):
//           a = self.s; out = rotl(a[1] * 5 & M, 7) * 9 & M; t = a[1] << 17 & M
//           a[2] ^= a[0]; a[3] ^= a[1]; a[1] ^= a[2]; a[0] ^= a[3]; a[2] ^= t
//           a[3] = rotl(a[3], 45); return out
//       def named(self, name):                         # FNV-1a of the name
//           h = 0xcbf29ce484222325
//           for c in name.encode(): h = (h ^ c) * 0x100000001b3 & M
//           return Stream(mix(self.key, h))
//       def numbered(self, i): return Stream(mix(self.key + 0x632be59bd9b4e019 & M, i))
//   def mix(a, b):
//       s, _ = split_mix(a ^ rotl(b * 0xd6e8feb86659fd93 & M, 32)); return split_mix(s)[1]
#include "fer/core/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include "support/catch.h"

namespace fer {
namespace {

using Numbers = std::array<std::uint64_t, 4>;

Numbers first_numbers(std::uint64_t seed) {
  RandomStream stream(seed);
  Numbers numbers{};
  for (std::uint64_t& number : numbers) number = stream.next();
  return numbers;
}

TEST_CASE("A seed's first numbers are those of xoshiro256** behind SplitMix64", "[core][unit]") {
  CHECK(first_numbers(0) ==
        Numbers{0x99ec5f36cb75f2b4, 0xbf6e1f784956452a, 0x1a5f849d4933e6e0, 0x6aa594f1262d2d2c});
  CHECK(first_numbers(42) ==
        Numbers{0x15780b2e0c2ec716, 0x6104d9866d113a7e, 0xae17533239e499a1, 0xecb8ad4703b360a1});
  CHECK(first_numbers(std::numeric_limits<std::uint64_t>::max()) ==
        Numbers{0x8f5520d52a7ead08, 0xc476a018caa1802d, 0x81de31c0d260469e, 0xbf658d7e065f3c2f});
}

TEST_CASE("A child's key and numbers follow from seed and path", "[core][unit]") {
  // Stream(1).named("epoch").numbered(3): its key and first number.
  RandomStream child = RandomStream(1).child("epoch").child(3);
  CHECK(child.key() == 0x6c3418ae86471f76);
  CHECK(child.next() == 0xe0c19139c3961d82);
  CHECK(RandomStream(1).child("").key() == 0x52a2f07522d58756);
  CHECK(RandomStream(1).child(0).key() == 0x604fc2bd55323e12);
}

TEST_CASE("A child does not depend on how many numbers its parent has given", "[core][unit]") {
  RandomStream used(9);
  for (int i = 0; i < 100; ++i) used.next();
  CHECK(used.child("epoch").key() == RandomStream(9).child("epoch").key());
  CHECK(used.child(5).next() == RandomStream(9).child(5).next());
  CHECK(used.key() == 9);
}

TEST_CASE("Taking a child draws no number from its parent", "[core][unit]") {
  RandomStream parent(9);
  parent.child("a");
  parent.child(1);
  CHECK(parent.next() == RandomStream(9).next());
}

TEST_CASE("Children differ from each other, from their parent and by their order", "[core][unit]") {
  std::set<std::uint64_t> keys = {RandomStream(1).key()};
  const RandomStream parent(1);
  for (std::uint64_t i = 0; i < 1000; ++i) keys.insert(parent.child(i).key());
  for (const char* name : {"a", "b", "ab", "ba", "0", "1"}) keys.insert(parent.child(name).key());
  keys.insert(parent.child("a").child("b").key());
  keys.insert(parent.child("b").child("a").key());
  CHECK(keys.size() == 1 + 1000 + 6 + 2);
}

TEST_CASE("Uniform numbers are the upper 53 bits", "[core][unit]") {
  // (Stream(42).next() >> 11) * 2**-53, three times.
  RandomStream stream(42);
  CHECK(stream.uniform() == 0.08386297105988216);
  CHECK(stream.uniform() == 0.3789802506626686);
  CHECK(stream.uniform() == 0.6800434110281394);
}

TEST_CASE("Uniform numbers of a range stay in it and fill it", "[core][unit]") {
  RandomStream stream(3);
  double lowest = 10;
  double highest = -10;
  double sum = 0;
  constexpr int kDraws = 10'000;
  for (int i = 0; i < kDraws; ++i) {
    const double value = stream.uniform(-2, 6);
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
    sum += value;
  }
  CHECK(lowest >= -2);
  CHECK(lowest < -1.98);
  CHECK(highest < 6);
  CHECK(highest > 5.98);
  // Mean 2, standard deviation of the mean 8 / sqrt(12 * 10000) = 0.023.
  CHECK(std::abs(sum / kDraws - 2) < 0.1);
}

TEST_CASE("A bound that does not divide 2^64 draws again instead of bending the odds",
          "[core][unit]") {
  // Bound 3 * 2^62: numbers under 2^62, a quarter of all, are rejected. Of Stream(3)'s first five
  // b0cd..., a3fd..., 37e0..., 88b1..., 6cb2... the third is.
  RandomStream stream(3);
  constexpr std::uint64_t kBound = 3ULL << 62;
  CHECK(stream.below(kBound) == 0xb0cdabdae5668cc0);
  CHECK(stream.below(kBound) == 0xa3fd1dea5e1864ee);
  CHECK(stream.below(kBound) == 0x88b1b58b236f3bea);
  CHECK(stream.below(kBound) == 0x6cb24c8fb224980a);
}

TEST_CASE("Numbers below a bound are equally likely", "[core][unit]") {
  RandomStream stream(11);
  std::array<int, 7> counts{};
  constexpr int kDraws = 70'000;
  for (int i = 0; i < kDraws; ++i) ++counts.at(stream.below(7));
  // Chi-square with 6 degrees of freedom: 22.5 is passed by one stream in a thousand.
  double chi_square = 0;
  for (const int count : counts) chi_square += std::pow(count - 10'000.0, 2) / 10'000.0;
  CHECK(chi_square < 22.5);
  CHECK(chi_square > 0.3);  // and too even by one in a thousand
}

TEST_CASE("Nothing but 0 is below 1", "[core][unit]") {
  RandomStream stream(5);
  for (int i = 0; i < 10; ++i) CHECK(stream.below(1) == 0);
}

TEST_CASE("Normal numbers are Box and Muller's of two uniform ones", "[core][unit]") {
  // sqrt(-2 log(1 - u1)) cos(2 pi u2) of Stream(42)'s uniform numbers, by Python's math.
  RandomStream stream(42);
  CHECK(std::abs(stream.normal() - -0.303263064678738) < 1e-14);
  CHECK(std::abs(stream.normal() - 1.3438117634372806) < 1e-14);
}

TEST_CASE("Normal numbers have mean 0, variance 1 and the tails of a bell", "[core][unit]") {
  RandomStream stream(8);
  constexpr int kDraws = 20'000;
  double sum = 0;
  double squares = 0;
  int beyond_two = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = stream.normal();
    sum += value;
    squares += value * value;
    beyond_two += std::abs(value) > 2 ? 1 : 0;
  }
  CHECK(std::abs(sum / kDraws) < 0.03);          // four standard errors are 0.028
  CHECK(std::abs(squares / kDraws - 1) < 0.04);  // four are sqrt(2 / n) * 4 = 0.04
  CHECK(std::abs(beyond_two / double{kDraws} - 0.0455) < 0.006);
}

TEST_CASE("Chance 0 never happens and chance 1 always", "[core][unit]") {
  RandomStream stream(2);
  int quarter = 0;
  for (int i = 0; i < 10'000; ++i) {
    CHECK_FALSE(stream.chance(0));
    CHECK(stream.chance(1));
    quarter += stream.chance(0.25) ? 1 : 0;
  }
  CHECK(std::abs(quarter - 2500) < 4 * 43);  // four standard deviations
}

TEST_CASE("A permutation is Fisher and Yates's from the end", "[core][unit]") {
  // o = list(range(10)); for i in range(10, 1, -1): j = below(i); o[i-1], o[j] = o[j], o[i-1]
  // with Stream(7), where below(b) is next() % b (no number is small enough to be rejected).
  CHECK(RandomStream(7).permutation(10) == std::vector<std::int64_t>{8, 3, 9, 0, 7, 2, 1, 6, 5, 4});
}

TEST_CASE("A permutation has every index once", "[core][unit]") {
  std::vector<std::int64_t> order = RandomStream(1).permutation(1000);
  CHECK_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (order[i] != static_cast<std::int64_t>(i)) FAIL("index " << i << " is missing");
  }
  CHECK(RandomStream(1).permutation(0).empty());
  CHECK(RandomStream(1).permutation(1) == std::vector<std::int64_t>{0});
}

TEST_CASE("Gamma and Beta draws have the means and variances of their distributions",
          "[core][unit]") {
  constexpr int kCount = 40'000;
  for (const double shape : {0.3, 1.0, 4.5}) {
    CAPTURE(shape);
    RandomStream stream(12);
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < kCount; ++i) {
      const double x = stream.gamma(shape);
      REQUIRE(x >= 0.0);
      sum += x;
      squares += x * x;
    }
    const double mean = sum / kCount;
    // Mean and variance are both `shape`; five standard errors each (kurtosis 3 + 6 / shape).
    CHECK(std::abs(mean - shape) < 5 * std::sqrt(shape / kCount));
    const double variance = squares / kCount - mean * mean;
    CHECK(std::abs(variance - shape) < 5 * shape * std::sqrt((2 + 6 / shape) / kCount));
  }
  RandomStream stream(13);
  double sum = 0.0, squares = 0.0;
  for (int i = 0; i < kCount; ++i) {
    const double x = stream.beta(0.2, 0.2);
    REQUIRE(x >= 0.0);
    REQUIRE(x <= 1.0);
    sum += x;
    squares += x * x;
  }
  // Beta(a, a): mean 1/2, variance 1 / (4 (2a + 1)).
  CHECK(std::abs(sum / kCount - 0.5) < 5 * std::sqrt(0.25 / 1.4 / kCount));
  CHECK(std::abs(squares / kCount - 0.25 - 0.25 / 1.4) < 0.01);
}

}  // namespace
}  // namespace fer
