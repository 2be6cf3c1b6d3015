#include "fer/data/vote_targets.h"

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "data/set_fixtures.h"
#include "data/vote_fixtures.h"
#include "fer/core/error.h"
#include "fer/core/random.h"
#include "fer/tensors/safetensors.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::data {
namespace {

using Catch::Matchers::Equals;
using Catch::Matchers::MessageMatches;
using test::VoteRow;
using test::votes_of;

using Shares = std::vector<float>;
const Shares kDropped = {};

// The target of one image; kDropped where it has none.
Shares target(const VoteRow& votes, VoteMode mode, const LabelSet& labels = LabelSet::ferplus8()) {
  const VoteTargets targets = vote_targets(votes_of({votes}), labels, mode);
  REQUIRE(targets.targets.sizes() ==
          at::IntArrayRef({1, static_cast<std::int64_t>(labels.size())}));
  const auto* row = targets.targets.const_data_ptr<float>();
  const Shares shares(row, row + labels.size());
  if (targets.kept[0].item<bool>()) return shares;
  CHECK(shares == Shares(labels.size(), 0.0F));  // a dropped row is 0 everywhere
  return kDropped;
}

Shares majority(const VoteRow& votes) { return target(votes, VoteMode::majority); }
Shares soft(const VoteRow& votes) { return target(votes, VoteMode::crossentropy); }

// Columns: neutral, happiness, surprise, sadness, anger, disgust, fear, contempt, unknown, NF.
const Shares kNeutral = {1, 0, 0, 0, 0, 0, 0, 0};

TEST_CASE("More than half of the votes are a majority, half are none", "[data][unit]") {
  CHECK(majority({6, 0, 0, 0, 4, 0, 0, 0, 0, 0}) == kNeutral);
  CHECK(majority({0, 0, 0, 0, 4, 0, 6, 0, 0, 0}) == Shares{0, 0, 0, 0, 0, 0, 1, 0});
  CHECK(majority({5, 0, 0, 0, 5, 0, 0, 0, 0, 0}) == kDropped);
  CHECK(majority({4, 0, 0, 0, 3, 3, 0, 0, 0, 0}) == kDropped);
}

TEST_CASE("Single votes are no votes, for a majority either", "[data][unit]") {
  CHECK(majority({5, 0, 0, 3, 1, 0, 0, 0, 1, 0}) == kNeutral);  // 5 of 8, not of 10
  CHECK(majority({4, 0, 0, 4, 1, 0, 0, 0, 1, 0}) == kDropped);  // 4 of 8
  CHECK(majority({1, 1, 1, 1, 1, 1, 1, 1, 1, 1}) == kDropped);
}

TEST_CASE("An image that most take for unknown or no face has no majority", "[data][unit]") {
  CHECK(majority({4, 0, 0, 0, 0, 0, 0, 0, 6, 0}) == kDropped);
  CHECK(majority({0, 0, 0, 0, 0, 0, 0, 0, 0, 10}) == kDropped);
  // They count as votes against the others.
  CHECK(majority({5, 0, 0, 0, 0, 0, 0, 0, 3, 2}) == kDropped);
  CHECK(majority({6, 0, 0, 0, 0, 0, 0, 0, 2, 2}) == kNeutral);
}

TEST_CASE("An emotion with three quarters of the votes stands alone", "[data][unit]") {
  CHECK(soft({10, 0, 0, 0, 0, 0, 0, 0, 0, 0}) == kNeutral);
  CHECK(soft({6, 2, 0, 0, 0, 0, 0, 0, 1, 1}) == kNeutral);  // 6 of 8: three quarters exactly
  CHECK(soft({5, 2, 0, 0, 0, 0, 0, 0, 0, 0}) == Shares{5.0F / 7, 2.0F / 7, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("Emotions are taken from the most voted down until three quarters are covered",
          "[data][unit]") {
  // 4 of 9 are not enough, 7 of 9 are: the third emotion is not taken, the single vote never was.
  CHECK(soft({4, 0, 0, 1, 3, 2, 0, 0, 0, 0}) == Shares{4.0F / 7, 0, 0, 0, 3.0F / 7, 0, 0, 0});
  CHECK(soft({0, 0, 6, 0, 0, 0, 4, 0, 0, 0}) == Shares{0, 0, 0.6F, 0, 0, 0, 0.4F, 0});
}

TEST_CASE("No more than three emotions are taken, however little they cover", "[data][unit]") {
  CHECK(soft({30, 20, 15, 14, 12, 9, 0, 0, 0, 0}) ==
        Shares{30.0F / 65, 20.0F / 65, 15.0F / 65, 0, 0, 0, 0, 0});
  // 45 of 100 are no more than half.
  CHECK(soft({17, 15, 13, 12, 11, 11, 11, 10, 0, 0}) == kDropped);
  // 50 of 100 are half exactly.
  CHECK(soft({18, 17, 15, 14, 13, 12, 11, 0, 0, 0}) == kDropped);
}

TEST_CASE("Emotions with equal votes are taken together", "[data][unit]") {
  CHECK(soft({5, 5, 0, 0, 0, 0, 0, 0, 0, 0}) == Shares{0.5F, 0.5F, 0, 0, 0, 0, 0, 0});
  const float third = 3.0F / 9;
  CHECK(soft({3, 3, 3, 1, 0, 0, 0, 0, 0, 0}) == Shares{third, third, third, 0, 0, 0, 0, 0});
}

TEST_CASE("Ties that take more than three emotions drop the image", "[data][unit]") {
  CHECK(soft({0, 0, 2, 2, 2, 2, 0, 0, 1, 1}) == kDropped);
  CHECK(soft({3, 3, 2, 2, 0, 0, 0, 0, 0, 0}) == kDropped);  // two, then two at once
}

TEST_CASE("Unknown or no face as the most voted drops the image", "[data][unit]") {
  CHECK(soft({4, 0, 0, 0, 0, 0, 0, 0, 6, 0}) == kDropped);
  CHECK(soft({4, 0, 0, 0, 0, 0, 0, 0, 0, 6}) == kDropped);
  CHECK(soft({3, 3, 0, 0, 0, 0, 0, 0, 4, 0}) == kDropped);
  CHECK(soft({0, 0, 0, 0, 0, 0, 0, 0, 0, 10}) == kDropped);
  CHECK(soft({0, 0, 0, 0, 0, 0, 0, 0, 5, 5}) == kDropped);
}

TEST_CASE("Unknown or no face further down ends the taking and has no share", "[data][unit]") {
  CHECK(soft({6, 0, 0, 0, 0, 0, 0, 0, 4, 0}) == kNeutral);
  // Anger stands before unknown, with as many votes: it is taken, unknown is not.
  CHECK(soft({3, 0, 0, 3, 2, 0, 0, 0, 2, 0}) ==
        Shares{3.0F / 8, 0, 0, 3.0F / 8, 2.0F / 8, 0, 0, 0});
  // Ended by NF, sadness is not reached.
  CHECK(soft({5, 0, 0, 2, 0, 0, 0, 0, 0, 3}) == kDropped);
  CHECK(soft({6, 0, 0, 2, 0, 0, 0, 0, 0, 3}) == kNeutral);
  // The emotions before cover no more than half.
  CHECK(soft({5, 0, 0, 0, 0, 0, 0, 0, 5, 0}) == kDropped);
  CHECK(soft({4, 0, 0, 0, 0, 0, 0, 0, 3, 3}) == kDropped);
}

TEST_CASE("Images without votes, or with single votes alone, are dropped", "[data][unit]") {
  for (const VoteMode mode : {VoteMode::majority, VoteMode::probability, VoteMode::crossentropy}) {
    CHECK(target({0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, mode) == kDropped);
    CHECK(target({1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, mode) == kDropped);
  }
}

TEST_CASE("A label is drawn from the distribution that is learned from otherwise", "[data][unit]") {
  for (const VoteRow& votes :
       {VoteRow{4, 0, 0, 1, 3, 2, 0, 0, 0, 0}, VoteRow{3, 3, 2, 2, 0, 0, 0, 0, 0, 0}}) {
    CHECK(target(votes, VoteMode::probability) == target(votes, VoteMode::crossentropy));
  }
}

TEST_CASE("FER2013's seven classes stand in their own order and have no contempt", "[data][unit]") {
  const LabelSet& seven = LabelSet::fer2013();
  const auto shares = [&](const VoteRow& votes) {
    return target(votes, VoteMode::crossentropy, seven);
  };
  // angry, disgust, fear, happy, sad, surprise, neutral
  CHECK(shares({0, 0, 0, 0, 0, 10, 0, 0, 0, 0}) == Shares{0, 1, 0, 0, 0, 0, 0});
  CHECK(shares({0, 0, 6, 0, 4, 0, 0, 0, 0, 0}) == Shares{0.4F, 0, 0, 0, 0, 0.6F, 0});
  // Contempt counts when votes are covered, and its share goes to the others in the end.
  CHECK(shares({5, 0, 0, 0, 0, 0, 0, 4, 0, 0}) == Shares{0, 0, 0, 0, 0, 0, 1});
  CHECK(shares({2, 0, 0, 0, 0, 0, 0, 8, 0, 0}) == kDropped);
  CHECK(target({0, 0, 0, 0, 0, 0, 0, 8, 0, 0}, VoteMode::majority, seven) == kDropped);
  CHECK(soft({5, 0, 0, 0, 0, 0, 0, 4, 0, 0}) == Shares{5.0F / 9, 0, 0, 0, 0, 0, 0, 4.0F / 9});
}

TEST_CASE("Each image has its own row, dropped ones too", "[data][unit]") {
  const VoteTargets targets = vote_targets(votes_of({{10, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                                                     {0, 0, 0, 0, 0, 0, 0, 0, 10, 0},
                                                     {0, 10, 0, 0, 0, 0, 0, 0, 0, 0}}),
                                           LabelSet::ferplus8(), VoteMode::majority);
  CHECK(targets.kept.equal(at::tensor({1, 0, 1}, at::kInt).to(at::kBool)));
  CHECK(targets.targets.scalar_type() == at::kFloat);
  CHECK(targets.targets.sum(1).equal(at::tensor({1.0F, 0.0F, 1.0F}, at::kFloat)));
  CHECK(targets.targets[2][1].item<float>() == 1.0F);
}

TEST_CASE("A class that FER+ does not ask for is an error that names it", "[data][unit]") {
  CHECK_THROWS_MATCHES(
      vote_targets(votes_of({{10, 0, 0, 0, 0, 0, 0, 0, 0, 0}}), LabelSet({"happy", "bored"}),
                   VoteMode::majority),
      Error,
      MessageMatches(Equals("FER+ has no votes for the class 'bored'; it has neutral, happiness, "
                            "surprise, sadness, anger, disgust, fear, contempt")));
}

TEST_CASE("A set under the majority of its votes loses the images that have none", "[data][unit]") {
  FaceSet set = test::make_set({{1, 0, Split::train}, {2, 0, Split::val}, {3, 0, Split::test}});
  set.votes = votes_of({{0, 0, 0, 0, 10, 0, 0, 0, 0, 0},
                        {5, 5, 0, 0, 0, 0, 0, 0, 0, 0},
                        {0, 0, 0, 0, 0, 0, 0, 9, 0, 1}});
  const FaceSet relabelled = with_majority_labels(set, LabelSet::ferplus8()).set;
  CHECK(test::levels_of(relabelled) == std::vector<int>{1, 3});
  CHECK(relabelled.label_set == LabelSet::ferplus8());
  CHECK(relabelled.labels.equal(at::tensor({4, 7}, at::kLong)));  // angry, contempt
  CHECK(relabelled.describe_splits() == "train (1), test (1)");
  CHECK(relabelled.votes.equal(set.votes.index_select(0, at::tensor({0, 2}, at::kLong))));
  CHECK(set.size() == 3);
}

// Ten votes an image, on a few columns, so that ties and slips are frequent.
at::Tensor random_votes(std::int64_t images) {
  const RandomStream streams(11);
  at::Tensor votes = at::zeros({images, 10}, at::kByte);
  auto* row = votes.data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < images; ++i, row += 10) {
    RandomStream stream = streams.child(static_cast<std::uint64_t>(i));
    const std::vector<std::int64_t> columns = stream.permutation(10);
    const std::uint64_t used = 1 + stream.below(5);
    for (int vote = 0; vote < 10; ++vote) ++row[columns[stream.below(used)]];
  }
  return votes;
}

TEST_CASE("Targets are those of an implementation in Python", "[data][integration]") {
  FER_NEED_PYTHON("numpy", "safetensors");
  const test::TemporaryFolder folder;
  const at::Tensor votes = random_votes(3000);
  tensors::write_safetensors(folder / "in.safetensors",
                             {.metadata = {}, .tensors = {{"votes", votes}}});
  test::run_python("ferplus_reference.py", {folder / "in.safetensors", folder / "out.safetensors"});
  const auto expected = tensors::read_safetensors(folder / "out.safetensors").tensors;
  const LabelSet& labels = LabelSet::ferplus8();
  const VoteTargets soft_targets = vote_targets(votes, labels, VoteMode::crossentropy);
  const VoteTargets majorities = vote_targets(votes, labels, VoteMode::majority);
  CHECK(test::largest_difference(soft_targets.targets, expected.at("distribution")) < 1e-6);
  CHECK(test::largest_difference(majorities.targets, expected.at("majority")) < 1e-6);
  // Both outcomes must be frequent, or the test would show little.
  const auto kept = soft_targets.kept.sum().item<std::int64_t>();
  CHECK(kept > 500);
  CHECK(kept < 2500);
}

}  // namespace
}  // namespace fer::data
