#include "fer/metrics/vote_metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>

#include "fer/core/error.h"

namespace fer::metrics {

namespace {

using Votes = std::span<const std::uint8_t>;  // of an image

void check_sizes(const ProbabilityRows& rows, Votes votes, std::size_t columns) {
  if (columns < rows.classes()) {
    throw Error("votes: " + std::to_string(columns) + " columns for " +
                std::to_string(rows.classes()) + " classes; needed is one a class at least");
  }
  if (votes.size() / columns != rows.size() || votes.size() % columns != 0) {
    throw Error("votes: " + std::to_string(votes.size()) + " counts do not match " +
                std::to_string(rows.size()) + " images of " + std::to_string(columns) + " columns");
  }
}

std::vector<AgreementBand> bands_between(const std::vector<double>& edges) {
  std::vector<AgreementBand> bands(1);
  for (const double edge : edges) {
    if (!(edge > bands.back().above && edge < 1.0)) {
      throw Error("votes: the edges of agreement are to rise between 0 and 1");
    }
    bands.back().up_to = edge;
    bands.push_back({edge, 1.0, {}});
  }
  return bands;
}

double sum_of(Votes votes) {
  return static_cast<double>(std::accumulate(votes.begin(), votes.end(), std::int64_t{0}));
}

// The column with more votes than any other, if it is a class.
std::optional<std::size_t> winner_of(Votes votes, std::size_t classes) {
  const auto most = std::max_element(votes.begin(), votes.end());
  const auto winner = static_cast<std::size_t>(most - votes.begin());
  const bool alone = std::count(votes.begin(), votes.end(), *most) == 1;
  if (!alone || *most == 0 || winner >= classes) return std::nullopt;
  return winner;
}

void count_hit(Hits& hits, bool correct) {
  ++hits.n;
  hits.correct += correct ? 1 : 0;
}

void judge_winner(VoteScores& scores, Votes votes, std::size_t classes, std::size_t prediction) {
  const std::optional<std::size_t> winner = winner_of(votes, classes);
  if (!winner) {
    ++scores.undecided;
    return;
  }
  const double share = static_cast<double>(votes[*winner]) / sum_of(votes);
  const bool correct = prediction == *winner;
  if (share > 0.5) count_hit(scores.majority, correct);
  const auto band = std::find_if(scores.by_agreement.begin(), scores.by_agreement.end(),
                                 [share](const AgreementBand& b) { return share <= b.up_to; });
  count_hit(band->hits, correct);
}

// Adds to the sums, which vote_scores turns into means.
void add_entropies(VoteScores& scores, Votes votes, const ProbabilityRows& rows,
                   std::size_t image) {
  const double all = sum_of(votes);
  if (all == 0.0) return;
  ++scores.voted;
  for (std::size_t c = 0; c < votes.size(); ++c) {
    if (votes[c] == 0) continue;
    const double share = static_cast<double>(votes[c]) / all;
    scores.cross_entropy -= share * rows.log_probability(image, c);
    scores.entropy -= share * std::log(share);
  }
}

}  // namespace

VoteScores vote_scores(const ProbabilityRows& rows, std::span<const std::uint8_t> votes,
                       std::size_t columns, const std::vector<double>& edges) {
  check_sizes(rows, votes, columns);
  VoteScores scores;
  scores.n = static_cast<std::int64_t>(rows.size());
  scores.by_agreement = bands_between(edges);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Votes image = votes.subspan(i * columns, columns);
    judge_winner(scores, image, rows.classes(), rows.prediction(i));
    add_entropies(scores, image.first(rows.classes()), rows, i);
  }
  if (scores.voted > 0) {
    scores.cross_entropy /= static_cast<double>(scores.voted);
    scores.entropy /= static_cast<double>(scores.voted);
  }
  return scores;
}

}  // namespace fer::metrics
