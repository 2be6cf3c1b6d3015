#include "fer/augment/degradation.h"

#include <cmath>
#include <iterator>
#include <numbers>

namespace fer::augment {

namespace {

struct Row {
  Degradation::Kind kind;
  double least, most;
};

using Kind = Degradation::Kind;
constexpr Row kTable[] = {{Kind::noise, 0.02, 0.2},   {Kind::blur, 0.008, 0.035},
                          {Kind::motion, 0.05, 0.25}, {Kind::small_face, 0.15, 0.7},
                          {Kind::jpeg, 15.0, 81.0},   {Kind::contrast, 0.04, 0.6},
                          {Kind::light, -0.4, 0.5}};

}  // namespace

Degradation draw_degradation(RandomStream& stream) {
  constexpr double kMostGamma = 0.7;
  const Row& row = kTable[stream.below(std::size(kTable))];
  Degradation drawn{.kind = row.kind};
  drawn.strength = row.kind == Kind::contrast
                       ? std::exp(stream.uniform(std::log(row.least), std::log(row.most)))
                       : stream.uniform(row.least, row.most);
  if (row.kind == Kind::jpeg) drawn.strength = std::floor(drawn.strength);
  if (row.kind == Kind::motion) drawn.direction = stream.uniform(0.0, std::numbers::pi);
  if (row.kind == Kind::light) {
    drawn.direction = stream.uniform(0.0, 2.0 * std::numbers::pi);
    drawn.second = stream.uniform(-kMostGamma, kMostGamma);
  }
  return drawn;
}

}  // namespace fer::augment
