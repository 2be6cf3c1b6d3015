// Explicit random streams. Every random decision of the library draws from a stream that came in
// through a parameter; a stream is a pure function of a seed and a path of names and numbers, so a
// run can be resumed at any step without storing generator state.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fer {

// xoshiro256** (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021),
// seeded through SplitMix64. Its numbers are the same on every platform, unlike <random>'s
// distributions.
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t seed);

  // Independent streams below this one. They depend on the seed and path only, not on how many
  // numbers were drawn: RandomStream(1).child("epoch").child(3) is always the same stream.
  RandomStream child(std::string_view name) const;
  RandomStream child(std::uint64_t index) const;

  // The number that names this stream; use it to seed a generator of another library.
  std::uint64_t key() const { return key_; }

  std::uint64_t next();                      // uniform over all 64-bit numbers
  std::uint64_t below(std::uint64_t bound);  // uniform over [0, bound), bound > 0, without bias
  double uniform();                          // uniform over [0, 1), 53 random bits
  double uniform(double low, double high);   // uniform over [low, high)
  double normal();                           // standard normal (Box and Muller, 1958)
  bool chance(double probability);           // true with that probability
  double gamma(double shape);                // Gamma(shape, 1), shape > 0 (Marsaglia, Tsang 2000)
  double beta(double a, double b);           // Beta(a, b), a and b > 0

  // A uniformly random order of 0 … count-1 (Fisher and Yates).
  std::vector<std::int64_t> permutation(std::int64_t count);

 private:
  std::uint64_t key_;
  std::uint64_t state_[4];
};

}  // namespace fer
