#include "fer/train/step_share.h"

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer::train {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

TEST_CASE("Ranks have all parts of a step between them, each once and in order", "[train][unit]") {
  for (std::size_t networks = 1; networks <= 9; ++networks) {
    for (std::size_t ranks = 1; ranks <= networks; ++ranks) {
      for (std::size_t parts = 1; parts <= 12; ++parts) {
        CAPTURE(networks, ranks, parts);
        std::size_t next = 0, next_network = 0;
        for (std::size_t rank = 0; rank < ranks; ++rank) {
          const StepShare share{networks, rank, ranks};
          CHECK(share.own_networks().first == next_network);
          CHECK(share.own_networks().size() > 0);
          next_network = share.own_networks().last;
          CHECK(share.own_parts(parts).first == next);
          next = share.own_parts(parts).last;
          CHECK(share.parts_of(next_network - 1, parts).last == next);
        }
        CHECK(next == parts);
        CHECK(next_network == networks);
      }
    }
  }
}

TEST_CASE("A batch with fewer parts than ranks is an error that says how large it has to be",
          "[train][unit]") {
  TrainOptions options;
  options.batch_size = 96;  // three parts of 32
  CHECK_NOTHROW(check_shares(options, 3));
  CHECK_THROWS_MATCHES(
      check_shares(options, 4), Error,
      MessageMatches(ContainsSubstring("\"batch_size\" 96") && ContainsSubstring("at least 128")));
  options.optimizer.accumulate = 2;
  CHECK_NOTHROW(check_shares(options, 6));
  options.optimizer.accumulate = 1;
  options.ghost_batch = 8;
  CHECK_NOTHROW(check_shares(options, 12));
  CHECK(describe_shares(options, 12) ==
        "each step's 96 images are 12 parts of about 8: 1 a process");
  CHECK(describe_shares(options, 5) ==
        "each step's 96 images are 12 parts of about 8: 2 or 3 a process");
}

}  // namespace
}  // namespace fer::train
