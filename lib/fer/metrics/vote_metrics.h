// Scores against the votes of several people on each image, as in FER+ (Barsoum et al., "Training
// Deep Networks for Facial Expression Recognition with Crowd-Sourced Label Distribution", 2016).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fer/metrics/interval.h"
#include "fer/metrics/probability_rows.h"

namespace fer::metrics {

// The number of right predictions, of n.
struct Hits {
  std::int64_t n = 0;
  std::int64_t correct = 0;

  double accuracy() const {  // 0 where there are none
    return n == 0 ? 0.0 : static_cast<double>(correct) / static_cast<double>(n);
  }
  Interval ci95() const { return wilson_interval(correct, n); }

  bool operator==(const Hits&) const = default;
};

// Images whose winning class has a share of all votes in (above, up_to].
struct AgreementBand {
  double above = 0.0;
  double up_to = 1.0;
  Hits hits;

  bool operator==(const AgreementBand&) const = default;
};

struct VoteScores {
  std::int64_t n = 0;  // images
  // Images without a winner: no votes, a tie at the top, or most votes for none of the classes. No
  // accuracy counts them.
  std::int64_t undecided = 0;
  Hits majority;  // images of which a class has more than half of all votes
  std::vector<AgreementBand> by_agreement;  // images with a winner, by its share
  std::int64_t voted = 0;                   // images with a vote for a class
  // Means over the images with a vote for a class, in nats; q is a class's share of these votes.
  // cross_entropy is -Σ q ln p, where p counts as kProbabilityFloor at least. entropy is -Σ q ln q;
  // cross_entropy cannot be less. Their difference is the Kullback-Leibler divergence of the model
  // from the voters. 0 where no image has such votes.
  double cross_entropy = 0.0;
  double entropy = 0.0;
};

// votes: [N*K] row-major counts, one row for each image of `rows`. The first C of the K `columns`
// are the model's classes, in its order. The columns after them are votes for none of the classes
// (FER+'s "unknown" and "not a face"): they count as votes, but are never the truth. Votes are used
// as they are; FER+'s own code first drops single votes. Bands end at `edges`, which rise within
// (0, 1), and at 1; the default has a band for each further vote of ten.
// @throws fer::Error where K < C, where the sizes do not match, and for other edges.
VoteScores vote_scores(const ProbabilityRows& rows, std::span<const std::uint8_t> votes,
                       std::size_t columns,
                       const std::vector<double>& edges = {0.5, 0.6, 0.7, 0.8, 0.9});

}  // namespace fer::metrics
