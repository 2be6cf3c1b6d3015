#include "fer/eval/majority_score.h"

#include <ATen/ATen.h>

#include "data/vote_fixtures.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::eval {
namespace {

// Sure of one class each: float32 [N,7].
at::Tensor sure_of(const std::vector<std::int64_t>& classes) {
  return at::one_hot(at::tensor(classes), 7).to(at::kFloat);
}

// angry, disgust, fear, happy, sad, surprise, neutral are 0 to 6.
data::FaceSet voted_set() {
  data::FaceSet set =
      test::set_of(test::faces_taken_for({4, 4, 3, 3, 6, 6, 0}), {4, 4, 3, 3, 6, 6, 0});
  set.votes = test::votes_of({{8, 0, 0, 2, 0, 0, 0, 0, 0, 0},    // neutral
                              {2, 0, 0, 7, 1, 0, 0, 0, 0, 0},    // sad
                              {0, 10, 0, 0, 0, 0, 0, 0, 0, 0},   // happy
                              {0, 5, 5, 0, 0, 0, 0, 0, 0, 0},    // no majority
                              {0, 0, 0, 0, 0, 0, 0, 9, 0, 0},    // contempt: none of seven
                              {10, 0, 0, 0, 0, 0, 0, 0, 0, 0},   // neutral
                              {0, 0, 0, 0, 2, 0, 0, 0, 8, 0}});  // unknown
  return set;
}

TEST_CASE("A model is scored by the majority on the images that have one", "[eval][unit]") {
  // Hand-worked: of neutral, sad, happy, neutral the model says sad, sad, happy, neutral.
  const auto report = majority_score(sure_of({4, 4, 3, 3, 6, 6, 0}), voted_set());
  REQUIRE(report);
  CHECK(report->n == 4);
  CHECK(report->accuracy == 0.75);
  CHECK(report->balanced_accuracy == (0.5 + 1.0 + 1.0) / 3.0);
  CHECK(report->per_class[6].recall == 0.5);
  CHECK(report->per_class[6].support == 2);
  CHECK(report->confusion.count(6, 4) == 1);
}

TEST_CASE("Without votes, or for classes nobody was asked about, there is no such score",
          "[eval][unit]") {
  data::FaceSet set = voted_set();
  set.label_set = LabelSet({"a", "b", "c", "d", "e", "f", "g"});
  CHECK_FALSE(majority_score(sure_of({4, 4, 3, 3, 6, 6, 0}), set));
  set = voted_set();
  set.votes = at::Tensor();
  CHECK_FALSE(majority_score(sure_of({4, 4, 3, 3, 6, 6, 0}), set));
  set.votes = test::votes_of(std::vector<test::VoteRow>(7, {0, 5, 5, 0, 0, 0, 0, 0, 0, 0}));
  CHECK_FALSE(majority_score(sure_of({4, 4, 3, 3, 6, 6, 0}), set));
}

}  // namespace
}  // namespace fer::eval
