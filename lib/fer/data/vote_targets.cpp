#include "fer/data/vote_targets.h"

#include <ATen/Functions.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/data/votes.h"

namespace fer::data {

namespace {

using Votes = std::array<int, kVoteColumns>;

// The class of each of FER+'s emotions, if the labels have it.
using Classes = std::array<std::optional<std::size_t>, kVoteEmotions>;

int total(const Votes& votes) { return std::accumulate(votes.begin(), votes.end(), 0); }

Votes without_single_votes(const std::uint8_t* row) {
  Votes votes{};
  for (std::size_t i = 0; i < votes.size(); ++i) votes[i] = row[i] > 1 ? row[i] : 0;
  return votes;
}

// The winner alone; all zero if no column has more than half.
Votes majority(const Votes& votes) {
  const auto most = std::max_element(votes.begin(), votes.end());
  Votes taken{};
  if (2 * *most > total(votes)) taken[static_cast<std::size_t>(most - votes.begin())] = *most;
  return taken;
}

// All zero if the image is dropped.
Votes most_voted(Votes votes) {
  const int all = total(votes);
  Votes taken{};
  int covered = 0;
  int emotions = 0;
  bool ended = false;
  while (!ended && emotions < 3 && 4 * covered < 3 * all) {
    const int most = *std::max_element(votes.begin(), votes.end());
    for (std::size_t i = 0; i < votes.size(); ++i) {
      if (votes[i] != most) continue;
      if (i >= kVoteEmotions) {
        ended = true;
        break;
      }
      taken[i] = most;
      votes[i] = 0;
      covered += most;
      ++emotions;
    }
  }
  return 2 * covered > all && emotions <= 3 ? taken : Votes{};
}

Classes classes_of(const LabelSet& labels) {
  Classes classes;
  std::vector<bool> asked_for(labels.size(), false);
  for (std::size_t i = 0; i < kVoteEmotions; ++i) {
    classes[i] = labels.find(kVoteNames[i]);
    if (classes[i]) asked_for[*classes[i]] = true;
  }
  for (std::size_t label = 0; label < labels.size(); ++label) {
    if (asked_for[label]) continue;
    const std::vector<std::string> emotions(kVoteNames.begin(), kVoteNames.begin() + kVoteEmotions);
    throw Error("FER+ has no votes for the class " + quote(labels.name(label)) + "; it has " +
                join(emotions, ", "));
  }
  return classes;
}

// Writes the classes' fractions, with the sum 1; false if no class has a vote.
bool write_shares(const Votes& votes, const Classes& classes, float* shares) {
  int sum = 0;
  for (std::size_t i = 0; i < kVoteEmotions; ++i) {
    if (classes[i]) sum += votes[i];
  }
  if (sum == 0) return false;
  for (std::size_t i = 0; i < kVoteEmotions; ++i) {
    if (classes[i]) shares[*classes[i]] = static_cast<float>(votes[i]) / static_cast<float>(sum);
  }
  return true;
}

}  // namespace

bool voted_on(const LabelSet& labels) {
  std::set<std::size_t> known;
  for (std::size_t i = 0; i < kVoteEmotions; ++i) {
    if (const auto label = labels.find(kVoteNames[i])) known.insert(*label);
  }
  return known.size() == labels.size();
}

VoteTargets vote_targets(const at::Tensor& votes, const LabelSet& labels, VoteMode mode) {
  TORCH_CHECK(votes.dim() == 2 && votes.size(1) == static_cast<std::int64_t>(kVoteColumns) &&
                  votes.scalar_type() == at::kByte,
              "votes are uint8 [N,10]");
  const Classes classes = classes_of(labels);
  const at::Tensor rows = votes.contiguous();
  const auto* row = rows.const_data_ptr<std::uint8_t>();
  const std::int64_t count = votes.size(0);
  VoteTargets result{at::zeros({count, static_cast<std::int64_t>(labels.size())}, at::kFloat),
                     at::zeros({count}, at::kBool)};
  auto* shares = result.targets.data_ptr<float>();
  auto* kept = result.kept.data_ptr<bool>();
  for (std::int64_t i = 0; i < count; ++i, row += kVoteColumns, shares += labels.size()) {
    const Votes counted = without_single_votes(row);
    kept[i] = write_shares(mode == VoteMode::majority ? majority(counted) : most_voted(counted),
                           classes, shares);
  }
  return result;
}

MajoritySet with_majority_labels(const FaceSet& set, const LabelSet& labels) {
  const VoteTargets majorities = vote_targets(set.votes, labels, VoteMode::majority);
  FaceSet relabelled = set;
  relabelled.labels = majorities.targets.argmax(1);
  relabelled.label_set = labels;
  const at::Tensor rows = majorities.kept.nonzero().squeeze(1);
  return {relabelled.select(rows), rows};
}

}  // namespace fer::data
